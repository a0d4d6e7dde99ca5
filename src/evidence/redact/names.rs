//! The names that are replaced, and what each becomes.
//!
//! A name is compared without regard to the case of its letters. Names that are words of the products themselves, such as
//! `default` or `docker`, are never replaced: they tell nothing about a site, and verdicts hang on them. What looks like a
//! name but is a word of the snapshot's own format cannot be replaced without changing what the snapshot says; it is told.

use core::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::collections::{BTreeMap, BTreeSet};

use crate::evidence::redact::words::{Unlisted, is_host, is_of_products, unlisted};
use crate::model::limits;

/// Names of one snapshot. More are no names of a cluster.
const MAX_NAMES: usize = limits::NAMES;

/// What a name is a name of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Category {
    /// A node or another host.
    Hosts,
    /// A DNS domain.
    Domains,
    /// An account, a group of people or a person.
    People,
    /// An IP or hardware address.
    Addresses,
    /// An image, without its registry and tag.
    Images,
    /// A namespace or a stack.
    Namespaces,
}

impl Category {
    /// All of them, in the order in which a name that could be several is taken.
    pub const ALL: [Self; 6] =
        [Self::Hosts, Self::Domains, Self::People, Self::Addresses, Self::Images, Self::Namespaces];

    /// What the map calls it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Hosts => "hosts",
            Self::Domains => "domains",
            Self::People => "people",
            Self::Addresses => "addresses",
            Self::Images => "images",
            Self::Namespaces => "namespaces",
        }
    }
}

/// Names and what they become.
#[derive(Debug, Default)]
pub struct Names {
    /// By category, each name in lower case with its replacement.
    pub(super) mapped: BTreeMap<Category, BTreeMap<String, String>>,
    /// Names that the keeper of the map wants kept.
    pub(super) keep: BTreeSet<String>,
    found: BTreeMap<Category, BTreeSet<String>>,
    count: usize,
    /// Names that are words of the format, or too short.
    pub(super) left: BTreeSet<String>,
    /// Whether there were more than are held.
    pub(super) too_many: bool,
}

impl Names {
    /// Remembers a name.
    pub(super) fn found(&mut self, category: Category, name: &str) {
        let name = name.trim().to_ascii_lowercase();
        if self.keep.contains(&name) || self.known(category, &name) {
            return;
        }
        match unlisted(&name) {
            Some(Unlisted::Silently) => {}
            Some(Unlisted::Told) => {
                if self.left.len() < MAX_NAMES {
                    self.left.insert(name);
                }
            }
            None if self.count >= MAX_NAMES => self.too_many = true,
            None => {
                self.found.entry(category).or_default().insert(name);
                self.count += 1;
            }
        }
    }

    fn known(&self, category: Category, name: &str) -> bool {
        self.found.get(&category).is_some_and(|names| names.contains(name))
    }

    /// Remembers a host by its name, and the domain in it. Of a node the part before the domain is a name too.
    pub(super) fn host(&mut self, name: &str, node: bool) {
        let name = name.trim().trim_end_matches('.').to_ascii_lowercase();
        if !is_host(&name) || is_of_products(&name) {
            return;
        }
        if let Some((label, domain)) = name.split_once('.') {
            if node {
                self.found(Category::Hosts, label);
            }
            if domain.contains('.') {
                self.found(Category::Domains, domain);
            }
        }
        if node || name.contains('.') {
            self.found(Category::Hosts, &name);
        }
    }

    /// Gives every name that was found what it becomes. What the map has stays.
    pub(super) fn assign(&mut self) {
        let mut taken: BTreeSet<String> = self.found.values().flatten().cloned().collect();
        let mut listed = BTreeSet::new();
        for names in self.mapped.values() {
            taken.extend(names.values().cloned());
            taken.extend(names.keys().cloned());
            listed.extend(names.keys().cloned());
        }
        let found = std::mem::take(&mut self.found);
        let domains = [Category::Domains, Category::Hosts];
        let rest = Category::ALL.into_iter().filter(|category| !domains.contains(category));
        for category in domains.into_iter().chain(rest) {
            let mut names: Vec<&String> = found.get(&category).into_iter().flatten().collect();
            // Hosts without a domain first, for those with one are made of them.
            names.sort_by_key(|name| (category == Category::Hosts && name.contains('.'), *name));
            // A replacement can be part of another, as that of a host is, so numbers of an earlier map are not used again.
            let begun = if category == Category::Addresses { 0 } else { self.count(category) as u64 };
            let mut next = Numbers { plain: begun, ..Numbers::default() };
            for name in names {
                if listed.insert(name.clone()) {
                    let new = self.replacement(category, name, &mut next, &taken);
                    taken.insert(new.clone());
                    self.mapped.entry(category).or_default().insert(name.clone(), new);
                }
            }
        }
        self.distinguished();
    }

