//! Days and points in time, as snapshots, dumps, certificates, SSPs, answers and benchmarks write them.
//!
//! Every text that means a day or a time is read here, and nowhere else. [`Day`] takes one spelling, so that
//! days also compare as text. [`Timestamp`] takes RFC 3339 with the liberties that dumps and command lines take
//! (a blank for the `T`, small letters, one digit in an offset, a leap second), because a time that cannot be
//! read costs a verdict. The formats that others import get a time only where [`is_xml_date_time`] or
//! [`Timestamp::parse_strict`] agrees. The calendar is that of the `time` crate: a 30th of February is no day.

use std::fmt;

use time::{Date, Month, OffsetDateTime, PrimitiveDateTime, Time};

/// Names of the months, as benchmarks abbreviate them.
const MONTHS: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/// A day of the calendar in the years 1 to 9999.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Day(Date);

impl Day {
    /// Reads `YYYY-MM-DD`, and nothing around it.
    ///
    /// ```
    /// use mke_stig::model::date::Day;
    ///
    /// assert!(Day::parse("2028-02-29").is_some());
    /// assert!(Day::parse("2026-02-29").is_none());
    /// assert!(Day::parse("2026-2-9").is_none());
    /// ```
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let [year, month, day] = fields(text, ['-', '-'])?;
        if (year.len(), month.len(), day.len()) != (4, 2, 2) {
            return None;
        }
        Self::of(number(year)?, number(month)?, number(day)?)
    }

    /// Reads a day as benchmarks write it, `24 Jul 2024`; months may be written out, and what follows the year
    /// does not count.
    ///
    /// ```
    /// use mke_stig::model::date::Day;
    ///
    /// assert_eq!(Day::parse_benchmark("24 July 2024 and more"), Day::parse("2024-07-24"));
    /// assert_eq!(Day::parse_benchmark("31 Jun 2024"), None);
    /// ```
    #[must_use]
    pub fn parse_benchmark(text: &str) -> Option<Self> {
        let mut words = text.split_whitespace();
        let (day, name, year) = (words.next()?, words.next()?.to_ascii_lowercase(), words.next()?);
        let month = MONTHS.iter().position(|known| name.starts_with(&known.to_ascii_lowercase()))?;
        Self::of(number(year)?, u16::try_from(month + 1).ok()?, number(day)?)
    }

    /// The day that the text of a time begins with: `2026-11-18` of `2026-11-18T23:15:00+02:00`, in the time's own
    /// zone. The rest is not looked at.
    ///
    /// ```
    /// use mke_stig::model::date::Day;
    ///
    /// assert_eq!(Day::begins("2026-11-18T23:15:00+02:00"), Day::parse("2026-11-18"));
    /// assert_eq!(Day::begins("yesterday"), None);
    /// ```
    #[must_use]
    pub fn begins(time: &str) -> Option<Self> {
        Self::parse(time.get(..10)?)
    }

    /// The same day some years later; the 28th for a 29th of February. None after the year 9999.
    ///
    /// ```
    /// use mke_stig::model::date::Day;
    ///
    /// let leap = Day::parse("2028-02-29").and_then(|day| day.years_later(1));
    /// assert_eq!(leap, Day::parse("2029-02-28"));
    /// ```
    #[must_use]
    pub fn years_later(self, years: u8) -> Option<Self> {
        let (year, month, day) = self.0.to_calendar_date();
        let later = year + i32::from(years);
        Date::from_calendar_date(later, month, day)
            .or_else(|_| Date::from_calendar_date(later, month, day.min(28)))
            .ok()
            .filter(|day| day.year() <= 9999)
            .map(Self)
    }

    /// The day as benchmarks write it.
    ///
    /// ```
    /// use mke_stig::model::date::Day;
    ///
    /// assert_eq!(Day::parse("2024-07-04").map(Day::benchmark).as_deref(), Some("04 Jul 2024"));
    /// ```
    #[must_use]
    pub fn benchmark(self) -> String {
        let month = MONTHS[usize::from(u8::from(self.0.month())) - 1];
        format!("{:02} {month} {:04}", self.0.day(), self.0.year())
    }

    fn of(year: u16, month: u16, day: u16) -> Option<Self> {
        date(year, month, day).filter(|date| date.year() > 0).map(Self)
    }
}

