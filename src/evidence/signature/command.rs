//! Runs a command with bytes on its standard input.

use std::ffi::OsStr;
use std::io::{self, Read, Write};
use std::process::{Command, Stdio};
use std::thread;

use crate::model::display;

/// Bytes that a signature or a time stamp may have.
const LIMIT: u64 = 1 << 20;

/// Why a command did not do its work.
#[derive(Debug, thiserror::Error)]
pub enum CommandError {
    /// It cannot be started.
    #[error("cannot run `{0}`: {1}")]
    Start(String, io::Error),
    /// It ended with an error.
    #[error("`{0}` failed: {1}")]
    Failed(String, String),
    /// It gave nothing, or more than a signature can be.
    #[error("`{0}` gave {1} on its standard output, which is not a signature")]
    Output(String, &'static str),
}

/// Runs a line of the shell with bytes on its standard input; returns what it printed.
///
/// # Errors
/// See [`CommandError`].
pub fn shell(line: &str, input: &[u8]) -> Result<Vec<u8>, CommandError> {
    let mut command = Command::new("sh");
    command.args(["-c", line]);
    output(piped(&mut command, line, input)?, line)
}

/// Runs `openssl` with these arguments; returns what it printed.
///
/// # Errors
/// See [`CommandError`].
pub fn openssl<S: AsRef<OsStr>>(arguments: &[S], input: &[u8]) -> Result<Vec<u8>, CommandError> {
    let name = format!(
        "openssl {}",
        arguments.first().map_or_else(Default::default, |first| first.as_ref().to_string_lossy())
    );
    piped(Command::new("openssl").args(arguments), &name, input)
}

/// What a signer printed, if it can be a signature.
fn output(bytes: Vec<u8>, name: &str) -> Result<Vec<u8>, CommandError> {
    match bytes.len() {
        0 => Err(CommandError::Output(name.to_owned(), "nothing")),
        _ if bytes.len() as u64 > LIMIT => Err(CommandError::Output(name.to_owned(), "more than 1 MiB")),
        _ => Ok(bytes),
    }
}

/// Runs a command with bytes on its standard input; returns what it printed.
///
/// # Errors
/// See [`CommandError`].
pub fn piped(command: &mut Command, name: &str, input: &[u8]) -> Result<Vec<u8>, CommandError> {
    let failed = |error| CommandError::Start(name.to_owned(), error);
    let mut child =
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().map_err(failed)?;
    let (stdin, stdout, stderr) = (child.stdin.take(), child.stdout.take(), child.stderr.take());
    // All three at once, so that none waits for another.
    let (printed, said) = thread::scope(|scope| {
        // A command that does not read what it is given may be right all the same.
        scope.spawn(move || stdin.map(|mut stdin| stdin.write_all(input)));
        let said = scope.spawn(move || all(stderr));
        (all(stdout), said.join().unwrap_or_default())
    });
    let status = child.wait().map_err(failed)?;
    if status.success() {
        return Ok(printed);
    }
    let said = String::from_utf8_lossy(&said);
    let mut last: Vec<&str> = said.lines().map(reason).filter(|line| !line.is_empty()).collect();
    last.dedup();
    let last = last.iter().rev().take(3).rev().copied().collect::<Vec<_>>().join("; ");
    let why = if last.is_empty() { status.to_string() } else { display::one_line(display::cut(&last, 600)) };
    Err(CommandError::Failed(name.to_owned(), why))
}

/// What a line of an error says. Of openssl's, `id:error:code:library:function:reason:file:line:data`, data or reason does.
fn reason(line: &str) -> &str {
    let line = line.trim();
    if line.starts_with("Using configuration from ") {
        return "";
    }
    let fields: Vec<&str> = line.splitn(9, ':').collect();
    let [_, "error", _, _, _, reason, _, _, data] = fields[..] else { return line };
    let data = data.trim().trim_start_matches("Verify error:").trim();
    if data.is_empty() { reason } else { data }
}

fn all(stream: Option<impl Read>) -> Vec<u8> {
    let mut bytes = Vec::new();
    if let Some(mut stream) = stream {
        let _ = stream.by_ref().take(LIMIT + 1).read_to_end(&mut bytes);
        // What is more than a signature is read all the same, so that the command can end.
        let _ = io::copy(&mut stream, &mut io::sink());
    }
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn errors_of_openssl_are_told_by_their_reason() {
        let line = "806B05D7397F0000:error:17000064:CMS routines:verify:certificate verify error:../a.c:289:Verify error: certificate has expired";
        assert_eq!(reason(line), "certificate has expired");
        assert_eq!(
            reason("80EB:error:05800074:x509 routines:check:key values mismatch:../a.c:403:"),
            "key values mismatch"
        );
        assert_eq!(reason("Using configuration from /usr/lib/ssl/openssl.cnf"), "");
        assert_eq!(reason(" CMS Verification failure"), "CMS Verification failure");
    }
}
