//! The machine-readable part of the site's System Security Plan.

use globset::{GlobBuilder, GlobMatcher};

use crate::facts::Anchors;
use crate::rules::{Checker, EXCEPTION_TYPES, Node, Problem, nearest, parse};

/// The SSP.
#[derive(Debug, Clone, Default)]
pub struct Ssp {
    /// Name of the system.
    pub system: String,
    /// Classification or distribution marking.
    pub marking: Option<String>,
    /// Documented exceptions, in the order of the file.
    pub exceptions: Vec<Exception>,
    /// The authorities whose certificates are trusted.
    pub trusted_ca: Option<TrustedCa>,
}

/// The authorities whose certificates are trusted.
#[derive(Debug, Clone, Default)]
pub struct TrustedCa {
    /// Their certificates.
    pub anchors: Anchors,
    /// Last day on which the entry holds, `YYYY-MM-DD`.
    pub expires: String,
    /// Whether it is approved: otherwise it decides nothing.
    pub approved: bool,
}

impl TrustedCa {
    /// Whether it holds on a day (`YYYY-MM-DD`); without a day it cannot be told and does not.
    #[must_use]
    pub fn holds_on(&self, day: Option<&str>) -> bool {
        self.approved && day.is_some_and(|day| day <= self.expires.as_str())
    }
}

/// A documented exception.
#[derive(Debug, Clone)]
pub struct Exception {
    /// What it excuses, one of [`EXCEPTION_TYPES`].
    pub kind: String,
    /// Which objects: every pattern that is given must match.
    pub image: Option<Pattern>,
    /// Container name.
    pub container: Option<Pattern>,
    /// Kubernetes namespace.
    pub namespace: Option<Pattern>,
    /// Node name.
    pub node: Option<Pattern>,
    /// Why it is needed.
    pub reason: String,
    /// Who approved it.
    pub approver: String,
    /// Last day on which it holds, `YYYY-MM-DD`.
    pub expires: String,
    /// Whether it is approved: otherwise it decides nothing.
    pub approved: bool,
}

/// A glob in which `*` stands for any characters, `/` included.
#[derive(Debug, Clone)]
pub struct Pattern {
    /// The text.
    pub text: String,
    matcher: GlobMatcher,
}

/// What an exception can look at.
#[derive(Debug, Clone, Copy, Default)]
pub struct Target<'t> {
    /// Images of the object.
    pub images: &'t [&'t str],
    /// Container name.
    pub container: Option<&'t str>,
    /// Namespace.
    pub namespace: Option<&'t str>,
    /// Node.
    pub node: Option<&'t str>,
}

impl Exception {
    /// Whether it speaks of this object. A pod is meant by its image only if all its images match.
    #[must_use]
    pub fn covers(&self, target: &Target<'_>) -> bool {
        let one = |pattern: &Option<Pattern>, value: Option<&str>| {
            pattern.as_ref().is_none_or(|pattern| value.is_some_and(|value| pattern.matcher.is_match(value)))
        };
        let images = self.image.as_ref().is_none_or(|pattern| {
            !target.images.is_empty() && target.images.iter().all(|image| pattern.matcher.is_match(image))
        });
        images
            && one(&self.container, target.container)
            && one(&self.namespace, target.namespace)
            && one(&self.node, target.node)
    }

    /// Whether it holds on a day (`YYYY-MM-DD`); without a day it cannot be told and does not.
    #[must_use]
    pub fn holds_on(&self, day: Option<&str>) -> bool {
        self.approved && day.is_some_and(|day| day <= self.expires.as_str())
    }

    /// The exception in one line.
    #[must_use]
    pub fn words(&self) -> String {
        let mut parts = Vec::new();
        for (name, pattern) in
            [("image", &self.image), ("container", &self.container), ("namespace", &self.namespace), ("node", &self.node)]
        {
            if let Some(pattern) = pattern {
                parts.push(format!("{name} {}", pattern.text));
            }
        }
        format!("{} for {}", self.kind, if parts.is_empty() { "everything".to_owned() } else { parts.join(", ") })
    }
}

const KEYS: &[&str] = &["system", "marking", "exceptions", "trusted_ca"];
const TRUSTED_CA_KEYS: &[&str] = &["pem", "reason", "approver", "expires", "approved"];
const EXCEPTION_KEYS: &[&str] =
    &["type", "image", "container", "namespace", "node", "reason", "approver", "expires", "approved"];