/// Writes `YYYY-MM-DD`.
impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (year, month, day) = self.0.to_calendar_date();
        write!(f, "{year:04}-{:02}-{day:02}", u8::from(month))
    }
}

/// A point in time to the second, in the years 0 to 9999. Parts of a second do not count.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Timestamp(OffsetDateTime);

impl Timestamp {
    /// Reads RFC 3339, with the liberties named in this module's description.
    ///
    /// A leap second is the first of the next minute, in any minute, because collectors' clocks do not say which
    /// minute has one.
    ///
    /// ```
    /// use mke_stig::model::date::Timestamp;
    ///
    /// let time = Timestamp::parse("2026-11-18T08:15:00.123+01:00");
    /// assert_eq!(time, Timestamp::parse("2026-11-18 07:15:00z"));
    /// assert_eq!(Timestamp::parse("2026-11-18T08:15:00"), None);
    /// ```
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Spelling::read(text)?.at
    }

    /// Reads RFC 3339 to the letter: `T`, `Z` or an offset of two digits each, at most 59 seconds, and digits behind
    /// a decimal point.
    ///
    /// ```
    /// use mke_stig::model::date::Timestamp;
    ///
    /// assert!(Timestamp::parse_strict("2026-11-18T08:15:00.5+01:00").is_some());
    /// assert!(Timestamp::parse_strict("2026-11-18 08:15:00Z").is_none());
    /// ```
    #[must_use]
    pub fn parse_strict(text: &str) -> Option<Self> {
        Spelling::read(text).filter(|spelling| spelling.strict)?.at
    }

    /// The point in time that is so many seconds after the beginning of 1970, UTC; none outside the years 0 to 9999.
    ///
    /// ```
    /// use mke_stig::model::date::Timestamp;
    ///
    /// let time = Timestamp::from_seconds(951_868_800);
    /// assert_eq!(time, Timestamp::parse("2000-03-01T00:00:00Z"));
    /// assert_eq!(Timestamp::from_seconds(i64::MAX), None);
    /// ```
    #[must_use]
    pub fn from_seconds(seconds: i64) -> Option<Self> {
        OffsetDateTime::from_unix_timestamp(seconds).ok().filter(|at| at.year() >= 0).map(Self)
    }

    /// Seconds since the beginning of 1970, UTC.
    #[must_use]
    pub fn seconds(self) -> i64 {
        self.0.unix_timestamp()
    }

    /// The day in UTC; none in the year 0.
    ///
    /// ```
    /// use mke_stig::model::date::{Day, Timestamp};
    ///
    /// let late = Timestamp::parse("2026-12-31T23:30:00-01:00").and_then(Timestamp::day);
    /// assert_eq!(late, Day::parse("2027-01-01"));
    /// ```
    #[must_use]
    pub fn day(self) -> Option<Day> {
        (self.0.year() > 0).then(|| Day(self.0.date()))
    }
}

/// Writes `YYYY-MM-DDThh:mm:ssZ`.
impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (hour, minute, second) = self.0.to_hms();
        write!(f, "{}T{hour:02}:{minute:02}:{second:02}Z", Day(self.0.date()))
    }
}

/// Whether XML Schema and every reader of it take a text for a date-time: RFC 3339 to the letter in the years 1 to
/// 9999, with at most nine digits of a second and an offset below 14 hours.
///
/// ```
/// use mke_stig::model::date::is_xml_date_time;
///
/// assert!(is_xml_date_time("2026-11-18T07:58:10.554120338Z"));
/// assert!(!is_xml_date_time("2026-11-18T07:58:10+14:00"));
/// ```
#[must_use]
pub fn is_xml_date_time(text: &str) -> bool {
    Spelling::read(text).is_some_and(|spelling| {
        spelling.strict && spelling.fraction <= 9 && spelling.offset_hours < 14 && Day::begins(text).is_some()
    })
}

