//! The audit rules that the kernel has loaded, as `auditctl -l` prints them.
//!
//! A rule records only what meets all of its filters, and only what no rule before it keeps from being recorded. The
//! fact says both of each rule that records, for a log is empty also where the kernel leaves out what is looked for.
//! Nor does it record anything while auditing is off or nobody takes its records: `auditctl -s` says so, and its lines
//! may stand before the rules.

use serde_json::{Map, Value, json};

use crate::facts::text::error::TextError;

/// System calls by which a program is started. Shells use `execve`, so that a rule on `execveat` alone records nothing
/// of them.
const EXECUTION: &[&str] = &["all", "execve", "execveat"];
const RECORDED: &[&str] = &["all", "execve"];
/// Types of the records in which a command stands; without them an event does not tell it.
const COMMAND_RECORDS: &[&str] = &["SYSCALL", "1300", "EXECVE", "1309", "PROCTITLE", "1327"];
/// Names of nobody: what has no login is started by no account.
const NOBODY: &[&str] = &["unset", "-1", "4294967295"];
/// Characters of a rule that are kept to be shown.
const SHOWN: usize = 400;

/// Reads the list of rules. The fact has `rules`, each with its `key`, the `path` that it watches
/// and whether it records the `execution` of what lies there; with `limited`, a filter by which it leaves
/// something out, and `silenced`, a rule that keeps the kernel from recording what this one asks for.
pub(crate) fn read(text: &str) -> Result<Value, TextError> {
    let mut rules: Vec<Rule<'_>> = Vec::new();
    let mut known = false;
    let mut status = Map::new();
    for line in text.lines().map(str::trim).filter(|line| !line.is_empty()) {
        add_status(line, &mut status);
        known |= line.starts_with('-') || line.eq_ignore_ascii_case("no rules");
        // `auditctl -l` prints rules alone; the file of which they were loaded takes rules away again, too.
        match line.split_whitespace().collect::<Vec<_>>()[..] {
            ["-D", ..] => rules.clear(),
            // To the kernel a watch and a rule with `-F path=` and `-F perm=` are one.
            ["-W", path, ..] => rules.retain(|rule| rule.path.is_none_or(|own| merged(own) != merged(path))),
            ["-d", what, ..] => {
                let off = Rule::of(line);
                rules.retain(|rule| !(rule.action == what.split(',').collect::<Vec<_>>() && rule.path == off.path));
            }
            ["-e", value, ..] => add(&mut status, "enabled", value),
            _ if line.starts_with('-') => rules.push(Rule::of(line)),
            _ => {}
        }
    }
    if !known {
        return Err(TextError::NoRule);
    }
    let recording = rules.iter().enumerate().filter(|(_, rule)| rule.records());
    let facts: Vec<Value> = recording.flat_map(|(at, rule)| rule.facts(silencing(&rules, at, rule))).collect();
    status.insert("rules".to_owned(), facts.into());
    Ok(status.into())
}

/// A line of `auditctl -s`: `enabled 1`, or all of it on one line, `AUDIT_STATUS: enabled=1 flag=1 pid=812`.
fn add_status(line: &str, status: &mut Map<String, Value>) {
    if line.starts_with('-') {
        return;
    }
    let parts: Vec<&str> =
        line.split(|c: char| c.is_whitespace() || matches!(c, '=' | ':')).filter(|part| !part.is_empty()).collect();
    let is_first = |at: usize| at == 0 || line.contains('=');
    for (at, part) in parts.iter().enumerate().filter(|(at, _)| is_first(*at)) {
        for name in ["enabled", "pid"].into_iter().filter(|name| part.eq_ignore_ascii_case(name)) {
            add(status, name, parts.get(at + 1).copied().unwrap_or_default());
        }
    }
}

/// Adds what is said of the status; what is said in two ways is neither of them.
fn add(status: &mut Map<String, Value>, name: &str, value: &str) {
    let said = match status.get(name).and_then(Value::as_str) {
        // `-e 2` behind the status says that what is on cannot be changed.
        Some("1" | "2") if matches!(value, "1" | "2") => value.to_owned(),
        Some(before) if before != value => format!("{before}, {value}"),
        _ => value.to_owned(),
    };
    status.insert(name.to_owned(), said.chars().take(SHOWN).collect::<String>().into());
}

