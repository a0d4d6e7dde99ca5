//! Times as interchange formats write them. They come from the snapshot alone, so that equal inputs give equal
//! reports.

use crate::model::assessment::Assessment;
use crate::model::date::{Day, Timestamp, is_xml_date_time};

/// What stands where a format demands a time and none is known.
pub(crate) const UNKNOWN: &str = "1970-01-01T00:00:00Z";

/// Years on which the formats agree.
const YEARS: std::ops::Range<&str> = "1900".."3000";

/// The start of the collection as the snapshot writes it; none where that is no date-time that every schema takes.
pub(crate) fn collected(assessment: &Assessment) -> Option<&str> {
    assessment.snapshot.collected_at.as_deref().filter(|time| is_xml_date_time(time))
}

/// The start of the collection in UTC, to the second; none where no source states a time that can be understood.
pub(crate) fn collected_utc(assessment: &Assessment) -> Option<String> {
    utc(assessment.snapshot.collected_at.as_deref()?)
}

/// A date-time as `YYYY-MM-DDThh:mm:ssZ`.
fn utc(time: &str) -> Option<String> {
    let time = Timestamp::parse_strict(time)?.to_string();
    YEARS.contains(&&time[..4]).then_some(time)
}

/// A day as benchmarks write it: `24 Jul 2024`. Readers demand one, so an unknown one is the first of all.
pub(crate) fn benchmark_day(day: &str) -> String {
    Day::parse(day).map_or_else(|| "01 Jan 1970".to_owned(), Day::benchmark)
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
    fn what_no_format_takes_is_none() {
        for time in
            ["", "2026-11-20", "2026-11-20 08:00:00Z", "2026-11-20T08:00:60Z", "1026-11-20T08:00:00Z", "<script>"]
        {
            assert_eq!(utc(time), None, "{time}");
        }
    }

    #[test]
    fn benchmarks_always_have_a_day() {
        assert_eq!(benchmark_day("2024-07-24"), "24 Jul 2024");
        assert_eq!(benchmark_day("soon"), "01 Jan 1970");
    }
}
