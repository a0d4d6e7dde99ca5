//! The program `mke-stig`.

use std::process::ExitCode;

fn main() -> ExitCode {
    mke_stig::cli::run()
}
