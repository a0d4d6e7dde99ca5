//! Events of the Linux audit log, as `ausearch` prints them.
//!
//! The records of one event follow each other, and each tells a part: who, which program, with which arguments.
//! Arguments of `docker exec` are what rules ask for. Where the record does not hold all of them, the fact says
//! so, for an option that was cut off is not an option that was not given.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use crate::facts::fields::path::{REDACTED, marks_not_kept};
use crate::facts::text::error::TextError;
use crate::facts::text::exec_options::{exec, is_docker};
use crate::facts::text::fact::TextFact;
use crate::model::digest::unhex;

/// Arguments of one command that are kept; a command with more counts as cut.
const MOST_ARGUMENTS: usize = 200;
/// Bytes after which the kernel cuts the title of a process.
const TITLE_LIMIT: usize = 128;
/// Characters of a command that are kept to be shown.
const SHOWN: usize = 400;

/// Reads records of `ausearch`, raw or interpreted (`-i`).
///
/// A fact is an event: `event`, `account` (who logged in), `user` (as whom it ran), `program`,
/// `command` where the event has one, and for `docker exec` its `exec_options`, with `exec_cut`
/// where the record does not hold all of them.
pub(crate) fn read(text: &str, show: &mut dyn FnMut(TextFact)) -> Result<(), TextError> {
    let mut event: Option<Event<'_>> = None;
    let mut known = text.trim() == "<no matches>";
    for (number, line) in (0..).zip(text.lines()) {
        let line = line.trim();
        let Some(record) = Record::of(line) else { continue };
        known = true;
        if event.as_ref().is_none_or(|event| event.id != record.id)
            && let Some(done) = event.replace(Event::new(record.id, number))
        {
            show(done.fact());
        }
        if let Some(event) = &mut event {
            event.add(&record);
        }
    }
    if let Some(done) = event {
        show(done.fact());
    }
    if known { Ok(()) } else { Err(TextError::NoRecord) }
}

/// One line: `type=SYSCALL msg=audit(1794864789.882:40117): arch=…`
struct Record<'t> {
    kind: &'t str,
    id: &'t str,
    fields: &'t str,
    /// Whether `ausearch -i` has put words in place of numbers.
    interpreted: bool,
}

impl<'t> Record<'t> {
    fn of(line: &'t str) -> Option<Self> {
        let at = line.find("type=")?;
        let (kind, rest) = line[at + 5..].split_once(' ')?;
        let (_, rest) = rest.split_once("msg=audit(")?;
        let (id, fields) = rest.split_once(')')?;
        let interpreted = id.contains(['/', ' ']);
        Some(Self { kind, id, fields: fields.trim_start_matches([':', ' ']), interpreted })
    }

    fn field(&self, name: &str) -> Option<&'t str> {
        let value = self.fields.split_whitespace().find_map(|word| word.strip_prefix(name)?.strip_prefix('='))?;
        Some(value.trim_matches('"'))
    }
}

struct Event<'t> {
    id: &'t str,
    line: u64,
    words: BTreeMap<&'static str, &'t str>,
    arguments: BTreeMap<usize, String>,
    count: Option<usize>,
    title: Option<(Vec<String>, bool)>,
    /// The file that ran, where its record does not name it in plain letters.
    program: Option<String>,
    /// Whether a record is about something that ran, and not about the rules themselves.
    ran: bool,
}

impl<'t> Event<'t> {
    fn new(id: &'t str, line: u64) -> Self {
        Self {
            id,
            line,
            words: BTreeMap::new(),
            arguments: BTreeMap::new(),
            count: None,
            title: None,
            program: None,
            ran: false,
        }
    }

    fn add(&mut self, record: &Record<'t>) {
        self.ran |= record.kind != "CONFIG_CHANGE";
        match record.kind {
            "SYSCALL" => {
                for (field, name) in [("auid", "account"), ("uid", "user"), ("exe", "program")] {
                    if let Some(value) = record.field(field) {
                        self.words.insert(name, value);
                    }
                }
                // A path with a blank in it, as of a file that was deleted since, stands in hexadecimal digits.
                if let Some(path) = record.field("exe").filter(|_| !record.interpreted).and_then(decode) {
                    self.program = Some(String::from_utf8_lossy(&path).into_owned());
                }
            }
            "EXECVE" => {
                self.count = record.field("argc").and_then(|count| count.parse().ok()).or(self.count);
                self.add_arguments(record);
            }
            "PROCTITLE" => {
                self.title =
                    record.fields.split_once("proctitle=").map(|(_, title)| read_title(title, record.interpreted));
            }
            _ => {}
        }
    }

    /// `a0="docker" a1="exec" a2=2D2D75 a3[0]=…`: a value without quotes is hexadecimal.
    fn add_arguments(&mut self, record: &Record<'_>) {
        let mut last = None;
        for word in record.fields.split_whitespace() {
            let Some((number, value)) = argument(word) else {
                // In the interpreted form the blanks of an argument stand as they are.
                if let Some(text) = last.and_then(|last| self.arguments.get_mut(&last))
                    && !word.starts_with("argc=")
                {
                    text.push(' ');
                    text.push_str(word);
                }
                continue;
            };
            last = None;
            let Some(value) = value else { continue };
            if number < MOST_ARGUMENTS {
                self.arguments.entry(number).or_default().push_str(&decoded(value, record.interpreted));
                last = Some(number);
            }
        }
    }

