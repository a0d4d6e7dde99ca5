//! The objects that a reason is about: a few of them, and how many more there are.

use std::collections::BTreeMap;
use std::fmt;

/// Members of which a sentence names an object. The evidence lists them all.
const NAMED: usize = 3;

/// Objects of which the same is unknown, by the member that shows them. A cluster of thousands of nodes gets a sentence, not a
/// sentence for each node.
#[derive(Debug, Clone, Default)]
pub(crate) struct Objects<'o> {
    /// How many of a member, and the first of them.
    members: BTreeMap<&'o str, (u64, &'o str)>,
}

impl<'o> Objects<'o> {
    /// So many of one member.
    pub(crate) fn of(count: u64, example: &'o str, member: &'o str) -> Self {
        Self { members: BTreeMap::from([(member, (count, example))]) }
    }

    /// Adds those of a member. Of two checks of one kind that leave the same open, the one that leaves more counts.
    pub(crate) fn add(&mut self, count: u64, example: &'o str, member: &'o str) {
        let known = self.members.entry(member).or_insert((count, example));
        if (count, std::cmp::Reverse(example)) > (known.0, std::cmp::Reverse(known.1)) {
            *known = (count, example);
        }
    }
}

impl fmt::Display for Objects<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (number, (member, (count, example))) in self.members.iter().take(NAMED).enumerate() {
            let comma = if number > 0 { ", " } else { "" };
            if *count == 1 {
                write!(f, "{comma}{example} in {member}")?;
            } else {
                write!(f, "{comma}{count} objects in {member} (first {example})")?;
            }
        }
        let more = self.members.len().saturating_sub(NAMED);
        if more > 0 {
            let objects: u64 = self.members.values().skip(NAMED).map(|(count, _)| count).sum();
            let objects = if objects == 1 { "1 more object".to_owned() } else { format!("{objects} more objects") };
            let members = if more == 1 { "1 more file".to_owned() } else { format!("{more} more files") };
            write!(f, " and {objects} in {members}")?;
        }
        Ok(())
    }
}
