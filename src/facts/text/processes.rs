//! The processes of containers, as `docker top` prints them.

use serde_json::{Map, Value};

use crate::facts::fields::path::{REDACTED, marks_not_kept};
use crate::facts::text::error::TextError;
use crate::facts::text::fact::TextFact;

/// Columns whose name begins the last part of a line, in which blanks are part of the value.
const COMMANDS: &[&str] = &["CMD", "COMMAND", "ARGS"];

/// Reads tables of `docker top`, each after a line `== <container id>`.
///
/// A fact is a process: `container`, `command`, and `pid`, `ppid` and `user` where the table has
/// them; `first` marks the first process of each table, so that tables can be counted. A container
/// without a table had ended.
pub(crate) fn read(text: &str, show: &mut dyn FnMut(TextFact)) -> Result<(), TextError> {
    let mut container: Option<&str> = None;
    let mut columns: Option<Columns> = None;
    let mut first = false;
    for (number, line) in (0..).zip(text.lines()) {
        if let Some(id) = line.strip_prefix("== ") {
            container = Some(id.trim());
            columns = None;
            first = true;
            continue;
        }
        if line.trim().is_empty() {
            continue;
        }
        let Some(container) = container else {
            return Err(TextError::NoContainer(number + 1));
        };
        let Some(known) = &columns else {
            columns = Some(Columns::of(line).ok_or(TextError::NoHead(number + 1))?);
            continue;
        };
        let mut process = known.row(line).ok_or(TextError::Columns(number + 1))?;
        process.insert("container".to_owned(), container.into());
        process.insert("first".to_owned(), first.into());
        first = false;
        show(TextFact { value: Value::Object(process), line: number });
    }
    Ok(())
}

/// The columns of a table, by the field that each fills.
struct Columns(Vec<Option<&'static str>>);

impl Columns {
    fn of(line: &str) -> Option<Self> {
        // Only Windows has heads with blanks in them, between columns that are further apart.
        let windows = line.trim_start().starts_with("Name ");
        let heads = if windows { apart(line) } else { line.split_whitespace().collect() };
        let fields: Vec<Option<&'static str>> = heads
            .iter()
            .map(|head| match head.to_ascii_uppercase().as_str() {
                "PID" => Some("pid"),
                "PPID" => Some("ppid"),
                "UID" | "USER" => Some("user"),
                "NAME" if windows => Some("command"),
                head if COMMANDS.contains(&head) => Some("command"),
                _ => None,
            })
            .collect();
        let commands = fields.iter().filter(|field| **field == Some("command")).count();
        let placed = windows || fields.last() == Some(&Some("command"));
        (commands == 1 && placed && fields.contains(&Some("pid"))).then_some(Self(fields))
    }

    fn row(&self, line: &str) -> Option<Map<String, Value>> {
        let mut row = Map::new();
        let last = self.0.len() - 1;
        if self.0[last] == Some("command") {
            let mut rest = line.trim();
            for field in &self.0[..last] {
                let (value, behind) = rest.split_once(char::is_whitespace)?;
                rest = behind.trim_start();
                if let Some(field) = field {
                    row.insert((*field).to_owned(), value.into());
                }
            }
            row.insert("command".to_owned(), named(rest)?.into());
        } else {
            let values = apart(line);
            (values.len() == self.0.len()).then_some(())?;
            for (field, value) in self.0.iter().zip(values) {
                if let Some(field) = field {
                    row.insert((*field).to_owned(), if *field == "command" { named(value)? } else { value }.into());
                }
            }
        }
        Some(row)
    }
}

/// A command with its program's name. Words behind it may be left out, and what is looked for is kept wherever it stands;
/// a program that is not named may be anything.
fn named(command: &str) -> Option<&str> {
    let program = command.split_whitespace().next()?;
    Some(if program == "?" || marks_not_kept(program) { REDACTED } else { command })
}

/// The parts of a line between which stand two blanks at least.
fn apart(line: &str) -> Vec<&str> {
    line.trim().split("  ").map(str::trim).filter(|part| !part.is_empty()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn processes(text: &str) -> (Vec<String>, Result<(), TextError>) {
        let mut seen = Vec::new();
        let outcome = read(text, &mut |fact| {
            let text = |key: &str| fact.value.get(key).and_then(Value::as_str).unwrap_or("-").to_owned();
            seen.push(format!("{} {} {} {}", text("container"), text("pid"), text("user"), text("command")));
        });
        (seen, outcome)
    }

    #[test]
    fn tables_of_linux_and_windows() {
        let (seen, outcome) = processes(
            "== a1\nPID                 PPID                USER                COMMAND\n\
             42                  1                   root                sshd: /usr/sbin/sshd -D  [listener]\n\
             == a2\n== a3\nUID   PID   PPID   C   STIME   TTY   TIME   CMD\nroot   7   1   0   08:00   ?   00:00:00   /app serve\n\
             == w1\nName                PID       CPU              Private Working Set\nServiceMonitor.exe  36727     00:03:11.140     41.52MB\n",
        );
        assert_eq!(outcome, Ok(()));
        assert_eq!(
            seen,
            ["a1 42 root sshd: /usr/sbin/sshd -D  [listener]", "a3 7 root /app serve", "w1 36727 - ServiceMonitor.exe"]
        );
    }

    #[test]
    fn a_program_that_is_not_named_may_be_anything() {
        let (seen, _) =
            processes("== a\nPID USER COMMAND\n1 root ? (present)\n2 root (present)\n3 root app (present)\n");
        assert_eq!(seen, ["a 1 root (redacted)", "a 2 root (redacted)", "a 3 root app (present)"]);
    }

    #[test]
    fn what_is_no_table_is_refused() {
        assert!(processes("1 2 sshd\n").1.is_err());
        assert!(processes("== a\nError response from daemon: no\n").1.is_err());
        let (seen, outcome) = processes("== a\nPID USER COMMAND\n1 root init\n2 root\n");
        assert!(outcome.is_err());
        assert_eq!(seen.len(), 1);
    }
}
