use proptest::prelude::*;

use crate::model::date::{Day, Timestamp, is_xml_date_time};

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
    assert_eq!(Day::parse("9999-12-31").and_then(|day| day.years_later(1)), None);
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
