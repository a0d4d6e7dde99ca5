//! A kind of facts, by its name.

use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::sync::Arc;

use crate::layout::kinds::encoding::Encoding;
use crate::layout::kinds::kubernetes::OTHER;
use crate::layout::kinds::naming::{Naming, Tells, Workload};
use crate::layout::kinds::row::{DumpForm, Holds, RecognizedBy, Row, Scope};
use crate::layout::kinds::table::rows;

/// A kind of fact, such as `docker.container` or `kube.Pod`.
#[derive(Clone)]
pub struct Kind {
    name: Arc<str>,
    row: &'static Row,
}

impl Kind {
    /// The kind of this name. Any `kube.<Kind>` is one; other names must be known.
    ///
    /// ```
    /// use mke_stig::layout::Kind;
    /// assert!(Kind::named("docker.container").is_some());
    /// assert!(Kind::named("kube.Gateway").is_some());
    /// assert!(Kind::named("docker.containers").is_none());
    /// ```
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        let row = rows().find(|row| row.name == name).or_else(|| {
            let object = name.strip_prefix("kube.")?;
            (!object.is_empty() && object.bytes().all(|byte| byte.is_ascii_alphanumeric())).then_some(&OTHER)
        })?;
        Some(Self { name: name.into(), row })
    }

    /// The kinds of the table: all but the Kubernetes ones that share a pattern.
    pub fn all() -> impl Iterator<Item = Self> {
        rows().map(Self::of)
    }

    /// The names of all kinds but those of Kubernetes objects.
    pub fn known_names() -> impl Iterator<Item = &'static str> {
        rows().filter(|row| row.resource.is_none()).map(|row| row.name)
    }

    /// The kind of a row of the table.
    pub(in crate::layout) fn of(row: &'static Row) -> Self {
        Self { name: row.name.into(), row }
    }

    pub(in crate::layout) fn row(&self) -> &'static Row {
        self.row
    }

    /// The name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The name of a Kubernetes kind without `kube.`: what its objects call their kind.
    #[must_use]
    pub fn kubernetes(&self) -> Option<&str> {
        self.name.strip_prefix("kube.")
    }

    /// Whether every node delivers facts of this kind, so that coverage is counted over the nodes.
    #[must_use]
    pub fn per_node(&self) -> bool {
        self.row.scope == Scope::Node
    }

    /// Whether its members are lists, so that one without objects is a list that is empty.
    #[must_use]
    pub fn is_list(&self) -> bool {
        self.row.holds == Holds::Many
    }

    /// Whether its objects lie in namespaces; those of Kubernetes kinds that are in no row do.
    #[must_use]
    pub fn is_namespaced(&self) -> bool {
        self.row.namespaced
    }

    /// Entries of a page, if a server cuts lists of this kind into pages unless it is told otherwise.
    #[must_use]
    pub fn page(&self) -> Option<u64> {
        self.row.page
    }

    /// Fields that every object of the kind has: one without them is something else.
    #[must_use]
    pub fn marks(&self) -> &'static [&'static str] {
        self.row.marks
    }

    /// Fields below which the settings of every object stand.
    pub(crate) fn shape(&self) -> &'static [&'static str] {
        self.row.shape
    }

    /// Fields without which a document is not whole.
    pub(crate) fn whole_with(&self) -> &'static [&'static str] {
        self.row.whole_with
    }

    /// The field in which its program says what it could not reach.
    pub(crate) fn errors(&self) -> Option<&'static str> {
        self.row.errors
    }

    /// The field that is empty where the program that printed an object reached nothing.
    pub(crate) fn never_empty(&self) -> Option<&'static str> {
        self.row.never_empty
    }

    /// How its objects are called in evidence.
    pub(crate) fn naming(&self) -> &'static Naming {
        &self.row.naming
    }

    /// What its objects run.
    pub(crate) fn workload(&self) -> &'static Workload {
        &self.row.workload
    }

    /// The fields that the inventory of the cluster reads, each with what it tells.
    pub(crate) fn inventory(&self) -> &'static [(Tells, &'static str)] {
        self.row.inventory
    }

    /// The kinds that are read also where no rule asks for them.
    pub(crate) fn always_read() -> impl Iterator<Item = Self> {
        rows().filter(|row| row.always_read).map(Self::of)
    }

    /// Fields by which objects are recognized, named and told apart; a redacted snapshot keeps them.
    #[must_use]
    pub fn recognizable_fields(&self) -> Vec<&'static str> {
        let signatures = match self.row.recognized_by {
            RecognizedBy::Keys(signatures) => signatures,
            RecognizedBy::Path | RecognizedBy::Tables(_) | RecognizedBy::Kubernetes => &[],
        };
        let recognized = signatures
            .iter()
            .flat_map(|signature| signature.keys.iter().copied().chain(signature.version.map(|(field, _)| field)));
        let row = self.row;
        let mut fields: Vec<&str> = row.marks.iter().chain(row.kept).copied().chain(recognized).collect();
        fields.extend(row.naming.fields().chain(row.workload.fields()));
        fields.extend(row.inventory.iter().map(|(_, field)| *field));
        fields.sort_unstable();
        fields.dedup();
        fields
    }

    /// How its members are written.
    #[must_use]
    pub fn encoding(&self) -> Encoding {
        self.row.encoding
    }

    /// How a support dump writes it, if it holds it.
    #[must_use]
    pub fn dump_form(&self) -> Option<DumpForm> {
        self.row.in_dump.as_ref().map(|dump| dump.form)
    }

    /// Why a support dump holds only some of its objects; none where it holds all.
    #[must_use]
    pub fn only_some(&self) -> Option<&'static str> {
        self.row.in_dump.as_ref().and_then(|dump| dump.only_some)
    }

    /// Whether the collector collects it.
    #[must_use]
    pub fn is_collected(&self) -> bool {
        self.row.collected
    }

    /// The command, URL or file that delivers it.
    #[must_use]
    pub fn source(&self) -> String {
        match (self.row.resource, self.kubernetes()) {
            (Some(resource), _) => format!("`kubectl get {resource} -A -o json`"),
            (None, Some(kind)) if self.row.from.is_empty() => {
                format!("`kubectl get {} -A -o json`", plural(kind))
            }
            (None, _) => self.row.from.to_owned(),
        }
    }
}