/// A time, and how it was written.
struct Spelling {
    /// None where the offset leads out of the years that are kept.
    at: Option<Timestamp>,
    /// Whether it is RFC 3339 to the letter.
    strict: bool,
    /// Digits of its fraction of a second.
    fraction: usize,
    /// Hours of its offset, in either direction.
    offset_hours: u16,
}

impl Spelling {
    fn read(text: &str) -> Option<Self> {
        let date = text.get(..10)?;
        let [year, month, day] = fields(date, ['-', '-'])?;
        let separator = text.as_bytes().get(10)?;
        let [hour, minute, second] = fields(text.get(11..19)?, [':', ':'])?;
        let shape = [year, month, day, hour, minute, second].map(str::len);
        if shape != [4, 2, 2, 2, 2, 2] || !matches!(separator, b'T' | b't' | b' ') {
            return None;
        }
        let (fraction, zone) = match text.get(19..)?.strip_prefix('.') {
            None => (None, text.get(19..)?),
            Some(rest) => {
                let zone = rest.trim_start_matches(|c: char| c.is_ascii_digit());
                (Some(rest.len() - zone.len()), zone)
            }
        };
        let Zone { seconds: offset, hours: offset_hours, strict } = Zone::read(zone)?;
        let second: u16 = number(second)?;
        let leap = second == 60;
        let clock = Time::from_hms(byte(hour)?, byte(minute)?, if leap { 59 } else { u8::try_from(second).ok()? });
        let day = self::date(number(year)?, number(month)?, number(day)?)?;
        let local = PrimitiveDateTime::new(day, clock.ok()?).assume_utc().unix_timestamp();
        Some(Self {
            at: Timestamp::from_seconds(local + i64::from(leap) - offset),
            strict: strict && *separator == b'T' && !leap && fraction != Some(0),
            fraction: fraction.unwrap_or(0),
            offset_hours,
        })
    }
}

/// The offset of a time.
struct Zone {
    seconds: i64,
    hours: u16,
    strict: bool,
}

impl Zone {
    fn read(text: &str) -> Option<Self> {
        if text.eq_ignore_ascii_case("Z") {
            return Some(Self { seconds: 0, hours: 0, strict: text == "Z" });
        }
        let (hours, minutes) = text.strip_prefix(['+', '-'])?.split_once(':')?;
        let strict = (hours.len(), minutes.len()) == (2, 2);
        let (hours, minutes) = (number(hours)?, number(minutes)?);
        if hours > 23 || minutes > 59 {
            return None;
        }
        let seconds = i64::from(hours) * 3600 + i64::from(minutes) * 60;
        Some(Self { seconds: if text.starts_with('-') { -seconds } else { seconds }, hours, strict })
    }
}

fn date(year: u16, month: u16, day: u16) -> Option<Date> {
    let month = Month::try_from(u8::try_from(month).ok()?).ok()?;
    Date::from_calendar_date(i32::from(year), month, u8::try_from(day).ok()?).ok()
}

/// Three fields with these marks between them.
fn fields(text: &str, [first, second]: [char; 2]) -> Option<[&str; 3]> {
    let (a, rest) = text.split_once(first)?;
    let (b, c) = rest.split_once(second)?;
    Some([a, b, c])
}

/// A number of one to four digits, and of nothing else: signs and digits of other scripts are refused.
fn number(text: &str) -> Option<u16> {
    let plain = (1..=4).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
    plain.then(|| text.parse().ok()).flatten()
}

fn byte(text: &str) -> Option<u8> {
    u8::try_from(number(text)?).ok()
}

#[cfg(test)]
mod tests;
