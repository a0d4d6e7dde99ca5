//! What a row of the table says of a kind.

use crate::layout::kinds::encoding::Encoding;
use crate::layout::kinds::naming::{Naming, Tells, Workload};

/// One kind of facts. Rows are written as the difference to one of the patterns below.
#[derive(Debug)]
pub(crate) struct Row {
    /// The name that rules use, such as `docker.container`.
    pub(crate) name: &'static str,
    /// Who delivers it.
    pub(crate) scope: Scope,
    /// How its members are written.
    pub(crate) encoding: Encoding,
    /// How many objects a member holds.
    pub(crate) holds: Holds,
    /// Where its member lies in a snapshot's `cluster/`; `kubectl/<resource>.json` for a resource.
    pub(crate) in_cluster: Option<&'static str>,
    /// Where its member lies in a snapshot's `nodes/<node>/`.
    pub(crate) on_node: Option<&'static str>,
    /// Where it lies in a support dump.
    pub(crate) in_dump: Option<InDump>,
    /// The name of the resource that `kubectl get` takes; for Kubernetes kinds alone.
    pub(crate) resource: Option<&'static str>,
    /// Whether its objects lie in namespaces.
    pub(crate) namespaced: bool,
    /// Entries of a page, where the server cuts lists into pages unless it is told otherwise.
    pub(crate) page: Option<u64>,
    /// Fields that every object has: one without them is something else.
    pub(crate) marks: &'static [&'static str],
    /// Fields below which the settings of every object stand: in an object without them, settings are
    /// unknown and not absent. Other programs' lists of the same things, and trimmed ones, lack them.
    pub(crate) shape: &'static [&'static str],
    /// Fields without which a document is cut, or is none that its program wrote: nothing is absent from it.
    pub(crate) whole_with: &'static [&'static str],
    /// Where its program says what it could not reach; the rest of such an object tells nothing.
    pub(crate) errors: Option<&'static str>,
    /// A field that is empty where the program reached nothing, though it printed the rest.
    pub(crate) never_empty: Option<&'static str>,
    /// The command, URL or file that delivers it, as messages name it; made of `resource` where empty.
    pub(crate) from: &'static str,
    /// Whether the collector collects it; what it does not comes from other programs' folders.
    pub(crate) collected: bool,
    /// By what its output is recognized where the file's name says nothing.
    pub(crate) recognized_by: RecognizedBy,
    /// How its objects are called in evidence.
    pub(crate) naming: Naming,
    /// What its objects run.
    pub(crate) workload: Workload,
    /// The fields that the inventory of the cluster reads, each with what it tells.
    pub(crate) inventory: &'static [(Tells, &'static str)],
    /// Whether it is read also where no rule asks for it.
    pub(crate) always_read: bool,
    /// Fields that every snapshot keeps besides those that the row names for another purpose:
    /// without these ids and times, objects of two sources cannot be told to be the same.
    pub(crate) kept: &'static [&'static str],
    /// The fields that the collector keeps; of any other only the name leaves the cluster.
    pub(crate) selects: &'static [Group],
}

/// Fields below a common path.
pub(crate) type Group = (&'static str, Select);

/// What the collector keeps below a path.
#[derive(Debug)]
pub(crate) enum Select {
    /// Paths with blanks between them; `*` is any key, and lists are entered. One that begins with `/` is a path
    /// of the whole document. Behind `=` stands what is kept of a value: see `Kept`, for example `path` what
    /// is a path of the host, `name` nothing but that it is there.
    Fields(&'static str),
    /// Fields that stand at several places, under a name of their own.
    Below(&'static str, &'static [Group]),
}

/// How many objects a member holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Holds {
    /// One: a member without an object is broken.
    One,
    /// A list: a member without objects is an empty list.
    Many,
}

/// Who delivers a kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Scope {
    /// Every node for itself: coverage is counted over the nodes.
    Node,
    /// The cluster, through MKE, a client bundle or the Kubernetes API.
    Cluster,
}

/// Where a kind lies in a support dump, and how it is written there.
#[derive(Debug)]
pub(crate) struct InDump {
    /// Names of files, with at most one `*`; one with a folder lies in a node's folder of that name.
    pub(crate) files: &'static [&'static str],
    /// The keys of the section of a node's report.
    pub(crate) section: &'static [&'static str],
    /// How it is written.
    pub(crate) form: DumpForm,
    /// Why the dump holds only some of the objects.
    pub(crate) only_some: Option<&'static str>,
}

/// How a dump writes a kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DumpForm {
    /// JSON objects: native, as a text or as lines of a text.
    Objects,
    /// One inspection of a container in each file, or all by their names; files of one node are one list.
    Inspections,
    /// JSON objects, or the table that `docker images` prints.
    Images,
    /// A JSON object, or the text that `docker info` prints.
    EngineInfo,
    /// A file of a node: an error message stands in its place where the node has none.
    DaemonFile,
    /// A JSON object under other names than the TOML has, and with fewer fields.
    Configuration,
    /// A text that is the id itself.
    InstanceId,
    /// The text of the kind's own encoding.
    OwnText,
}

/// By what a member is recognized where the layout does not name it.
#[derive(Debug)]
pub(crate) enum RecognizedBy {
    /// Its path alone.
    Path,
    /// The keys of its first object, in any of these ways.
    Keys(&'static [Signature]),
    /// At least two of these tables of a TOML file.
    Tables(&'static [&'static str]),
    /// `apiVersion` and `kind`.
    Kubernetes,
}

/// Keys that no other kind's objects have together.
#[derive(Debug)]
pub(crate) struct Signature {
    /// The keys, `a.b` for a key inside an object.
    pub(crate) keys: &'static [&'static str],
    /// The field of the version, and whether it names MKE (`ucp/…`): an engine and MKE print alike.
    pub(crate) version: Option<(&'static str, bool)>,
}

impl Signature {
    pub(super) const fn keys(keys: &'static [&'static str]) -> Self {
        Self { keys, version: None }
    }

    /// Of these keys, and with a version that is an engine's.
    pub(super) const fn engine(keys: &'static [&'static str], version: &'static str) -> Self {
        Self { keys, version: Some((version, false)) }
    }

    /// Of these keys, and with a version that is MKE's.
    pub(super) const fn mke(keys: &'static [&'static str], version: &'static str) -> Self {
        Self { keys, version: Some((version, true)) }
    }
}

/// A kind of the cluster whose members are lists of JSON objects.
pub(super) const CLUSTER: Row = Row {
    name: "",
    scope: Scope::Cluster,
    encoding: Encoding::Json,
    holds: Holds::Many,
    in_cluster: None,
    on_node: None,
    in_dump: None,
    resource: None,
    namespaced: false,
    page: None,
    marks: &[],
    shape: &[],
    whole_with: &[],
    errors: None,
    never_empty: None,
    from: "",
    collected: true,
    recognized_by: RecognizedBy::Path,
    naming: Naming::NONE,
    workload: Workload::NONE,
    inventory: &[],
    always_read: false,
    kept: &[],
    selects: &[],
};

/// A kind that every node has.
pub(super) const NODE: Row = Row { scope: Scope::Node, ..CLUSTER };

/// The objects of a dump's files, with nothing further known.
pub(super) const DUMPED: InDump = InDump { files: &[], section: &[], form: DumpForm::Objects, only_some: None };
