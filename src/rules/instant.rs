//! Points in time, as snapshots and certificates state them.

use super::variables::COLLECTED;

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
    pub(super) fn words(&self) -> &str {
        match self {
            Self::Fixed(time) => time,
            Self::Variable(name) if name == COLLECTED => "the collection of the snapshot",
            Self::Variable(name) => name,
        }
    }
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
