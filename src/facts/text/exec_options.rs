//! The options of a `docker exec` in a command line.

use crate::facts::fields::path::{REDACTED, marks_not_kept};

/// Options of `docker` itself that take the next word as their value.
const GLOBAL_VALUES: &[&str] =
    &["--config", "-c", "--context", "-H", "--host", "-l", "--log-level", "--tlscacert", "--tlscert", "--tlskey"];
/// Options of `docker compose` that do.
const COMPOSE_VALUES: &[&str] = &[
    "-f",
    "--file",
    "-p",
    "--project-name",
    "--profile",
    "--env-file",
    "--project-directory",
    "--parallel",
    "--ansi",
    "--progress",
    "--workdir",
];
/// Options of `docker exec` and `docker compose exec` that do.
const LONG_VALUES: &[&str] = &["--env", "--env-file", "--workdir", "--user", "--detach-keys", "--index"];
/// Their letters, which may stand behind others, as in `-itu root`.
const LETTER_VALUES: &[char] = &['e', 'w', 'u'];

/// What `docker exec` was told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Exec {
    /// Its options without their values, `-u` as `--user`; an option that is set to false is none.
    pub(crate) options: Vec<String>,
    /// Whether the command line ends before the container's name does.
    pub(crate) cut: bool,
}

/// The options of `docker exec`, if the words are one; `whole` says that no word is missing at
/// their end. What runs inside the container has options too, which do not count.
pub(crate) fn exec(words: &[String], whole: bool) -> Option<Exec> {
    let program = words.iter().position(|word| is_docker(word))?;
    let mut rest = words[program + 1..].iter().map(String::as_str);
    let mut word = rest.next();
    // The older compose is a program of its own.
    let mut compose = name(&words[program]).contains("compose");
    // Behind an option that is not known, the next word may be its value or the command.
    let mut unclear = false;
    loop {
        match word {
            Some("container") => word = rest.next(),
            Some("compose") => {
                compose = true;
                word = rest.next();
            }
            Some("exec") => break,
            Some(option) if option.starts_with('-') => {
                if takes_next(option, compose) {
                    rest.next();
                } else {
                    unclear |= !is_switch(option);
                }
                word = rest.next();
            }
            // Another command, or none: of a line that is cut, the command may stand behind the cut.
            Some(word) if unclear => {
                let later = std::iter::once(word).chain(rest).any(|word| word == "exec" || hides(word));
                return later.then_some(Exec { options: Vec::new(), cut: true });
            }
            Some(_) => return None,
            None => return (!whole).then_some(Exec { options: Vec::new(), cut: true }),
        }
    }
    let mut options = Vec::new();
    while let Some(word) = rest.next() {
        if word == "--" || !word.starts_with('-') || word == "-" {
            return Some(Exec { options, cut: false });
        }
        if word.starts_with("--") {
            let (name, value) = word.split_once('=').map_or((word, None), |(name, value)| (name, Some(value)));
            let takes_value = LONG_VALUES.contains(&name);
            if takes_value || !matches!(value, Some("false" | "False" | "FALSE" | "f" | "F" | "0")) {
                options.push(name.to_owned());
            }
            if takes_value && value.is_none() {
                rest.next();
            }
        } else {
            letters(word, &mut options, &mut rest);
        }
    }
    Some(Exec { options, cut: !whole })
}

/// Whether an option of docker itself or of compose is one without a value, or has its value in the same word.
fn is_switch(option: &str) -> bool {
    const SWITCHES: [&str; 11] = [
        "--debug",
        "--tls",
        "--tlsverify",
        "--version",
        "--help",
        "--all-resources",
        "--compatibility",
        "--dry-run",
        "--verbose",
        "--no-ansi",
        "--",
    ];
    let is_long = option.starts_with("--");
    !hides(option) && (!is_long || option.contains('=') || SWITCHES.contains(&option))
}

/// Whether the collector left something out of a word.
fn hides(word: &str) -> bool {
    marks_not_kept(word) || word == REDACTED
}

