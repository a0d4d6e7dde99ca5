//! The rows of all products.

use crate::layout::kinds::row::Row;
use crate::layout::kinds::{docker, host, kubernetes, mke, msr};

/// All rows of the table.
pub(in crate::layout) fn rows() -> impl Iterator<Item = &'static Row> {
    [docker::ROWS, host::ROWS, mke::ROWS, msr::ROWS, kubernetes::ROWS].into_iter().flatten()
}
