//! Globs on the names of objects.

use globset::{GlobBuilder, GlobMatcher};

/// A glob in which `*` stands for any characters, `/` included.
#[derive(Debug, Clone)]
pub struct Pattern {
    /// The text.
    pub text: String,
    matcher: GlobMatcher,
}

impl Pattern {
    /// Reads a glob.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn parse(text: &str) -> Result<Self, String> {
        Self::read(text, false)
    }

    /// Reads a glob on the names of hosts, in which case says nothing.
    pub(crate) fn of_hosts(text: &str) -> Result<Self, String> {
        Self::read(text, true)
    }

    fn read(text: &str, case_says_nothing: bool) -> Result<Self, String> {
        let glob = GlobBuilder::new(text)
            .literal_separator(false)
            .backslash_escape(true)
            .case_insensitive(case_says_nothing)
            .build()
            .map_err(|error| error.to_string())?;
        Ok(Self { text: text.to_owned(), matcher: glob.compile_matcher() })
    }

    /// Whether a name is meant.
    #[must_use]
    pub fn matches(&self, name: &str) -> bool {
        self.matcher.is_match(name)
    }

    /// Whether a host is meant. A glob without a domain means the host in whatever domain its engine says.
    pub(crate) fn matches_host(&self, name: &str) -> bool {
        let short = || name.split_once('.').is_some_and(|(short, _)| self.matches(short));
        self.matches(name) || !self.text.contains('.') && short()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_host_is_meant_in_every_spelling_of_its_name() {
        let means = |glob: &str, name: &str| Pattern::of_hosts(glob).unwrap().matches_host(name);
        for (glob, name) in
            [("wrk-2", "wrk-2"), ("wrk-2", "WRK-2"), ("wrk-2", "wrk-2.site.example"), ("WRK-?", "wrk-2.site.example")]
        {
            assert!(means(glob, name), "{glob} {name}");
        }
        for (glob, name) in
            [("wrk-2", "wrk-21"), ("wrk-2", "wrk-21.wrk-2"), ("wrk-2.site.example", "wrk-2"), ("wrk-2.a", "wrk-2.b")]
        {
            assert!(!means(glob, name), "{glob} {name}");
        }
        assert!(!Pattern::parse("shop/web").unwrap().matches("shop/Web"));
    }
}
