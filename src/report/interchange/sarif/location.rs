//! Where evidence stands: members of snapshots as artifacts, objects and fields as logical places.

use std::collections::BTreeMap;

use crate::model::assessment::{Assessment, Evidence};
use crate::model::digest::Digest;
use crate::report::base::{extract, text};
use crate::report::interchange::sarif::model::{
    Artifact, ArtifactLocation, BASE, Hashes, Location, LogicalLocation, PhysicalLocation, Region,
};

/// The members that evidence names, each with its number.
pub(crate) struct Artifacts<'a> {
    numbers: BTreeMap<(&'a str, &'a str), usize>,
}

impl<'a> Artifacts<'a> {
    /// Numbers the members in the order of their names.
    pub(crate) fn of(assessment: &'a Assessment) -> Self {
        let members = extract::members(assessment);
        Self { numbers: members.into_iter().enumerate().map(|(number, member)| (member, number)).collect() }
    }

    /// The artifacts of the run, in the order of their numbers.
    pub(crate) fn list(&self) -> Vec<Artifact> {
        // Numbers follow the order of the keys.
        let artifact = |(member, sha256): &(&str, &str)| Artifact {
            hashes: sha256.parse::<Digest>().is_ok().then(|| Hashes { sha256: (*sha256).to_owned() }),
            location: ArtifactLocation { index: None, uri: extract::uri(member), uri_base_id: BASE },
        };
        self.numbers.keys().map(artifact).collect()
    }

    /// Where a line of evidence stands: the member as an address; the object, its node and the pointer as logical
    /// places.
    pub(crate) fn location(&self, line: &Evidence) -> Location {
        let member = (line.member.as_str(), line.sha256.as_str());
        let physical_location = self.numbers.get(&member).map(|index| PhysicalLocation {
            artifact_location: ArtifactLocation {
                index: Some(*index),
                uri: extract::uri(&line.member),
                uri_base_id: BASE,
            },
            region: extract::line_number(&line.pointer).map(|start_line| Region { start_line }),
        });
        Location { logical_locations: logical(line), physical_location }
    }
}

/// The place of what no line of evidence shows: the asset.
pub(crate) fn of_asset(assessment: &Assessment) -> Location {
    let asset = text::short(&assessment.asset.name);
    let place = LogicalLocation { fully_qualified_name: asset, kind: "resource", name: None };
    Location { logical_locations: vec![place], physical_location: None }
}

fn logical(line: &Evidence) -> Vec<LogicalLocation> {
    let subject = text::short(&line.subject);
    let node = line.node.as_deref().map(text::short);
    let place = node.as_ref().map_or_else(|| subject.clone(), |node| format!("{node}/{subject}"));
    let named = |fully_qualified_name: String, kind: &'static str, name: Option<String>| LogicalLocation {
        fully_qualified_name,
        kind,
        name,
    };
    let mut logical = vec![named(place, "resource", Some(subject))];
    logical.extend(node.map(|node| named(node.clone(), "node", Some(node))));
    if line.pointer.starts_with('/') {
        logical.push(named(text::short(&line.pointer), "value", None));
    }
    logical
}