/// Whether the value of an option of docker itself, or of compose, is the next word: `-H x`, and `-DH x` too.
fn takes_next(option: &str, compose: bool) -> bool {
    let takes = |option: &str| GLOBAL_VALUES.contains(&option) || (compose && COMPOSE_VALUES.contains(&option));
    if option.starts_with("--") {
        return takes(option);
    }
    let mut letters = option.chars().skip(1);
    let value = letters.by_ref().find(|letter| takes(&format!("-{letter}")));
    value.is_some() && letters.next().is_none()
}

/// `-it`, `-u root`, `-uroot`, `-itu=root`
fn letters<'w>(word: &'w str, options: &mut Vec<String>, rest: &mut impl Iterator<Item = &'w str>) {
    let mut letters = word.trim_start_matches('-').chars();
    while let Some(letter) = letters.next() {
        options.push(if letter == 'u' { "--user".to_owned() } else { format!("-{letter}") });
        if LETTER_VALUES.contains(&letter) {
            if letters.next().is_none() {
                rest.next();
            }
            return;
        }
        if letters.as_str().starts_with('=') {
            return;
        }
    }
}

/// Whether a word is the docker client or compose, by whatever path.
pub(crate) fn is_docker(word: &str) -> bool {
    const NAMES: [&str; 7] = [
        "docker",
        "docker.exe",
        "docker-current",
        "docker-latest",
        "docker.real",
        "docker-compose",
        "docker-compose.exe",
    ];
    NAMES.contains(&name(word).trim_end_matches(" (deleted)"))
}

/// The last part of a path.
fn name(word: &str) -> &str {
    word.rsplit(['/', '\\']).next().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn options(line: &str) -> Option<String> {
        let words: Vec<String> = line.split(' ').map(str::to_owned).collect();
        exec(&words, true).map(|exec| exec.options.join(" "))
    }

    #[test]
    fn only_docker_execs_own_options_count() {
        for (line, wanted) in [
            ("docker exec --privileged web sh", Some("--privileged")),
            ("/usr/bin/docker -H unix:///x container exec -it web sh", Some("-i -t")),
            ("docker --context prod exec -u root web id", Some("--user")),
            ("docker exec -itu root web id", Some("-i -t --user")),
            ("docker exec -uroot web id", Some("--user")),
            ("docker exec --user=0 web id", Some("--user")),
            ("docker exec --privileged=false web id", Some("")),
            ("docker exec --privileged=true web id", Some("--privileged")),
            ("docker exec -e --privileged web id", Some("-e")),
            ("docker exec web ps -u root --privileged", Some("")),
            ("docker exec -- web ps", Some("")),
            ("sudo docker exec -w /tmp --user x web id", Some("-w --user")),
            ("docker compose -f exec.yaml exec --privileged web id", Some("--privileged")),
            ("docker-compose exec --privileged --user root web sh", Some("--privileged --user")),
            ("/usr/local/bin/docker-compose -f exec.yaml exec -u root web sh", Some("--user")),
            ("/usr/libexec/docker/cli-plugins/docker-compose compose exec --privileged web sh", Some("--privileged")),
            ("docker -DH tcp://x exec --privileged web", Some("--privileged")),
            ("docker -DHtcp://x exec -u root web", Some("--user")),
            ("docker -Hc exec web", Some("")),
            ("docker -D exec --user root web", Some("--user")),
            ("docker compose --workdir /x exec --privileged c", Some("--privileged")),
            ("docker --unknown value ps", None),
            ("docker-compose up", None),
            ("docker run --privileged exec", None),
            ("docker ps", None),
            ("sshd", None),
        ] {
            assert_eq!(options(line).as_deref(), wanted, "{line}");
        }
    }

    #[test]
    fn a_line_that_is_cut_says_so() {
        let words = |line: &str| line.split(' ').map(str::to_owned).collect::<Vec<_>>();
        assert!(exec(&words("docker exec -e LONG"), false).unwrap().cut);
        assert!(exec(&words("docker --config x"), false).unwrap().cut);
        assert!(!exec(&words("docker exec web sh"), false).unwrap().cut);
        assert_eq!(exec(&words("docker ps"), false), None);
        // What the collector leaves out may be the value of an option or the command.
        assert!(exec(&words("docker --(present) (present) --privileged"), true).unwrap().cut);
        assert!(exec(&words("docker --unknown x exec --privileged"), true).unwrap().cut);
        assert_eq!(exec(&words("docker (present) (present)"), true), None);
    }
}
