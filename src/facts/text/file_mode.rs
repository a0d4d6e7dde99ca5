//! Owner, group and mode of a file, as `stat` or `ls -l` prints them.

use serde_json::{Value, json};

use crate::facts::text::error::TextError;

/// Words that such an output has at most, `stat` without a format being the longest.
const MOST_WORDS: usize = 64;

/// Reads `%U:%G %a %n` and `%n %U %G %a` of GNU `stat` (also with `%A`, and on lines of their own),
/// `stat` without a format, and `ls -l`.
///
/// The fact has `owner`, `group`, `mode` (octal, three digits or four) and, where `ls` marks one,
/// `acl`: an access control list may allow more than the mode says.
///
/// Lines of `getfacl` may stand behind it: `acl_grants` are then the accounts and groups that the list lets in.
///
/// A path that stands in it must be one of `paths`: the mode of another file says nothing of this one.
pub(crate) fn read(text: &str, paths: &[&str]) -> Result<Value, TextError> {
    let (entries, others): (Vec<&str>, Vec<&str>) = text.lines().partition(|line| Entry::of(line).is_some());
    let (about, others): (Vec<&str>, Vec<&str>) = others.into_iter().partition(|line| of_getfacl(line));
    let text = &others.join("\n");
    let words: Vec<&str> = text.split_whitespace().take(MOST_WORDS + 1).collect();
    if words.len() > MOST_WORDS {
        return Err(TextError::NoMode);
    }
    let files = about.iter().filter_map(|line| Some(line.trim().strip_prefix("# file:")?.trim()));
    let same = |path: &str| paths.iter().any(|known| known.trim_start_matches('/') == path.trim_start_matches('/'));
    if let Some(other) = named(&words).chain(files).find(|path| !same(path)) {
        return Err(TextError::OtherFile(other.to_owned()));
    }
    let (owner, group, mode) =
        long_stat(text).or_else(|| listing(&words)).or_else(|| formatted(&words)).ok_or(TextError::NoMode)?;
    let (mode, acl) = octal(mode).ok_or(TextError::NoMode)?;
    let mut fact = json!({"owner": owner, "group": group, "mode": mode});
    if acl {
        fact["acl"] = true.into();
    }
    let entries: Vec<Entry<'_>> = entries.into_iter().filter_map(Entry::of).collect();
    if contradicts(&entries, &about, (owner, group, &mode)) {
        return Err(TextError::AclContradicts);
    }
    // `getfacl` prints these three of every file, the last one at the end: without it the list was cut.
    let own = |whose: &str| entries.iter().any(|entry| entry.whose == whose && entry.name.is_empty());
    if ["user", "group", "other"].into_iter().all(own) {
        fact["acl_grants"] = grants(entries, owner, group).into();
    }
    Ok(fact)
}

/// A line that `getfacl` prints of the file and not of its list.
fn of_getfacl(line: &str) -> bool {
    let line = line.trim();
    let head = ["# file:", "# owner:", "# group:", "# flags:", "getfacl: Removing leading"];
    head.iter().any(|head| line.starts_with(head))
}

/// Whether the list is not that of a file with this owner, group and mode: it gives everybody else what the mode does
/// not, says one thing twice, or is of a file of somebody else.
fn contradicts(entries: &[Entry<'_>], about: &[&str], (owner, group, mode): (&str, &str, &str)) -> bool {
    let own: Vec<&Entry<'_>> = entries.iter().filter(|entry| entry.name.is_empty()).collect();
    let twice = own.iter().any(|one| own.iter().filter(|other| other.whose == one.whose).count() > 1);
    let bits =
        |rights: &str| rights.bytes().zip([4, 2, 1]).map(|(b, bit)| if b == b'-' { 0 } else { bit }).sum::<u32>();
    let last = mode.chars().last().and_then(|digit| digit.to_digit(8)).unwrap_or_default();
    let others = own.iter().any(|entry| entry.whose == "other" && bits(entry.rights) != last);
    // With a list, the second digit is the mask, or without one what the group may do.
    let middle = mode.chars().rev().nth(1).and_then(|digit| digit.to_digit(8)).unwrap_or_default();
    let of = |whose: &str| own.iter().find(|entry| entry.whose == whose);
    let group_differs = of("mask").or_else(|| of("group")).is_some_and(|entry| bits(entry.rights) != middle);
    let named = entries.iter().any(|entry| !entry.name.is_empty() && matches!(entry.whose, "mask" | "other"));
    let says = |head: &str, name: &str| {
        about.iter().any(|line| line.trim().strip_prefix(head).is_some_and(|said| said.trim() != name))
    };
    twice || others || group_differs || named || says("# owner:", owner) || says("# group:", group)
}

/// A line of `getfacl`: `user:nobody:rw-`, with `#effective:r--` behind it where the mask takes something away.
struct Entry<'t> {
    whose: &'t str,
    name: &'t str,
    rights: &'t str,
}

