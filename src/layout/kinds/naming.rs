//! Fields of a kind that mean the same to the whole program: its objects' names, what they run, and what
//! the inventory of the cluster reads of them.

/// How an object is called in evidence: `before` + `main` (`aside`).
#[derive(Debug)]
pub(crate) struct Naming {
    /// The field of the name.
    pub(crate) main: Option<&'static str>,
    /// The field shown before the name, and what stands between.
    pub(crate) before: Option<(&'static str, char)>,
    /// The field shown behind the name, in brackets.
    pub(crate) aside: Option<&'static str>,
    /// What it is called where the object has no name; without it, by the name of the kind.
    pub(crate) fallback: Option<&'static str>,
    /// The field that makes an object which several nodes show one and the same.
    pub(crate) shared_id: Option<&'static str>,
}

impl Naming {
    /// Objects without a name.
    pub(super) const NONE: Self = Self { main: None, before: None, aside: None, fallback: None, shared_id: None };

    /// By one field.
    pub(super) const fn by(main: &'static str) -> Self {
        Self { main: Some(main), ..Self::NONE }
    }

    /// With another field behind it.
    pub(super) const fn and(main: &'static str, aside: &'static str) -> Self {
        Self { main: Some(main), aside: Some(aside), ..Self::NONE }
    }

    /// With another field before it, and this character between.
    pub(super) const fn within(main: &'static str, before: &'static str, between: char) -> Self {
        Self { main: Some(main), before: Some((before, between)), ..Self::NONE }
    }

    /// The fields that it reads.
    pub(crate) fn fields(&self) -> impl Iterator<Item = &'static str> {
        [self.main, self.before.map(|(field, _)| field), self.aside, self.shared_id].into_iter().flatten()
    }
}

/// What the objects of a kind run.
#[derive(Debug)]
pub(crate) struct Workload {
    /// Fields that are an image.
    pub(crate) images: &'static [&'static str],
    /// Lists of objects, each with its `image`.
    pub(crate) lists: &'static [&'static str],
    /// The field of the node.
    pub(crate) node: Option<&'static str>,
    /// Whether the name begins with the node in the list of the whole cluster: `/<node>/<container>`.
    pub(crate) node_in_name: bool,
}

impl Workload {
    /// Objects that run nothing.
    pub(super) const NONE: Self = Self { images: &[], lists: &[], node: None, node_in_name: false };

    /// The fields that it reads.
    pub(crate) fn fields(&self) -> impl Iterator<Item = &'static str> {
        self.images.iter().chain(self.lists).copied().chain(self.node)
    }
}

/// What a field tells the inventory of the cluster: its nodes, versions and orchestrators.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Tells {
    /// The name of a node.
    NodeName,
    /// The operating system, as people call it.
    System,
    /// The operating system, `linux` or `windows`.
    SystemType,
    /// The id of the operating system in `os-release`.
    SystemId,
    /// How many containers there are.
    Containers,
    /// How many containers run.
    Running,
    /// How many images there are.
    ImagesHeld,
    /// How many nodes the swarm has.
    SwarmNodes,
    /// The managers that a node of the swarm knows, by their ids.
    Managers,
    /// The service of which a container is.
    Service,
    /// The same service, by its id.
    ServiceId,
    /// The objects that made an object of Kubernetes and look after it.
    Owners,
    /// The networks of a container.
    Networks,
    /// The networks on which the tasks of a service are.
    Attached,
    /// The pod of which a container is, by its UID.
    Pod,
    /// Whether a container runs.
    IsRunning,
    /// The container of a pod, by the name that it has there.
    InPod,
    /// What a pod says of its containers.
    Statuses,
    /// The image of a container, by its id.
    ImageId,
    /// Whether a network is of the swarm or of one node.
    Reach,
    /// The id of the swarm.
    SwarmId,
    /// When the source was taken.
    Time,
    /// An address of the node.
    Address,
    /// A list of addresses of the node, with their types.
    Addresses,
    /// Manager or worker.
    Role,
    /// Whether the swarm has lost the node.
    State,
    /// Whether the node runs services of Swarm.
    RunsSwarm,
    /// Whether the node runs pods of Kubernetes.
    RunsKubernetes,
    /// The labels of the node, among them its role.
    Labels,
    /// The version of the kubelet.
    Kubelet,
    /// The name of an object.
    Name,
    /// What makes an object that is listed twice one object.
    Id,
    /// The namespace of an object.
    Namespace,
    /// Whether the cluster is without Kubernetes.
    SwarmOnly,
    /// The registries that MKE knows.
    Registries,
    /// The last table of MKE's configuration: a file without it may be cut.
    LastTable,
    /// The version of MKE.
    Version,
    /// The version of MKE, where newer programs write it.
    ServerVersion,
    /// How many nodes the cluster has.
    NodeCount,
    /// The id of the cluster.
    ClusterId,
    /// Whether a process is the first of its container's table.
    FirstOfTable,
}