impl Ssp {
    /// Reads an `ssp.yaml`.
    ///
    /// # Errors
    /// Every problem of the file.
    pub fn parse(file: &str, text: &str) -> Result<Self, Vec<Problem>> {
        let value = parse(file, text).map_err(|problem| vec![problem])?;
        let mut checker = Checker::new(file, text);
        let mut ssp = Self::default();
        for (key, node) in checker.entries(&Node::root(&value), "the SSP") {
            match key {
                "system" => ssp.system = checker.text(&node, "`system`"),
                "marking" => ssp.marking = Some(checker.text(&node, "`marking`")),
                "exceptions" => {
                    let elements = checker.elements(&node, "`exceptions`");
                    ssp.exceptions = elements.iter().map(|node| exception(&mut checker, node)).collect();
                }
                "trusted_ca" => ssp.trusted_ca = Some(trusted_ca(&mut checker, &node)),
                other => checker.unknown_key(&node, other, KEYS),
            }
        }
        if checker.clean() { Ok(ssp) } else { Err(checker.finish()) }
    }
}

fn exception(checker: &mut Checker<'_>, node: &Node<'_>) -> Exception {
    let mut exception = Exception {
        kind: String::new(),
        image: None,
        container: None,
        namespace: None,
        node: None,
        reason: String::new(),
        approver: String::new(),
        expires: String::new(),
        approved: false,
    };
    for (key, value) in checker.entries(node, "an exception") {
        match key {
            "type" => {
                exception.kind = checker.text(&value, "`type`");
                if !EXCEPTION_TYPES.contains(&exception.kind.as_str()) {
                    let message = format!("`{}` is not a type of exception", exception.kind);
                    checker.problem(&value, message, nearest(&exception.kind, EXCEPTION_TYPES));
                }
            }
            "image" => exception.image = pattern(checker, &value),
            "container" => exception.container = pattern(checker, &value),
            "namespace" => exception.namespace = pattern(checker, &value),
            "node" => exception.node = pattern(checker, &value),
            "reason" => value.value.as_str().unwrap_or_default().clone_into(&mut exception.reason),
            "approver" => value.value.as_str().unwrap_or_default().clone_into(&mut exception.approver),
            "expires" => exception.expires = day(checker, &value),
            "approved" => exception.approved = checker.boolean(&value, "`approved`"),
            other => checker.unknown_key(&value, other, EXCEPTION_KEYS),
        }
    }
    for (name, value) in [("type", &exception.kind), ("expires", &exception.expires)] {
        if value.is_empty() && checker.clean() {
            checker.problem(node, format!("`{name}` is missing"), "");
        }
    }
    if exception.approved && (exception.reason.is_empty() || exception.approver.is_empty()) {
        checker.problem(node, "an approved exception needs `reason` and `approver`", "");
    }
    exception
}

fn trusted_ca(checker: &mut Checker<'_>, node: &Node<'_>) -> TrustedCa {
    let mut bundle = TrustedCa::default();
    let (mut reason, mut approver) = (String::new(), String::new());
    for (key, value) in checker.entries(node, "`trusted_ca`") {
        match key {
            "pem" => match Anchors::parse(&checker.text(&value, "`pem`")) {
                Ok(anchors) => bundle.anchors = anchors,
                Err(why) => checker.problem(&value, format!("this is no bundle of certificates: {why}"), "write them in PEM after `pem: |`"),
            },
            "reason" => value.value.as_str().unwrap_or_default().clone_into(&mut reason),
            "approver" => value.value.as_str().unwrap_or_default().clone_into(&mut approver),
            "expires" => bundle.expires = day(checker, &value),
            "approved" => bundle.approved = checker.boolean(&value, "`approved`"),
            other => checker.unknown_key(&value, other, TRUSTED_CA_KEYS),
        }
    }
    let lacking = [("pem", bundle.anchors.is_empty()), ("expires", bundle.expires.is_empty())];
    for (name, _) in lacking.iter().filter(|(_, lacks)| *lacks) {
        if checker.clean() {
            checker.problem(node, format!("`{name}` is missing"), "");
        }
    }
    if bundle.approved && (reason.is_empty() || approver.is_empty()) {
        checker.problem(node, "an approved entry needs `reason` and `approver`", "");
    }
    bundle
}

fn pattern(checker: &mut Checker<'_>, node: &Node<'_>) -> Option<Pattern> {
    let text = checker.text(node, "a pattern");
    if text.is_empty() {
        return None;
    }
    match GlobBuilder::new(&text).literal_separator(false).build() {
        Ok(glob) => Some(Pattern { text, matcher: glob.compile_matcher() }),
        Err(error) => {
            checker.problem(node, format!("this is not a pattern: {error}"), "`*` stands for any characters");
            None
        }
    }
}

fn day(checker: &mut Checker<'_>, node: &Node<'_>) -> String {
    let text = checker.text(node, "`expires`");
    let shape: String = text.chars().map(|c| if c.is_ascii_digit() { '9' } else { c }).collect();
    if !text.is_empty() && shape != "9999-99-99" {
        checker.problem(node, format!("`{text}` is not a day"), "write it as 2027-06-30");
    }
    text
}