/// A rule that may keep the kernel from recording what the rule at this place asks for. Rules on files and
/// rules without one are looked through apart, so that one without a file counts wherever it stands.
fn silencing<'r, 't>(rules: &'r [Rule<'t>], at: usize, rule: &Rule<'_>) -> Option<&'r Rule<'t>> {
    let mut others = rules.iter().enumerate();
    others
        .find(|(place, other)| other.silences() && other.comes_before(*place, at) && other.may_meet(rule))
        .map(|(_, other)| other)
}

#[derive(Default)]
struct Rule<'t> {
    line: &'t str,
    keys: Vec<&'t str>,
    path: Option<&'t str>,
    watch: bool,
    permissions: Option<&'t str>,
    calls: Vec<&'t str>,
    /// The words of `-a`: an action and a list, in either order.
    action: Vec<&'t str>,
    record: Option<&'t str>,
    limit: Option<String>,
}

impl<'t> Rule<'t> {
    fn of(line: &'t str) -> Self {
        let mut rule = Self { line, ..Self::default() };
        let words: Vec<&str> = line.split_whitespace().collect();
        for pair in words.windows(2) {
            let [option, value] = pair else { continue };
            match *option {
                "-k" => rule.keys.push(value),
                "-w" => {
                    rule.watch = true;
                    rule.path = Some(value);
                }
                "-p" => rule.permissions = Some(value),
                "-S" => rule.calls.extend(value.split(',')),
                "-a" | "-A" => rule.action = value.split(',').collect(),
                "-C" => rule.limit = Some(format!("-C {value}")),
                "-F" => rule.filter(value),
                _ => {}
            }
        }
        rule
    }

    fn filter(&mut self, filter: &'t str) {
        match filter.split_once('=') {
            Some(("key", value)) => self.keys.push(value),
            Some(("path" | "exe" | "dir", value)) => self.path = Some(value),
            Some(("perm", value)) => self.permissions = Some(value),
            Some(("msgtype", value)) => self.record = Some(value),
            Some(("arch", "b64" | "x86_64" | "aarch64" | "ppc64le" | "s390x")) => {}
            Some(("auid!" | "loginuid!", value)) if NOBODY.contains(&value) => {}
            _ => self.limit = Some(format!("-F {filter}")),
        }
    }

    fn is(&self, word: &str) -> bool {
        self.action.contains(&word)
    }

    fn records(&self) -> bool {
        self.watch || self.is("always") && (self.is("exit") || self.is("entry"))
    }

    /// Whether it is asked before a rule at another place: one that `-A` puts before all others is. The lists `task` and
    /// `exclude` are asked apart, so that their rules count wherever they stand.
    fn comes_before(&self, place: usize, at: usize) -> bool {
        place < at || self.line.starts_with("-A") || self.path.is_none() || self.is("exclude") || self.is("task")
    }

    /// Whether it keeps something from being recorded: tasks and calls, or records of a type.
    fn silences(&self) -> bool {
        let of_calls = self.is("task") || self.is("exit") || self.is("entry");
        let told = |record: &str| {
            let name = record.bytes().all(|byte| byte.is_ascii_uppercase() || byte == b'_');
            name || record.parse::<u32>().is_ok_and(|number| number.to_string() == record)
        };
        let excludes =
            self.is("exclude") && self.record.is_none_or(|record| COMMAND_RECORDS.contains(&record) || !told(record));
        self.is("never") && of_calls || excludes
    }

    fn on_calls(&self, calls: &[&str]) -> bool {
        self.permissions.is_none_or(|permissions| permissions.contains('x'))
            && (self.calls.is_empty() || self.calls.iter().any(|call| calls.contains(call)))
    }

    /// Whether what another rule asks for may be among what this one speaks of.
    fn may_meet(&self, other: &Rule<'_>) -> bool {
        let below = |path: &str, folder: &str| {
            path.strip_prefix(folder.trim_end_matches('/')).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        };
        let same_place = |own: &str| {
            let own = merged(own);
            other.path.map(merged).is_none_or(|path| own.contains("..") || below(&path, &own) || below(&own, &path))
        };
        // A call by its number may be any.
        let numbered = self.calls.iter().any(|call| call.bytes().all(|byte| byte.is_ascii_digit()));
        (self.on_calls(EXECUTION) || numbered) && self.path.is_none_or(same_place)
    }

