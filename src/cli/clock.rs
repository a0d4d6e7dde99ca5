//! The time that this machine believes it is. Terminals are told what it means; no report hangs on it.

use crate::model::date::{Day, Timestamp};

/// Seconds since 1970, or those of `SOURCE_DATE_EPOCH`.
pub(crate) fn now() -> Option<i64> {
    if let Some(fixed) = std::env::var_os("SOURCE_DATE_EPOCH") {
        return fixed.to_str()?.parse().ok();
    }
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).ok()?;
    i64::try_from(since.as_secs()).ok()
}

/// The latest day that it is anywhere on earth.
pub(crate) fn latest_day() -> Option<Day> {
    const MOST_EAST: i64 = 14 * 3600;
    Timestamp::from_seconds(now()?.checked_add(MOST_EAST)?)?.day()
}
