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

    /// The same day of the next year; the 28th for a 29th of February.
    ///
    /// ```
    /// use mke_stig::model::date::Day;
    ///
    /// let leap = Day::parse("2028-02-29").and_then(Day::next_year);
    /// assert_eq!(leap, Day::parse("2029-02-28"));
    /// ```
    #[must_use]
    pub fn next_year(self) -> Option<Self> {
        let (year, month, day) = self.0.to_calendar_date();
        let next = Date::from_calendar_date(year + 1, month, day);
        next.or_else(|_| Date::from_calendar_date(year + 1, month, 28)).ok().map(Self)
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
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Days from 1970-01-01, counted without the library: March begins the year, so that the leap day comes last.
    fn counted(year: i64, month: i64, day: i64) -> i64 {
        let year = if month <= 2 { year - 1 } else { year };
        let of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
        year * 365 + year.div_euclid(4) - year.div_euclid(100) + year.div_euclid(400) + of_year - 719_468
    }

    fn length(year: i64, month: i64) -> i64 {
        let (next_year, next) = if month == 12 { (year + 1, 1) } else { (year, month + 1) };
        counted(next_year, next, 1) - counted(year, month, 1)
    }

    #[test]
    fn only_days_of_the_calendar_in_one_spelling() {
        for (seconds, day) in
            [(0, "1970-01-01"), (951_782_400, "2000-02-29"), (1_795_132_800, "2026-11-20"), (-1, "1969-12-31")]
        {
            assert_eq!(Timestamp::from_seconds(seconds).and_then(Timestamp::day), Day::parse(day));
            assert_eq!(Day::parse(day).map(|day| day.to_string()).as_deref(), Some(day));
        }
        for wrong in [
            "2026-02-29",
            "2026-13-01",
            "2026-00-10",
            "2026-01-00",
            "2026-01-32",
            "9999-99-99",
            "2026-1-1",
            "2026-001-1",
            "2026-11-20T",
            " 2026-11-20",
            "2026-11-20 ",
            "+026-11-20",
            "2026-+1-20",
            "２026-11-20",
            "!!!!-!!-!!",
            "",
            "--",
            "0000-01-01",
        ] {
            assert_eq!(Day::parse(wrong), None, "{wrong}");
        }
        assert_eq!(Timestamp::from_seconds(i64::MAX / 2), None);
        assert_eq!(Timestamp::from_seconds(-62_135_596_801).map(|at| at.day().is_none()), Some(true), "the year 0");
    }

    #[test]
    fn days_of_benchmarks() {
        assert_eq!(Day::parse_benchmark("24 Jul 2024"), Day::parse("2024-07-24"));
        assert_eq!(Day::parse_benchmark("1 September 2025 and more"), Day::parse("2025-09-01"));
        for other in ["", "Jul 24 2024", "32 Jul 2024", "30 Feb 2024", "24 Foo 2024", "24 Jul", "24 Jul 20245"] {
            assert_eq!(Day::parse_benchmark(other), None, "{other}");
        }
        assert_eq!(Day::parse("9999-12-31").and_then(Day::next_year), None);
    }

    #[test]
    fn times_are_compared_across_zones() {
        let at = |text: &str| Timestamp::parse(text).unwrap();
        assert_eq!(at("1970-01-01T00:00:00Z").seconds(), 0);
        assert_eq!(at("2000-03-01T00:00:00Z").seconds(), 951_868_800);
        assert_eq!(at("2026-11-18T08:15:00+01:00"), at("2026-11-18T07:15:00.999Z"));
        assert_eq!(at("2026-11-18T08:15:00+1:0"), at("2026-11-18t07:15:00.z"));
        assert_eq!(at("2026-11-18 08:15:60Z"), at("2026-11-18T08:16:00Z"));
        assert_eq!(at("0001-01-01T00:00:00Z").to_string(), "0001-01-01T00:00:00Z", "Docker's time for none");
        assert!(at("2026-12-31T23:59:59Z") < at("2027-01-01T00:00:00Z"));
        for wrong in [
            "",
            "T",
            "2026-11-18",
            "2026-13-01T00:00:00Z",
            "2026-02-30T00:00:00Z",
            "2026-11-18T24:00:00Z",
            "2026-11-18T08:60:00Z",
            "2026-11-18T08:15:61Z",
            "2026-11-18T08:15:00",
            "2026-11-18T08:15:00+1",
            "2026-11-18T08:15:00+24:00",
            "2026-11-18T08:15:00+-1:00",
            "2026-11-18T08:15:00Zx",
            "2026-11-18T08:15:00Z05:00",
            "2026-11-18T08:15Z",
            "2026-11-18Té8:00:00Z",
            "2026-11-18T08:15:00é",
            "x026-11-18T08:15:00Z",
            "0000-01-01T00:00:00+01:00",
            "9999-12-31T23:59:59-01:00",
        ] {
            assert_eq!(Timestamp::parse(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn importers_get_only_times_to_the_letter() {
        for good in ["2026-11-20T08:00:00Z", "2026-11-18T07:58:10.554120338Z", "2024-02-29T23:59:59+02:00"] {
            assert!(is_xml_date_time(good), "{good}");
        }
        for loose in [
            "2026-11-20T08:00:00.Z",
            "2026-11-20T08:00:00+2:00",
            "2026-11-20T08:00:60Z",
            "2026-11-20 08:00:00Z",
            "2026-11-20t08:00:00Z",
            "2026-11-20T08:00:00z",
        ] {
            assert!(Timestamp::parse(loose).is_some() && Timestamp::parse_strict(loose).is_none(), "{loose}");
            assert!(!is_xml_date_time(loose), "{loose}");
        }
        for bound in ["2026-11-20T08:00:00.0123456789Z", "2026-11-20T08:00:00+14:00", "0000-11-20T08:00:00Z"] {
            assert!(Timestamp::parse_strict(bound).is_some() && !is_xml_date_time(bound), "{bound}");
        }
    }

    proptest! {
        #[test]
        fn days_agree_with_the_count(year in 1_i64..=9999, month in 0_i64..=13, day in 0_i64..=32) {
            let text = format!("{year:04}-{month:02}-{day:02}");
            let real = (1..=12).contains(&month) && (1..=length(year, month)).contains(&day);
            prop_assert_eq!(Day::parse(&text).map(|day| day.to_string()), real.then_some(text.clone()));
            let noon = Timestamp::parse(&format!("{text}T12:00:00Z")).map(Timestamp::seconds);
            prop_assert_eq!(noon, real.then(|| counted(year, month, day) * 86_400 + 43_200));
        }

        #[test]
        fn every_spelling_of_a_time_means_the_same(
            seconds in -2_000_000_000_i64..4_000_000_000,
            offset in -23_i64 * 60 - 59..=23 * 60 + 59,
            separator in "[Tt ]",
            fraction in "(\\.[0-9]{0,12})?",
        ) {
            let at = Timestamp::from_seconds(seconds).unwrap();
            prop_assert_eq!(Timestamp::parse_strict(&at.to_string()), Some(at));
            let local = Timestamp::from_seconds(seconds + offset * 60).unwrap().to_string();
            let (day, clock) = local.trim_end_matches('Z').split_once('T').unwrap();
            let (sign, hours, minutes) = (if offset < 0 { '-' } else { '+' }, offset.abs() / 60, offset.abs() % 60);
            for zone in [format!("{sign}{hours:02}:{minutes:02}"), format!("{sign}{hours}:{minutes}")] {
                prop_assert_eq!(Timestamp::parse(&format!("{day}{separator}{clock}{fraction}{zone}")), Some(at));
            }
        }

        #[test]
        fn days_and_times_are_ordered_as_their_texts(a in 0_i64..200_000_000_000, b in 0_i64..200_000_000_000) {
            let (a, b) = (Timestamp::from_seconds(a).unwrap(), Timestamp::from_seconds(b).unwrap());
            prop_assert_eq!(a.cmp(&b), a.to_string().cmp(&b.to_string()));
            let (a, b) = (a.day().unwrap(), b.day().unwrap());
            prop_assert_eq!(a.cmp(&b), a.to_string().cmp(&b.to_string()));
        }

        #[test]
        fn hostile_texts_are_refused_or_kept_as_they_are(text in "(\\PC|[0-9:T+.Z -]|\\x00|\u{202e}){0,40}") {
            if let Some(day) = Day::parse(&text) {
                prop_assert_eq!(day.to_string(), text.clone());
            }
            let _ = (Timestamp::parse(&text), Day::begins(&text), Day::parse_benchmark(&text));
            prop_assert!(!is_xml_date_time(&text) || Timestamp::parse(&text).is_some());
        }
    }
}
