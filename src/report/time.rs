//! Times as interchange formats write them. They come from the snapshot alone.

use crate::model::assessment::Assessment;
use crate::rules::{Instant, day_of, is_day};

/// What stands where a format demands a time and none is known.
pub(crate) const UNKNOWN: &str = "1970-01-01T00:00:00Z";

const MONTHS: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/// The start of the collection as the snapshot writes it; none where that is no date-time that every
/// schema takes.
pub(crate) fn collected(assessment: &Assessment) -> Option<&str> {
    assessment.snapshot.collected_at.as_deref().filter(|time| is_instant(time))
}

/// The start of the collection in UTC, to the second; none where no source states a time that can
/// be understood.
pub(crate) fn collected_utc(assessment: &Assessment) -> Option<String> {
    utc(assessment.snapshot.collected_at.as_deref()?)
}

/// A date-time of RFC 3339, read without the liberties that [`Instant::parse`] takes.
struct Stamp {
    at: Instant,
    /// Digits of its fraction of a second.
    fraction: usize,
    /// Hours of its zone, in either direction.
    zone: u32,
}

fn stamp(text: &str) -> Option<Stamp> {
    let (day, rest) = text.split_once('T')?;
    let number = |text: &str, from: usize| -> Option<u32> {
        let part = text.get(from..from + 2).filter(|part| part.bytes().all(|b| b.is_ascii_digit()))?;
        part.parse().ok()
    };
    let colons = rest.get(2..3) == Some(":") && rest.get(5..6) == Some(":");
    let clock = number(rest, 0)? < 24 && number(rest, 3)? < 60 && number(rest, 6)? < 60;
    let after = rest.get(8..)?;
    let (fraction, zone) = after.split_at(after.find(['Z', '+', '-']).unwrap_or(after.len()));
    let digits =
        if fraction.is_empty() { "" } else { fraction.strip_prefix('.').filter(|digits| !digits.is_empty())? };
    let hours = match zone.strip_prefix(['+', '-']) {
        None if zone == "Z" => 0,
        Some(zone) if zone.len() == 5 && zone.get(2..3) == Some(":") && number(zone, 3)? < 60 => number(zone, 0)?,
        _ => return None,
    };
    let good = is_day(day) && colons && clock && digits.bytes().all(|b| b.is_ascii_digit()) && hours < 24;
    if !good {
        return None;
    }
    Some(Stamp { at: Instant::parse(text)?, fraction: digits.len(), zone: hours })
}

/// Whether a text is a date-time as XML Schema bounds it.
fn is_instant(text: &str) -> bool {
    stamp(text).is_some_and(|stamp| stamp.fraction <= 9 && stamp.zone < 14)
}

/// A date-time as `YYYY-MM-DDThh:mm:ssZ`.
fn utc(time: &str) -> Option<String> {
    let seconds = stamp(time)?.at.seconds();
    let day = day_of(seconds)?;
    // Formats agree on years of this range only.
    if !("1900".."3000").contains(&&day[..4]) {
        return None;
    }
    let of_day = seconds.rem_euclid(86_400);
    Some(format!("{day}T{:02}:{:02}:{:02}Z", of_day / 3600, of_day / 60 % 60, of_day % 60))
}

/// A day as benchmarks write it: `24 Jul 2024`. Readers demand one, so an unknown one is the first of
/// all.
pub(crate) fn benchmark_day(day: &str) -> String {
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
            "2026-11-20T08:00:00Z05:00",
            "2026-11-20T08:00:00+14:00",
            "２026-11-20T08:00:00Z",
            "2026-11-20Té8:00:00Z",
            "0000-11-20T08:00:00Z",
        ] {
            assert!(!is_instant(bad), "{bad}");
        }
        assert_eq!(benchmark_day("2024-07-24"), "24 Jul 2024");
        assert_eq!(benchmark_day("soon"), "01 Jan 1970");
    }

    #[test]
    fn times_become_utc() {
        for (time, wanted) in [
            ("2026-11-20T08:00:00Z", "2026-11-20T08:00:00Z"),
            ("2024-02-29T23:59:59.123456789Z", "2024-02-29T23:59:59Z"),
            ("2026-01-01T03:00:00.5+05:30", "2025-12-31T21:30:00Z"),
            ("2024-02-28T20:00:00-07:00", "2024-02-29T03:00:00Z"),
            (UNKNOWN, UNKNOWN),
        ] {
            assert_eq!(utc(time).as_deref(), Some(wanted), "{time}");
        }
    }

    #[test]
    fn what_is_no_time_is_none() {
        for time in [
            "",
            "2026-11-20",
            "2026-11-20T08:00:00",
            "2026-02-29T08:00:00Z",
            "2026-11-31T08:00:00Z",
            "2026-13-01T08:00:00Z",
            "2026-11-20T24:00:00Z",
            "2026-11-20T08:00:60Z",
            "1026-11-20T08:00:00Z",
            "2026-11-20T08:00:00+0517",
            "2026-11-20T08:00:00+05:17:00",
            "2026-11-20T08:00:00.Z",
            "2026-11-20T08:00:0é",
            "2026-11-20T08:00:00é",
            "+026-11-20T08:00:00Z",
            "<script>",
        ] {
            assert_eq!(utc(time), None, "{time}");
        }
    }
}
