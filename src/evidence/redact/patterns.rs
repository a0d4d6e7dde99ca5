//! What reads as an address, a host or a person in any text.

use core::net::IpAddr;
use std::sync::LazyLock;

use regex::bytes::Regex;

use crate::evidence::redact::coding::{self, BEGIN, Pem};
use crate::evidence::redact::der;
use crate::evidence::redact::names::{Category, Names};

fn regex(text: &str) -> Option<Regex> {
    // The patterns are constants, which a test compiles.
    Regex::new(text).ok()
}

static PATTERNS: LazyLock<Vec<(Sort, Regex)>> = LazyLock::new(|| {
    let all = [
        (Sort::Address, r"(?-u)[0-9]{1,3}(?:\.[0-9]{1,3}){3}"),
        (Sort::Address, r"(?-u)[0-9A-Fa-f]{1,4}:[0-9A-Fa-f:]{2,45}"),
        (Sort::Host, r"(?-u)[A-Za-z][A-Za-z0-9+]{1,10}://(?:[^/@\s\x22\\]{1,64}@)?([A-Za-z0-9][A-Za-z0-9.-]{2,252})"),
        (
            Sort::Mail,
            r"(?-u)([A-Za-z0-9][A-Za-z0-9._+-]{1,63})@([A-Za-z0-9][A-Za-z0-9-]*(?:\.[A-Za-z0-9-]{1,63}){1,8})",
        ),
        (Sort::Directory, r"(?i-u)\b(?:cn|uid|samaccountname)=([^,\x22\\=\r\n]{3,128}),\s?(?:cn|ou|dc|o|l)="),
        (Sort::Domain, r"(?i-u)\bdc=([a-z0-9-]{1,63}),\s?dc=([a-z0-9-]{1,63})(?:,\s?dc=([a-z0-9-]{1,63}))?"),
    ];
    all.into_iter().filter_map(|(sort, text)| Some((sort, regex(text)?))).collect()
});

#[derive(Clone, Copy, PartialEq, Eq)]
enum Sort {
    Address,
    Host,
    Mail,
    Directory,
    Domain,
}

/// Gathers from a piece of a member.
pub(super) fn text(text: &[u8], names: &mut Names) {
    for (sort, regex) in PATTERNS.iter() {
        for found in regex.captures_iter(text) {
            let Some(whole) = found.get(0) else { continue };
            let part = |number| found.get(number).and_then(|part| std::str::from_utf8(part.as_bytes()).ok());
            let around = |at: Option<usize>| at.and_then(|at| text.get(at)).copied().unwrap_or(b' ');
            match sort {
                Sort::Address => {
                    let before = around(whole.start().checked_sub(1));
                    let after = around(Some(whole.end()));
                    let inside = |byte: u8| byte.is_ascii_alphanumeric();
                    if !inside(before) && before != b'.' && !inside(after) {
                        address(part(0).unwrap_or_default(), names);
                    }
                }
                Sort::Host => names.host(part(1).unwrap_or_default(), false),
                Sort::Mail => {
                    names.found(Category::People, part(1).unwrap_or_default());
                    names.host(part(2).unwrap_or_default(), false);
                }
                Sort::Directory => names.found(Category::People, part(1).unwrap_or_default()),
                Sort::Domain => {
                    let parts: Vec<&str> = (1..4).filter_map(part).collect();
                    names.found(Category::Domains, &parts.join("."));
                }
            }
        }
    }
    certificates(text, names);
}

fn address(text: &str, names: &mut Names) {
    if let Ok(address) = text.parse::<IpAddr>() {
        let mask = matches!(address, IpAddr::V4(four) if four.octets()[0] == 255);
        if !address.is_loopback() && !address.is_unspecified() && !mask {
            names.found(Category::Addresses, text);
        }
        return;
    }
    let parts: Vec<&str> = text.split(':').collect();
    let hardware = parts.len() == 6 && parts.iter().all(|part| part.len() == 2);
    if hardware && !matches!(text, "00:00:00:00:00:00" | "ff:ff:ff:ff:ff:ff") {
        names.found(Category::Addresses, text);
    }
}

/// The names and addresses for which certificates are made.
fn certificates(text: &[u8], names: &mut Names) {
    let mut at = 0;
    while let Some(next) = crate::evidence::redact::chunks::find(&text[at..], BEGIN) {
        at += next;
        let Some(block) = Pem::of(&text[at..]) else {
            at += BEGIN.len();
            continue;
        };
        at += block.end;
        der::rewrite(&block.bytes, &mut |tag, value| {
            match tag {
                0x82 => names.host(std::str::from_utf8(value).unwrap_or_default().trim_start_matches("*."), false),
                0x81 => self::text(value, names),
                0x87 => address(&coding::address(value).unwrap_or_default(), names),
                0x0c | 0x13 | 0x16 => {
                    let value = std::str::from_utf8(value).unwrap_or_default();
                    if value.contains('.') && !value.contains(' ') {
                        names.host(value.trim_start_matches("*."), false);
                    }
                }
                _ => {}
            }
            None
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_patterns_compile() {
        assert_eq!(PATTERNS.len(), 6);
    }

    #[test]
    fn names_are_read_in_text() {
        let mut names = Names::default();
        text(b"x 10.1.2.3/24 to:fd00::5 09:12:41 127.0.0.1 02:42:ac:11:00:02 ldaps://ad.corp.mil:636 cn=Jo Doe,ou=X,dc=corp,dc=mil", &mut names);
        names.assign();
        let of = |category| names.mapped[&category].keys().cloned().collect::<Vec<_>>();
        assert_eq!(of(Category::Addresses), ["02:42:ac:11:00:02", "10.1.2.3", "fd00::5"]);
        assert_eq!(of(Category::Hosts), ["ad.corp.mil"]);
        assert_eq!(of(Category::Domains), ["corp.mil", "dc=corp,dc=mil"]);
        assert_eq!(of(Category::People), ["jo doe"]);
    }
}
