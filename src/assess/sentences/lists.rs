//! Why a list is not whole: what other facts name and the list leaves out.

/// Pods say that they run containers which the list of their node leaves out.
pub(crate) fn containers_of_pods_not_listed(lacking: u64) -> String {
    format!("the list of pods names {lacking} running containers of this node that are not listed")
}

/// Containers run of which the list of processes has none.
pub(crate) fn processes_of_containers_not_listed(lacking: u64) -> String {
    format!("{lacking} containers that run have no processes in it")
}

/// Processes were listed of containers which the list of their node leaves out.
pub(crate) fn containers_with_processes_not_listed(lacking: u64) -> String {
    format!("the processes of {lacking} containers of this node are listed, and the containers are not")
}

/// Containers are there whose images the list of images leaves out.
pub(crate) fn images_not_listed(lacking: u64) -> String {
    format!("it is not a list of all: {lacking} images of containers on this node are not in it")
}

/// Objects say that they belong to others, which the list of these leaves out.
pub(crate) fn owners_not_listed(lacking: u64) -> String {
    format!("it is not a list of all: {lacking} objects that others belong to are not in it")
}

/// Kubernetes lists nodes of which the swarm knows none.
pub(crate) fn of_other_nodes(node: &str) -> String {
    format!("it is of another cluster: Kubernetes has the node {node}, and none of the swarm's nodes")
}

/// Nothing counts the containers of which there is a file each.
pub(crate) fn containers_not_counted() -> String {
    "each of its files is one container, and no `docker info` of the node counts them".to_owned()
}