impl<'t> Entry<'t> {
    fn of(line: &'t str) -> Option<Self> {
        let entry = line.split('#').next()?.trim();
        let [whose, name, rights] = entry.split(':').collect::<Vec<_>>()[..] else { return None };
        let right = |b: u8, letter| b == letter || b == b'-';
        let [r, w, x] = rights.as_bytes() else { return None };
        let known = matches!(whose, "user" | "group" | "mask" | "other");
        (known && right(*r, b'r') && right(*w, b'w') && right(*x, b'x')).then_some(Self { whose, name, rights })
    }
}

/// Whom the entries let in beside the owner and the group of the file, with what the mask leaves them.
fn grants(entries: Vec<Entry<'_>>, owner: &str, group: &str) -> Vec<String> {
    let mask = entries.iter().find(|entry| entry.whose == "mask").map_or("rwx", |entry| entry.rights).to_owned();
    let named = entries.into_iter().filter(|entry| !entry.name.is_empty());
    named
        .filter(|entry| (entry.whose, entry.name) != ("user", owner) && (entry.whose, entry.name) != ("group", group))
        .filter_map(|Entry { whose, name, rights }| {
            let left: String = rights.chars().zip(mask.chars()).map(|(a, b)| if a == b { a } else { '-' }).collect();
            (left != "---").then(|| format!("{whose}:{name}:{left}"))
        })
        .collect()
}

/// The paths that such an output names, without quotes; what a link points at is no name of the file.
fn named<'t>(words: &[&'t str]) -> impl Iterator<Item = &'t str> {
    let own: Vec<&str> = words.iter().copied().take_while(|word| *word != "->").collect();
    let bare = |word: &'t str| word.trim_matches(['\'', '"', '‘', '’', '`']);
    own.into_iter().map(bare).filter(|word| word.starts_with('/'))
}

/// `Access: (0660/srw-rw----)  Uid: (    0/    root)   Gid: (  983/  docker)`
fn long_stat(text: &str) -> Option<(&str, &str, &str)> {
    let inside = |key: &str| {
        let (_, rest) = text.split_once(key)?;
        let (inside, _) = rest.split_once(')')?;
        inside.split_once('/')
    };
    let (mode, letters) = inside("Access: (")?;
    // Both say the same of a file: where they do not, neither is known.
    let bits = |mode: &str| u32::from_str_radix(&octal(mode)?.0, 8).ok();
    (bits(mode)? == bits(letters.trim())?).then_some(())?;
    let ((_, owner), (_, group)) = (inside("Uid: (")?, inside("Gid: (")?);
    Some((name(owner.trim())?, name(group.trim())?, mode.trim()))
}

/// `srw-rw---- 1 root docker 0 Nov 18 08:15 /var/run/docker.sock`
fn listing<'t>(words: &[&'t str]) -> Option<(&'t str, &'t str, &'t str)> {
    let [mode, links, owner, group, _, ..] = words else { return None };
    let counted = links.bytes().all(|b| b.is_ascii_digit());
    (counted && symbolic(mode).is_some()).then_some(())?;
    Some((name(owner)?, name(group)?, mode))
}

/// Three words, or two of which one is `owner:group`, around the path.
fn formatted<'t>(words: &[&'t str]) -> Option<(&'t str, &'t str, &'t str)> {
    let mut rest: Vec<&str> = words.iter().copied().filter(|word| !word.starts_with('/')).collect();
    if let Some(at) = rest.iter().position(|word| word.contains(':')) {
        let (owner, group) = rest.remove(at).split_once(':')?;
        let [mode] = rest[..] else { return None };
        return Some((name(owner)?, name(group)?, mode));
    }
    match rest[..] {
        [owner, group, mode] if octal(mode).is_some() => Some((name(owner)?, name(group)?, mode)),
        [mode, owner, group] if octal(mode).is_some() => Some((name(owner)?, name(group)?, mode)),
        _ => None,
    }
}

fn name(word: &str) -> Option<&str> {
    (!word.is_empty() && word.len() <= 256 && !word.contains([':', '/', '('])).then_some(word)
}