    fn fact(self) -> TextFact {
        let Self { id, line, words, arguments, count, title, program, ran } = self;
        let program = program.as_deref().or(words.get("program").copied());
        let mut fact = Map::new();
        fact.insert("event".to_owned(), id.into());
        for (name, value) in &words {
            fact.insert((*name).to_owned(), (*value).into());
        }
        let first_is_there = arguments.contains_key(&0);
        let in_row = arguments.keys().enumerate().take_while(|(at, number)| at == *number).count();
        let command = if first_is_there {
            let whole = count.is_some_and(|count| in_row >= count);
            Some((arguments.into_values().take(in_row).collect::<Vec<_>>(), whole))
        } else {
            title
        };
        if let Some((command, whole)) = command {
            let shown: String = command.join(" ").chars().take(SHOWN).collect();
            fact.insert("command".to_owned(), shown.into());
            // Without the record of the call, what ran is known by its own word alone.
            let unknown = program.is_none() && first_is_there && !command.first().is_some_and(|word| is_docker(word));
            let (command, hidden) = of_docker(command, program.filter(|program| is_docker(program)));
            if unknown || hidden {
                fact.insert("unknown_command".to_owned(), true.into());
            } else if let Some(exec) = exec(&command, whole) {
                fact.insert("exec_options".to_owned(), json!(exec.options));
                if exec.cut {
                    fact.insert("exec_cut".to_owned(), true.into());
                }
            }
        } else if ran && program.is_none_or(is_docker) {
            // The docker client ran, and what it was told is not recorded.
            fact.insert("unknown_command".to_owned(), true.into());
        }
        TextFact { value: Value::Object(fact), line }
    }
}

/// The command as the docker client's: who starts a program may call it anything, and what the kernel says of the file
/// that ran counts. Beside it, whether its words are not known.
fn of_docker(mut command: Vec<String>, program: Option<&str>) -> (Vec<String>, bool) {
    let Some(program) = program else { return (command, false) };
    if command.first().is_some_and(|word| is_docker(word)) {
        return (command, false);
    }
    let unknown = command.iter().any(|word| marks_not_kept(word) || word == REDACTED);
    if let Some(first) = command.first_mut() {
        program.clone_into(first);
    }
    (command, unknown)
}

/// The number of an argument and its value; a length (`a2_len=`) has none.
fn argument(word: &str) -> Option<(usize, Option<&str>)> {
    let (name, value) = word.strip_prefix('a')?.split_once('=')?;
    let digits = name.bytes().take_while(u8::is_ascii_digit).count();
    let number = name.get(..digits)?.parse().ok()?;
    match &name[digits..] {
        "" => Some((number, Some(value))),
        "_len" => Some((number, None)),
        part if part.starts_with('[') && part.ends_with(']') => Some((number, Some(value))),
        _ => None,
    }
}

fn decoded(value: &str, interpreted: bool) -> String {
    if let Some(quoted) = value.strip_prefix('"') {
        return quoted.strip_suffix('"').unwrap_or(quoted).to_owned();
    }
    let bytes = if interpreted { None } else { decode(value) };
    bytes.map_or_else(|| value.to_owned(), |bytes| String::from_utf8_lossy(&bytes).into_owned())
}

/// The words of a process title, and whether all of them are there.
fn read_title(title: &str, interpreted: bool) -> (Vec<String>, bool) {
    let title = title.trim();
    if interpreted {
        let words = title.split_whitespace().map(str::to_owned).collect();
        return (words, title.len() < TITLE_LIMIT - 1);
    }
    if let Some(quoted) = title.strip_prefix('"') {
        return (vec![quoted.trim_end_matches('"').to_owned()], quoted.len() < TITLE_LIMIT);
    }
    let Some(bytes) = decode(title) else { return (vec![title.to_owned()], false) };
    let words = bytes.split(|byte| *byte == 0).map(|word| String::from_utf8_lossy(word).into_owned());
    (words.take(MOST_ARGUMENTS).collect(), bytes.len() < TITLE_LIMIT - 1)
}

