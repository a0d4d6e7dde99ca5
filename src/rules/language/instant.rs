//! Points in time, as snapshots and certificates state them.

use crate::rules::language::variables::COLLECTED;

/// A point in time: seconds since 1970, UTC. Parts of a second do not count.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Instant(i64);

impl Instant {
    /// Seconds since 1970, UTC.
    #[must_use]
    pub fn seconds(self) -> i64 {
        self.0
    }

    /// Reads RFC 3339: `2026-11-18T08:15:00Z`, `2026-11-18T08:15:00.123+01:00`.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let digits = |from: usize, to: usize| {
            let part = text.get(from..to)?;
            part.bytes().all(|b| b.is_ascii_digit()).then(|| part.parse::<i64>().ok()).flatten()
        };
        let separators = [(4, b'-'), (7, b'-'), (13, b':'), (16, b':')];
        let bytes = text.as_bytes();
        let placed = separators.iter().all(|(at, wanted)| bytes.get(*at) == Some(wanted));
        if !placed || !matches!(bytes.get(10), Some(b'T' | b't' | b' ')) {
            return None;
        }
        let (year, month, day) = (digits(0, 4)?, digits(5, 7)?, digits(8, 10)?);
        let (hour, minute, second) = (digits(11, 13)?, digits(14, 16)?, digits(17, 19)?);
        if !(1..=12).contains(&month) || !(1..=31).contains(&day) || hour > 23 || minute > 59 || second > 60 {
            return None;
        }
        let zone = text.get(19..)?;
        let zone = match zone.strip_prefix('.') {
            Some(part) => part.trim_start_matches(|c: char| c.is_ascii_digit()),
            None => zone,
        };
        let offset = match zone.as_bytes() {
            b"Z" | b"z" => 0,
            [sign @ (b'+' | b'-'), rest @ ..] => {
                let rest = std::str::from_utf8(rest).ok()?;
                let (hours, minutes) = rest.split_once(':')?;
                let seconds = hours.parse::<i64>().ok()? * 3600 + minutes.parse::<i64>().ok()? * 60;
                if *sign == b'+' { seconds } else { -seconds }
            }
            _ => return None,
        };
        let days = days(year, month, day);
        Some(Self(days * 86_400 + hour * 3600 + minute * 60 + second - offset))
    }
}

/// A time (RFC 3339), or a variable's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TimeRef {
    /// A time in the rule.
    Fixed(String),
    /// The value of a variable.
    Variable(String),
}

impl TimeRef {
    pub(crate) fn words(&self) -> &str {
        match self {
            Self::Fixed(time) => time,
            Self::Variable(name) if name == COLLECTED => "the collection of the snapshot",
            Self::Variable(name) => name,
        }
    }
}

/// Whether a text is a day of the calendar, `YYYY-MM-DD`. Days in any other form would not compare as text.
#[must_use]
pub fn is_day(text: &str) -> bool {
    let part = |from: usize, to: usize| {
        let digits = text.get(from..to)?;
        digits.bytes().all(|b| b.is_ascii_digit()).then(|| digits.parse::<i64>().ok()).flatten()
    };
    let dashes = text.len() == 10 && text.as_bytes()[4] == b'-' && text.as_bytes()[7] == b'-';
    let (Some(year), Some(month), Some(day)) = (part(0, 4), part(5, 7), part(8, 10)) else { return false };
    dashes && (1..=12).contains(&month) && day >= 1 && day_of(days(year, month, day) * 86_400).as_deref() == Some(text)
}

/// The day of a time in seconds since 1970, `YYYY-MM-DD`; none outside the years 1 to 9999.
#[must_use]
pub fn day_of(seconds: i64) -> Option<String> {
    // Days since 0000-03-01; eras of 400 years have 146 097 days.
    let days = seconds.div_euclid(86_400) + 719_468;
    let (era, of_era) = (days.div_euclid(146_097), days.rem_euclid(146_097));
    let year = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year + year / 4 - year / 100);
    let month = (5 * of_year + 2) / 153;
    let day = of_year - (153 * month + 2) / 5 + 1;
    let month = if month < 10 { month + 3 } else { month - 9 };
    let year = year + era * 400 + i64::from(month <= 2);
    (1..=9999).contains(&year).then(|| format!("{year:04}-{month:02}-{day:02}"))
}

/// Days from 1970-01-01 to a day of the Gregorian calendar. March begins the year, so that the leap
/// day comes last.
fn days(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let month = (month + 9) % 12;
    let of_year = (153 * month + 2) / 5 + day - 1;
    year * 365 + year.div_euclid(4) - year.div_euclid(100) + year.div_euclid(400) + of_year - 719_468
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_those_of_the_calendar() {
        for (seconds, day) in
            [(0, "1970-01-01"), (951_782_400, "2000-02-29"), (1_795_132_800, "2026-11-20"), (-1, "1969-12-31")]
        {
            assert_eq!(day_of(seconds).as_deref(), Some(day));
            assert!(is_day(day));
        }
        assert_eq!(day_of(i64::MAX / 2), None);
        for wrong in [
            "2026-02-29",
            "2026-13-01",
            "2026-00-10",
            "2026-01-32",
            "9999-99-99",
            "2026-1-1",
            "2026-11-20T",
            "!!!!-!!-!!",
            "",
            "0000-01-01",
        ] {
            assert!(!is_day(wrong), "{wrong}");
        }
    }

    #[test]
    fn days_and_their_numbers_agree() {
        for number in days(1899, 12, 31)..days(3000, 1, 1) {
            let day = day_of(number * 86_400).unwrap();
            let part = |from: usize, to: usize| day[from..to].parse::<i64>().unwrap();
            assert_eq!(days(part(0, 4), part(5, 7), part(8, 10)), number);
        }
        assert_eq!(days(1970, 1, 1), 0);
        assert_eq!(days(2000, 3, 1) - days(2000, 2, 28), 2);
    }

    #[test]
    fn times_are_compared_across_zones() {
        let at = |text: &str| Instant::parse(text).unwrap();
        assert_eq!(at("1970-01-01T00:00:00Z"), Instant(0));
        assert_eq!(at("2000-03-01T00:00:00Z"), Instant(951_868_800));
        assert_eq!(at("2026-11-18T08:15:00+01:00"), at("2026-11-18T07:15:00.999Z"));
        assert!(at("2026-12-31T23:59:59Z") < at("2027-01-01T00:00:00Z"));
        for wrong in [
            "",
            "2026-11-18",
            "2026-13-01T00:00:00Z",
            "2026-11-18T08:15:00",
            "2026-11-18T08:15:00+1",
            "x026-11-18T08:15:00Z",
        ] {
            assert_eq!(Instant::parse(wrong), None, "{wrong}");
        }
    }
}