    /// One fact for each key.
    fn facts(&self, silenced: Option<&Rule<'_>>) -> Vec<Value> {
        let shown = |line: &str| line.chars().take(SHOWN).collect::<String>();
        let mut fact = json!({
            "path": self.path.unwrap_or_default(), "execution": self.on_calls(RECORDED), "text": shown(self.line),
        });
        if let Some(limit) = &self.limit {
            fact["limited"] = limit.as_str().into();
        } else if self.path.is_some_and(|path| path.ends_with('/') && merged(path).ends_with("/bin/docker")) {
            fact["limited"] = "the path of a folder".into();
        }
        if let Some(rule) = silenced {
            fact["silenced"] = shown(rule.line).into();
        }
        let keys = if self.keys.is_empty() { &[""][..] } else { &self.keys };
        let with_key = |key: &&str| {
            let mut fact = fact.clone();
            fact["key"] = (*key).into();
            fact
        };
        keys.iter().map(with_key).collect()
    }
}

/// A path as one of a machine on which `/bin` is a link to `/usr/bin`.
fn merged(path: &str) -> String {
    let parts: Vec<&str> = path.split('/').filter(|part| !matches!(*part, "" | ".")).collect();
    let path = format!("/{}", parts.join("/"));
    if path == "/bin" || path.starts_with("/bin/") { format!("/usr{path}") } else { path }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_status_may_stand_before_the_rules() {
        let rules = "-w /usr/bin/docker -p rwxa -k docker\n";
        for status in ["enabled 0\nfailure 1\npid 812\n", "AUDIT_STATUS: enabled=0 flag=1 pid=812 rate_limit=0\n"] {
            let fact = read(&format!("{status}{rules}")).unwrap();
            assert_eq!((&fact["enabled"], &fact["pid"]), (&json!("0"), &json!("812")));
            assert_eq!(fact["rules"].as_array().map(Vec::len), Some(1));
        }
        assert!(read(rules).unwrap().get("enabled").is_none());
        assert!(read("enabled 1\n").is_err());
        for (status, said) in [
            ("enabled 0\nenabled 1\n", "0, 1"),
            ("enabled 1\nenabled 1\n", "1"),
            ("enabled 1\nenabled 2\n", "2"),
            ("enabled: 0\n", "0"),
            ("enabled = 0\n", "0"),
            ("Enabled 2\n", "2"),
            ("enabled (present)\n", "(present)"),
            ("enabled\n", ""),
        ] {
            assert_eq!(read(&format!("{status}{rules}")).unwrap()["enabled"], said, "{status}");
        }
    }

    #[test]
    fn a_file_of_rules_takes_some_away_again() {
        let watch = "-w /usr/bin/docker -p rwxa -k docker\n";
        for (behind, left) in [
            ("", 1),
            ("-D\n", 0),
            ("-W /usr/bin/docker -p rwxa -k docker\n", 0),
            ("-W /usr/bin/other -p rwxa -k docker\n", 1),
        ] {
            let call = "-a always,exit -F path=/usr/bin/docker -F perm=rwxa -F key=docker\n";
            for rule in [watch, call] {
                let fact = read(&format!("{rule}{behind}")).unwrap();
                assert_eq!(fact["rules"].as_array().map(Vec::len), Some(left), "{rule}{behind}");
            }
        }
        for (path, limited) in [("/usr/bin/docker/", true), ("/usr/bin/docker", false), ("/usr/bin/", false)] {
            let fact = read(&format!("-w {path} -p rwxa -k docker")).unwrap();
            assert_eq!(fact["rules"][0].get("limited").is_some(), limited, "{path}");
        }
        assert_eq!(read(&format!("-e 1\n{watch}-e 0\n")).unwrap()["enabled"], "1, 0");
        let shells = "-a always,exit -F arch=b64 -S execveat -F path=/usr/bin/docker -F key=docker";
        assert_eq!(read(shells).unwrap()["rules"][0]["execution"], false);
    }

    #[test]
    fn watches_and_calls() {
        let told = |text: &str| -> Vec<String> {
            let fact = read(text).unwrap();
            let rules = fact["rules"].as_array().unwrap();
            rules.iter().map(|rule| format!("{} {} {}", rule["key"], rule["path"], rule["execution"])).collect()
        };
        assert_eq!(
            told(
                "-w /usr/bin/docker -p rwxa -k docker\n-w /var/lib/docker -p wa -k docker\n\
                  -a always,exit -S all -F path=/usr/bin/docker -F perm=x -F key=docker\n\
                  -a always,exit -F arch=b64 -S execve -F exe=/usr/bin/docker -k docker\n-a never,exit -S all -F key=docker\n"
            ),
            [
                r#""docker" "/usr/bin/docker" true"#,
                r#""docker" "/var/lib/docker" false"#,
                r#""docker" "/usr/bin/docker" true"#,
                r#""docker" "/usr/bin/docker" true"#,
            ]
        );
        assert_eq!(told("-w /usr/bin/docker -p x -k one -k docker").len(), 2);
        assert_eq!(told("-a always,exclude -F msgtype=CWD\n-a always,user -F uid=0"), [""; 0]);
        assert_eq!(told("No rules\n"), [""; 0]);
        assert!(read("You must be root to run this program.").is_err());
    }

    #[test]
    fn what_leaves_something_out_is_told() {
        let watch = "-w /usr/bin/docker -p rwxa -k docker";
        let told = |text: &str| -> (Option<String>, Option<String>) {
            let fact = read(text).unwrap();
            let rule = fact["rules"].as_array().unwrap().iter().find(|rule| rule["key"] == "docker").unwrap().clone();
            let word = |name: &str| rule.get(name).and_then(Value::as_str).map(str::to_owned);
            (word("limited"), word("silenced"))
        };
        for (rules, silenced) in [
            ("-a task,never\nW", true),
            ("W\n-a never,task", true),
            ("-a never,exit -S all -F path=/usr/bin/docker\nW", true),
            ("-a never,exit -F dir=/usr/bin\nW", true),
            ("W\n-a never,exit -S all -F path=/usr/bin/docker", false),
            ("-a never,exit -S all -F path=/usr/bin/sudo\nW", false),
            ("-a never,exit -F dir=/usr/bin/dock\nW", false),
            ("-a never,exit -F arch=b64 -S adjtimex -F auid=unset\nW", false),
            ("W\n-a never,exit -F arch=b64 -S execve -F auid=1000", true),
            ("-a never,filesystem -F fstype=tracefs\nW", false),
            ("-a always,exclude -F msgtype=PATH\nW", false),
            ("-a always,exclude -F msgtype=EXECVE\nW", true),
            ("W\n-a always,exclude -F exe=/usr/bin/docker", true),
            ("-a never,exit -F path=/bin/docker -F perm=x\nW", true),
            ("-a never,exit -F dir=/usr/./bin\nW", true),
            ("-a never,exit -F dir=//usr\nW", true),
            ("-a never,exit -S 59 -F dir=/usr\nW", true),
            ("W\n-A never,exit -F path=/usr/bin/docker", true),
            ("W\n-a always,exclude -F msgtype=execve", true),
            ("W\n-a always,exclude -F msgtype=01309", true),
            ("W\n-a always,exclude -F exe=/usr/bin/other", false),
            ("W\n-a always,exclude -F msgtype=(present)", true),
            ("W", false),
        ] {
            let (limited, by) = told(&rules.replace('W', watch));
            assert_eq!((limited, by.is_some()), (None, silenced), "{rules}");
        }
        for (filter, limited) in [
            ("-F success=0", true),
            ("-F auid>=1000", true),
            ("-F auid!=unset", false),
            ("-F arch=b32", true),
            ("-F arch=b64", false),
            ("-C uid!=euid", true),
        ] {
            let rule = format!("-a always,exit -S all -F path=/usr/bin/docker -F perm=x {filter} -F key=docker");
            assert_eq!(told(&rule).0.is_some(), limited, "{filter}");
        }
        let other = read("-a always,exit -S open -F path=/usr/bin/docker -F perm=x -F key=docker").unwrap();
        assert_eq!(other["rules"][0]["execution"], false);
    }
}
