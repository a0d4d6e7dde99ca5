//! Times as interchange formats write them. They come from the snapshot alone.

use crate::assess::assessment::Assessment;

/// What stands where a format demands a time and none is known.
pub(super) const UNKNOWN: &str = "1970-01-01T00:00:00Z";

const MONTHS: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/// The start of the collection as a date-time with its zone; none where the snapshot names none that
/// can be written so.
pub(super) fn collected(assessment: &Assessment) -> Option<&str> {
    assessment.snapshot.collected_at.as_deref().filter(|time| is_instant(time))
}

/// Whether a text is a date-time of RFC 3339.
pub(super) fn is_instant(text: &str) -> bool {
    let Some((day, rest)) = text.split_once('T') else { return false };
    let number = |text: &str| Some(text).filter(|t| t.bytes().all(|b| b.is_ascii_digit())).and_then(|t| t.parse().ok());
    let part = |text: &str, from: usize| -> Option<u32> { text.get(from..from + 2).and_then(number) };
    let clock = part(rest, 0).is_some_and(|hour| hour < 24)
        && part(rest, 3).is_some_and(|minute| minute < 60)
        && part(rest, 6).is_some_and(|second| second < 60)
        && rest.get(2..3) == Some(":")
        && rest.get(5..6) == Some(":");
    let Some(after) = rest.get(8..) else { return false };
    let (fraction, zone) = after.split_at(after.find(['Z', '+', '-']).unwrap_or(after.len()));
    let digits = fraction.strip_prefix('.');
    let fraction = fraction.is_empty()
        || digits.is_some_and(|d| (1..=9).contains(&d.len()) && d.bytes().all(|b| b.is_ascii_digit()));
    let zone = zone == "Z"
        || zone.len() == 6
            && zone.get(3..4) == Some(":")
            && part(zone, 1).is_some_and(|hour| hour < 14)
            && part(zone, 4).is_some_and(|minute| minute < 60);
    is_day(day) && clock && fraction && zone
}

/// Whether a text is a day of the calendar, `YYYY-MM-DD`.
pub(super) fn is_day(text: &str) -> bool {
    let shape: String = text.chars().map(|c| if c.is_ascii_digit() { '9' } else { c }).collect();
    let number = |from: usize, to: usize| text.get(from..to).and_then(|part| part.parse::<u32>().ok()).unwrap_or(0);
    if shape != "9999-99-99" {
        return false;
    }
    let (year, month, day) = (number(0, 4), number(5, 7), number(8, 10));
    let leap = year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
    let days = match month {
        2 if leap => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    };
    year > 0 && (1..=12).contains(&month) && (1..=days).contains(&day)
}

/// A day as benchmarks write it: `24 Jul 2024`. Readers demand one, so an unknown one is the first of
/// all.
pub(super) fn benchmark_day(day: &str) -> String {
    let day = if is_day(day) { day } else { &UNKNOWN[..10] };
    let month = day[5..7].parse::<usize>().ok().and_then(|month| MONTHS.get(month.saturating_sub(1)));
    format!("{} {} {}", &day[8..], month.unwrap_or(&"Jan"), &day[..4])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_told_from_other_text() {
        for good in ["2026-11-20T08:00:00Z", "2026-11-18T07:58:10.554120338Z", "2024-02-29T23:59:59+02:00"] {
            assert!(is_instant(good), "{good}");
        }
        for bad in [
            "",
            "T",
            "2026-11-20",
            "2026-11-20T08:00:00",
            "2026-02-30T08:00:00Z",
            "2026-11-20T24:00:00Z",
            "2026-11-20T08:00:00.Z",
            "2026-11-20T08:00Z",
            "2026-11-20T08:00:00+2:00",
            "2026-11-20T08:00:00Zx",
            "２026-11-20T08:00:00Z",
            "2026-11-20Té8:00:00Z",
            "0000-11-20T08:00:00Z",
        ] {
            assert!(!is_instant(bad), "{bad}");
        }
        assert_eq!(benchmark_day("2024-07-24"), "24 Jul 2024");
        assert_eq!(benchmark_day("soon"), "01 Jan 1970");
    }
}
