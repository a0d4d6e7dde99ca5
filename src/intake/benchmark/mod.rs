//! Benchmarks as their publisher writes them: XCCDF 1.1 and 1.2, alone or in zips.

mod description;
mod find;
mod model;
mod read;

pub use find::{BenchmarkError, Found, find_benchmark, find_sealed_benchmark};
pub use model::{Benchmark, OfficialRule};
pub use read::read_benchmarks;