/// A mode in octal digits, and whether an access control list is marked.
fn octal(mode: &str) -> Option<(String, bool)> {
    if let Some((bits, acl)) = symbolic(mode) {
        return Some((format!("{bits:03o}"), acl));
    }
    let digits = (3..=5).contains(&mode.len()) && mode.bytes().all(|b| (b'0'..=b'7').contains(&b));
    let bits = u32::from_str_radix(mode, 8).ok().filter(|bits| digits && *bits <= 0o7777)?;
    Some((format!("{bits:03o}"), false))
}

/// `srw-rw----`, with `.` for a security context or `+` for an access control list behind it.
fn symbolic(mode: &str) -> Option<(u32, bool)> {
    let bytes = mode.as_bytes();
    let acl = match bytes.get(10..)? {
        b"" | b"." | b"@" => false,
        b"+" => true,
        _ => return None,
    };
    let mut bits = 0;
    for (at, byte) in bytes[1..10].iter().enumerate() {
        let bit = 0o400 >> at;
        let special = 0o4000 >> (at / 3);
        bits |= match (at % 3, byte) {
            (_, b'-') => 0,
            (0, b'r') | (1, b'w') | (2, b'x') => bit,
            (2, b's' | b't') => bit | special,
            (2, b'S' | b'T') => special,
            _ => return None,
        };
    }
    Some((bits, acl))
}

#[cfg(test)]
mod tests {
    use super::*;

    const SOCKET: &[&str] = &["/var/run/docker.sock"];

    #[test]
    fn every_form_says_the_same() {
        let wanted = json!({"owner": "root", "group": "docker", "mode": "660"});
        for text in [
            "root:docker 660 /var/run/docker.sock\n",
            "root:docker\n660\n",
            "/var/run/docker.sock root docker 660",
            "/var/run/docker.sock root docker srw-rw----",
            "660 root docker /var/run/docker.sock",
            "srw-rw---- 1 root docker 0 Nov 18 08:15 /var/run/docker.sock",
            "srw-rw----. 1 root docker 0 Nov 18 08:15 /var/run/docker.sock",
            "  File: /var/run/docker.sock\n  Size: 0  Blocks: 0  IO Block: 4096  socket\nDevice: 18h/24d Inode: 9 Links: 1\nAccess: (0660/srw-rw----)  Uid: (    0/    root)   Gid: (  983/  docker)\nAccess: 2026-11-18 08:15:00.1 +0000\n",
        ] {
            assert_eq!(read(text, SOCKET).as_ref(), Ok(&wanted), "{text}");
        }
        assert_eq!(read("root:docker 4755 /x", &["/x"]).unwrap()["mode"], "4755");
        assert_eq!(read("root docker 000", SOCKET).unwrap()["mode"], "000");
        assert_eq!(read("srw-rw----+ 1 root docker 0 Nov 18 08:15 /x", &["/x"]).unwrap()["acl"], true);
    }

    #[test]
    fn the_list_of_getfacl_is_of_the_file_above_it() {
        let with = |list: &str| {
            read(&format!("srw-rw----+ 1 root docker 0 Nov 18 08:15 /var/run/docker.sock\n{list}"), SOCKET)
        };
        let list = "getfacl: Removing leading '/' from absolute path names\n# file: var/run/docker.sock\n# owner: root\n\
                    # group: docker\nuser::rw-\nuser:mallory:rw-\ngroup::rw-\nmask::rw-\nother::---\n";
        assert_eq!(with(list).unwrap()["acl_grants"], json!(["user:mallory:rw-"]));
        assert!(with(&list.replace("docker.sock", "other.sock")).is_err());
        for (from, to) in [
            ("other::---", "other::rw-"),
            ("mask::rw-", "mask::---\nmask::rw-"),
            ("mask::rw-", "mask::---"),
            ("mask::rw-", "mask:x:---"),
            ("# owner: root", "# owner: mallory"),
            ("# group: docker", "# group: users"),
        ] {
            assert_eq!(with(&list.replace(from, to)), Err(TextError::AclContradicts), "{to}");
        }
    }

    #[test]
    fn what_does_not_tell_is_refused() {
        for text in [
            "",
            "root docker",
            "docker 660",
            "stat: cannot stat '/var/run/docker.sock'",
            "root:docker 999 /x",
            "a b c d e f",
            "root:docker 660 /tmp/other.sock",
            "srw-rw---- 1 root docker 0 Nov 18 08:15 '/tmp/other.sock'",
            "root:docker 660 /var/run/docker.sock /tmp/other.sock",
        ] {
            assert!(read(text, SOCKET).is_err(), "{text}");
        }
    }
}