    /// Domains in the way of a directory, `dc=corp,dc=mil`.
    fn distinguished(&mut self) {
        let Some(domains) = self.mapped.get_mut(&Category::Domains) else { return };
        let plain: Vec<(String, String)> = domains.iter().map(|(old, new)| (old.clone(), new.clone())).collect();
        for (old, new) in plain.iter().filter(|(old, _)| !old.contains('=')) {
            let parts = |name: &str| name.split('.').map(|part| format!("dc={part}")).collect::<Vec<_>>().join(",");
            domains.entry(parts(old)).or_insert_with(|| parts(new));
        }
    }

    fn replacement(&self, category: Category, name: &str, next: &mut Numbers, taken: &BTreeSet<String>) -> String {
        let of = |category: Category, name: &str| self.mapped.get(&category).and_then(|names| names.get(name)).cloned();
        let free = |next: &mut u64, make: &dyn Fn(u64) -> String| loop {
            *next += 1;
            let name = make(*next);
            if !taken.contains(&name) {
                return name;
            }
        };
        match category {
            Category::Hosts => {
                let Some((label, domain)) = name.split_once('.') else {
                    return free(&mut next.plain, &|number| format!("host-{number:04}"));
                };
                let label = of(Category::Hosts, label)
                    .unwrap_or_else(|| free(&mut next.plain, &|number| format!("host-{number:04}")));
                let domain = of(Category::Domains, domain).unwrap_or_else(|| "example".to_owned());
                format!("{label}.{domain}")
            }
            Category::Domains => free(&mut next.plain, &|number| format!("domain-{number:04}.example")),
            Category::People => free(&mut next.plain, &|number| format!("person-{number:04}")),
            Category::Images if name.contains('/') => {
                free(&mut next.plain, &|number| format!("folder-{number:04}/image-{number:04}"))
            }
            Category::Images => free(&mut next.plain, &|number| format!("image-{number:04}")),
            Category::Namespaces => free(&mut next.plain, &|number| format!("space-{number:04}")),
            Category::Addresses => address(name, next, &free),
        }
    }
}

/// The last numbers that were given.
#[derive(Default)]
struct Numbers {
    plain: u64,
    private: u64,
    six: u64,
    hardware: u64,
}

type Free<'a> = dyn Fn(&mut u64, &dyn Fn(u64) -> String) -> String + 'a;

/// An address of the same sort: private ones stay private.
fn address(name: &str, next: &mut Numbers, free: &Free<'_>) -> String {
    let low = |number: u64| u32::try_from(number & 0x00ff_ffff).unwrap_or_default();
    match name.parse::<IpAddr>() {
        Ok(IpAddr::V4(old)) if old.is_private() => {
            free(&mut next.private, &|number| Ipv4Addr::from(0x0a00_0000 | low(number)).to_string())
        }
        Ok(IpAddr::V4(old)) if old.is_link_local() => {
            free(&mut next.plain, &|number| Ipv4Addr::from(0xa9fe_0000 | (low(number) & 0xffff)).to_string())
        }
        Ok(IpAddr::V4(_)) => free(&mut next.plain, &|number| Ipv4Addr::from(0xc612_0000 | low(number)).to_string()),
        Ok(IpAddr::V6(old)) => {
            let base: u128 = match old.segments()[0] & 0xffc0 {
                0xfe80 => 0xfe80 << 112,
                part if part & 0xfe00 == 0xfc00 => 0xfd00 << 112,
                _ => 0x2001_0db8 << 96,
            };
            free(&mut next.six, &|number| Ipv6Addr::from(base | u128::from(number)).to_string())
        }
        Err(_) => free(&mut next.hardware, &|number| {
            let [.., a, b, c, d] = number.to_be_bytes();
            format!("02:00:{a:02x}:{b:02x}:{c:02x}:{d:02x}")
        }),
    }
}