impl PartialEq for Kind {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name
    }
}

impl Eq for Kind {}

impl PartialOrd for Kind {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Kind {
    fn cmp(&self, other: &Self) -> Ordering {
        self.name.cmp(&other.name)
    }
}

impl Hash for Kind {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.name.hash(state);
    }
}

impl fmt::Debug for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Kind").field(&self.name).finish()
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.name)
    }
}

/// The resource name that `kubectl get` takes for a Kubernetes kind, by the rules of English.
pub(crate) fn plural(kind: &str) -> String {
    let lower = kind.to_ascii_lowercase();
    if let Some(stem) = lower.strip_suffix("policy") {
        format!("{stem}policies")
    } else if lower.ends_with("ss") {
        format!("{lower}es")
    } else if lower.ends_with('s') {
        lower
    } else {
        format!("{lower}s")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kubernetes_kinds_are_open_and_others_are_not() {
        assert!(Kind::named("kube.Pod").is_some());
        assert!(Kind::named("kube.").is_none());
        assert!(Kind::named("kube.a b").is_none());
        assert!(Kind::named("docker.containers").is_none());
        assert_eq!(Kind::named("kube.NetworkPolicy").unwrap().source(), "`kubectl get networkpolicies -A -o json`");
        assert_eq!(Kind::named("kube.Ingress").unwrap().source(), "`kubectl get ingresses -A -o json`");
        assert_eq!(Kind::named("kube.GatewayClass").unwrap().source(), "`kubectl get gatewayclasses -A -o json`");
    }

    #[test]
    fn a_resource_is_called_as_the_rules_of_english_say() {
        for kind in Kind::all() {
            if let (Some(resource), Some(name)) = (kind.row().resource, kind.kubernetes()) {
                assert_eq!(resource, plural(name), "{kind}");
            }
        }
    }
}
