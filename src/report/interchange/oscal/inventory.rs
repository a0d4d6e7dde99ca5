//! The cluster and its nodes as inventory items.

use core::net::IpAddr;

use crate::model::assessment::Node;
use crate::report::base::text;
use crate::report::interchange::oscal::document::Document;
use crate::report::interchange::oscal::model::{InventoryItem, Prop};

/// The cluster, then its nodes.
pub(crate) fn items(doc: &Document<'_>) -> Vec<InventoryItem> {
    let mut items = vec![cluster(doc)];
    items.extend(doc.nodes().map(|item| node(doc, item)));
    items
}

fn cluster(doc: &Document<'_>) -> InventoryItem {
    let asset = &doc.assessment.asset;
    let mut props: Vec<Prop> = Prop::own("asset-name", &asset.name).into_iter().collect();
    props.extend(asset.fqdn.iter().filter_map(|name| Prop::known("fqdn", name)));
    props.extend(asset.macs.iter().filter_map(|mac| Prop::known("mac-address", mac)));
    props.extend(asset.ips.iter().filter_map(|address| ip_address(address)));
    InventoryItem {
        description: format!("The cluster {}", text::short(&asset.name)),
        props,
        uuid: doc.lasting("asset", ""),
    }
}

fn node(doc: &Document<'_>, node: &Node) -> InventoryItem {
    let mut props: Vec<Prop> = Prop::own("hostname", &node.name).into_iter().collect();
    props.extend(node.role.iter().filter_map(|role| Prop::own("role", role)));
    props.extend(node.os.iter().filter_map(|os| Prop::known("os-name", os)));
    props.extend(node.fqdn.iter().filter_map(|name| Prop::known("fqdn", name)));
    props.extend(node.macs.iter().filter_map(|mac| Prop::known("mac-address", mac)));
    props.extend(node.addresses.iter().filter_map(|address| ip_address(address)));
    InventoryItem {
        description: format!("The node {}", text::short(&node.name)),
        props,
        uuid: doc.lasting("node", &node.name),
    }
}

/// An IP address as a property; what is none stays out.
fn ip_address(address: &str) -> Option<Prop> {
    let name = match address.parse::<IpAddr>().ok()? {
        IpAddr::V4(_) => "ipv4-address",
        IpAddr::V6(_) => "ipv6-address",
    };
    Prop::known(name, address)
}
