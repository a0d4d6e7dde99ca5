//! Every format, read whole, cut, damaged and hostile.

#![expect(clippy::unwrap_used, clippy::expect_used, reason = "helpers of tests are not seen as tests")]

mod damage;
mod formats;
mod hostile;
mod limits;
mod make;