/// The bytes of a value in hexadecimal; an empty value is none.
fn decode(value: &str) -> Option<Vec<u8>> {
    unhex(value).filter(|bytes| !bytes.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn events(text: &str) -> Vec<Value> {
        let mut seen = Vec::new();
        read(text, &mut |fact| seen.push(fact.value)).unwrap();
        seen
    }

    fn hex(text: &str) -> String {
        text.bytes().map(|byte| format!("{byte:02X}")).collect()
    }

    #[test]
    fn no_record_is_an_answer_and_anything_else_is_none() {
        assert_eq!(events("<no matches>\n"), Vec::<Value>::new());
        assert!(read("something else\n", &mut |_| {}).is_err());
    }

    #[test]
    fn arguments_go_before_the_title() {
        let text = format!(
            "----\ntime->Mon Nov 16 21:33:09 2026\ntype=PROCTITLE msg=audit(1.5:7): proctitle={}\n\
             type=EXECVE msg=audit(1.5:7): argc=5 a0=\"docker\" a1=\"exec\" a2={} a3=\"web\" a4=\"sh\"\n\
             type=SYSCALL msg=audit(1.5:7): arch=c000003e syscall=59 auid=1004 uid=0 comm=\"docker\" exe=\"/usr/bin/docker\" key=\"docker\"\n",
            hex("docker\0exec"),
            hex("--privileged"),
        );
        let seen = events(&text);
        assert_eq!(seen.len(), 1);
        assert_eq!(seen[0]["command"], "docker exec --privileged web sh");
        assert_eq!(seen[0]["exec_options"], json!(["--privileged"]));
        assert_eq!((&seen[0]["account"], &seen[0]["user"]), (&json!("1004"), &json!("0")));
        assert_eq!(seen[0].get("exec_cut"), None);
    }

    #[test]
    fn a_title_alone_tells_too_unless_it_is_cut() {
        let title = |command: &str| format!("type=PROCTITLE msg=audit(1.5:7): proctitle={}\n", hex(command));
        assert_eq!(events(&title("docker\0exec\0-u\0root\0web"))[0]["exec_options"], json!(["--user"]));
        assert_eq!(events(&title("docker\0run\0--privileged\0x"))[0].get("exec_options"), None);
        let long = format!("docker\0exec\0-e\0{}", "x".repeat(113));
        assert_eq!(events(&title(&long))[0]["exec_cut"], true);
        let interpreted =
            "type=PROCTITLE msg=audit(11/16/2026 21:33:09.882:40117) : proctitle=docker exec --user root web id\n";
        assert_eq!(events(interpreted)[0]["exec_options"], json!(["--user"]));
        let listed = "type=EXECVE msg=audit(11/16/2026 21:33:09.882:40117) : argc=4 a0=docker a1=exec a2=-it a3=web\n";
        assert_eq!(events(listed)[0]["exec_options"], json!(["-i", "-t"]));
    }

    #[test]
    fn the_file_that_ran_counts_and_not_what_it_was_called() {
        let event = |a0: &str, rest: &str| {
            let text = format!(
                "type=EXECVE msg=audit(1.5:7): argc=5 a0=\"{a0}\" {rest}\n\
                 type=SYSCALL msg=audit(1.5:7): auid=1004 uid=0 comm=\"docker\" exe=\"/usr/bin/docker\" key=\"docker\"\n"
            );
            events(&text).remove(0)
        };
        let exec = r#"a1="exec" a2="--privileged" a3="web" a4="sh""#;
        assert_eq!(event("x", exec)["exec_options"], json!(["--privileged"]));
        assert_eq!(event("docker", exec)["exec_options"], json!(["--privileged"]));
        assert_eq!(event("x", r#"a1="ps" a2="-a" a3="-q" a4="x""#).get("unknown_command"), None);
        let named = event("x", r#"a1="exec" a2="--privileged" a3="docker" a4="sh""#);
        assert_eq!(named["exec_options"], json!(["--privileged"]));
        let alone = "type=EXECVE msg=audit(1.5:7): argc=3 a0=\"x\" a1=\"exec\" a2=\"--privileged\"\n";
        assert_eq!(events(alone)[0]["unknown_command"], true);
        let loaded = "type=CONFIG_CHANGE msg=audit(1.5:7): auid=0 ses=1 op=add_rule key=\"docker\" list=4 res=1\n";
        assert_eq!(events(loaded)[0].get("unknown_command"), None);
        let deleted = format!(
            "type=EXECVE msg=audit(1.5:7): argc=3 a0=\"x\" a1=\"exec\" a2=\"--privileged\" a3=\"c\"\n\
             type=SYSCALL msg=audit(1.5:7): exe={} key=\"docker\"\n",
            hex("/usr/bin/docker (deleted)")
        );
        assert_eq!(events(&deleted)[0]["exec_options"], json!(["--privileged"]));
        let hidden = event("(present)", "a1=(present) a2=(present) a3=(present) a4=(present)");
        assert_eq!(hidden["unknown_command"], true);
    }

    #[test]
    fn what_docker_was_told_may_be_unknown() {
        let event = |exe: &str| format!("type=SYSCALL msg=audit(1.5:7): exe=\"{exe}\" key=\"docker\"\n");
        assert_eq!(events(&event("/usr/bin/docker"))[0]["unknown_command"], true);
        assert_eq!(events(&event("/usr/bin/dockerd"))[0].get("unknown_command"), None);
        let missing = "type=EXECVE msg=audit(1.5:7): argc=4 a0=\"docker\" a1=\"exec\" a3=\"--user\"\n";
        assert_eq!(events(missing)[0]["exec_cut"], true);
    }
}
