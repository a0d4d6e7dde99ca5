//! The time of an assessment, in the one form that every format takes.

use crate::assess::assessment::Assessment;

/// Stands where a format demands a time and no source states one.
pub(super) const UNKNOWN: &str = "1970-01-01T00:00:00Z";

/// The start of the collection in UTC, to the second; none where no source states a time that can
/// be understood.
pub(super) fn collected(assessment: &Assessment) -> Option<String> {
    utc(assessment.snapshot.collected_at.as_deref()?)
}

/// An RFC 3339 time as `YYYY-MM-DDThh:mm:ssZ`.
fn utc(time: &str) -> Option<String> {
    let number = |at: usize, digits: usize| {
        let part = time.get(at..at + digits)?;
        if part.bytes().all(|byte| byte.is_ascii_digit()) { part.parse::<i64>().ok() } else { None }
    };
    let bytes = time.as_bytes();
    let signs = [(4, b'-'), (7, b'-'), (10, b'T'), (13, b':'), (16, b':')];
    if signs.iter().any(|(at, sign)| bytes.get(*at) != Some(sign)) {
        return None;
    }
    let (year, month, day) = (number(0, 4)?, number(5, 2)?, number(8, 2)?);
    let (hour, minute, second) = (number(11, 2)?, number(14, 2)?, number(17, 2)?);
    if !(1..=12).contains(&month) || day < 1 || hour > 23 || minute > 59 || second > 59 {
        return None;
    }
    let date = days(year, month, day);
    if civil(date) != (year, month, day) {
        return None;
    }
    let zone = match time.get(19..)?.strip_prefix('.') {
        Some(fraction) => {
            let zone = fraction.trim_start_matches(|c: char| c.is_ascii_digit());
            if zone.len() == fraction.len() {
                return None;
            }
            zone
        }
        None => &time[19..],
    };
    let offset = if zone == "Z" {
        0
    } else {
        let at = time.len() - zone.len();
        let sign = match zone.as_bytes().first()? {
            b'+' => 1,
            b'-' => -1,
            _ => return None,
        };
        let (hours, minutes) = (number(at + 1, 2)?, number(at + 4, 2)?);
        if zone.len() != 6 || zone.as_bytes()[3] != b':' || hours > 23 || minutes > 59 {
            return None;
        }
        sign * (hours * 3600 + minutes * 60)
    };
    let seconds = date * 86_400 + hour * 3600 + minute * 60 + second - offset;
    let (year, month, day) = civil(seconds.div_euclid(86_400));
    // Formats agree on years of this range only.
    if !(1900..3000).contains(&year) {
        return None;
    }
    let (hour, minute) = (seconds.rem_euclid(86_400) / 3600, seconds.rem_euclid(3600) / 60);
    Some(format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{:02}Z", seconds.rem_euclid(60)))
}

/// Days since 1970-01-01 of the Gregorian calendar, counted in years that begin in March.
fn days(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let (era, year) = (year.div_euclid(400), year.rem_euclid(400));
    let since_march = (month + 9) % 12;
    let day_of_year = (153 * since_march + 2) / 5 + day - 1;
    era * 146_097 + year * 365 + year / 4 - year / 100 + day_of_year - 719_468
}

/// Year, month and day of a day: the inverse of [`days`].
fn civil(day: i64) -> (i64, i64, i64) {
    let day = day + 719_468;
    let (era, day) = (day.div_euclid(146_097), day.rem_euclid(146_097));
    let year = (day - day / 1_460 + day / 36_524 - day / 146_096) / 365;
    let day_of_year = day - (365 * year + year / 4 - year / 100);
    let since_march = (5 * day_of_year + 2) / 153;
    let month = (since_march + 2) % 12 + 1;
    let date = day_of_year - (153 * since_march + 2) / 5 + 1;
    (era * 400 + year + i64::from(month <= 2), month, date)
}

#[cfg(test)]
mod tests {
    use super::*;

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

    #[test]
    fn days_and_dates_agree() {
        let first = days(1899, 12, 31);
        for day in first..days(3000, 1, 1) {
            let (year, month, date) = civil(day);
            assert_eq!(days(year, month, date), day);
        }
        assert_eq!((days(1970, 1, 1), civil(0)), (0, (1970, 1, 1)));
        assert_eq!(days(2000, 3, 1) - days(2000, 2, 28), 2);
    }
}
