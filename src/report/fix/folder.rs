//! `fix/`: the plan of all fixes, and for each place where they are typed a script with its commands.
//!
//! Nothing of it is executed, by this program or by accident: a script ends before its first command.

use std::collections::BTreeMap;

use crate::model::assessment::Assessment;
use crate::model::digest::Digest;
use crate::model::procedure::Place;
use crate::report::base::error::ReportError;
use crate::report::base::ident::Names;
use crate::report::base::types::File;
use crate::report::fix::plan::{Plan, fixes};
use crate::report::fix::{pages, scripts};

/// The folder.
pub(crate) const FOLDER: &str = "fix";

/// Gives each file of the folder to `take`, the digests last.
pub(crate) fn render(
    assessment: &Assessment,
    take: &mut dyn FnMut(File) -> Result<(), ReportError>,
) -> Result<(), ReportError> {
    let rules = fixes(assessment);
    let plan = Plan::of(assessment, &rules);
    let mut files = vec![("plan.md".to_owned(), pages::of_all(&plan))];
    for (place, name) in [(Place::Manager, "manager.sh"), (Place::Kubectl, "kubectl.sh")] {
        files.extend(scripts::of_place(&plan, place).map(|text| (name.to_owned(), text)));
    }
    let mut names = Names::default();
    for node in plan.nodes() {
        let name = names.name(node);
        files.push((format!("nodes/{name}.md"), pages::of_node(&plan, node)));
        files.push((format!("nodes/{name}.sh"), scripts::of_node(&plan, node)));
    }
    let mut sums = BTreeMap::new();
    for (path, text) in files {
        sums.insert(path.clone(), Digest::of(text.as_bytes()).to_string());
        take(File { path: format!("{FOLDER}/{path}"), text })?;
    }
    let sums = sums.iter().map(|(path, digest)| format!("{digest}  {path}\n")).collect();
    take(File { path: format!("{FOLDER}/SHA256SUMS"), text: sums })
}
