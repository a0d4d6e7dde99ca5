//! The texts that a rule's description holds, marked with tags that are no XML.
//!
//! Once its escapes are resolved, the description is often not well-formed: the texts between the
//! tags may hold any `<`. So it is cut by the tags' own strings and never parsed.

use crate::intake::benchmark::model::OfficialRule;
use crate::intake::xml::Element;

const TAGS: [&str; 11] = [
    "VulnDiscussion",
    "FalsePositives",
    "FalseNegatives",
    "Documentable",
    "Mitigations",
    "SeverityOverrideGuidance",
    "PotentialImpacts",
    "ThirdPartyTools",
    "MitigationControl",
    "Responsibility",
    "IAControls",
];

/// Puts what a description says into a rule.
pub(super) fn describe(rule: &mut OfficialRule, description: &Element) {
    // Some tools write the tags as elements.
    let marked = description.children().any(|child| TAGS.contains(&child.name.as_str()));
    let text = if marked { String::new() } else { description.text() };
    let part = |tag: &'static str| {
        if marked {
            join(description.named(tag).map(Element::text))
        } else {
            join(between(&text, tag).into_iter().map(|part| part.trim().to_owned()))
        }
    };
    rule.discussion = part("VulnDiscussion");
    rule.false_positives = part("FalsePositives");
    rule.false_negatives = part("FalseNegatives");
    rule.documentable = part("Documentable");
    rule.mitigations = part("Mitigations");
    rule.severity_override_guidance = part("SeverityOverrideGuidance");
    rule.potential_impacts = part("PotentialImpacts");
    rule.third_party_tools = part("ThirdPartyTools");
    rule.mitigation_control = part("MitigationControl");
    rule.responsibility = part("Responsibility");
    rule.ia_controls = part("IAControls");
    if !marked && !TAGS.iter().any(|tag| text.contains(&format!("<{tag}>"))) {
        rule.discussion = text;
    }
}

fn join(parts: impl Iterator<Item = String>) -> String {
    parts.filter(|part| !part.is_empty()).collect::<Vec<_>>().join("\n")
}

/// What stands between a tag's marks, each time that it occurs. One that is not closed ends where
/// the next of all tags begins.
fn between<'t>(text: &'t str, tag: &str) -> Vec<&'t str> {
    let (open, close) = (format!("<{tag}>"), format!("</{tag}>"));
    let mut parts = Vec::new();
    let mut rest = text;
    while let Some((_, after)) = rest.split_once(&open) {
        let (part, left) = after.split_once(&close).unwrap_or_else(|| {
            let others = TAGS.iter().filter_map(|tag| after.find(&format!("<{tag}>")));
            after.split_at(others.min().unwrap_or(after.len()))
        });
        parts.push(part);
        rest = left;
    }
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_cut_by_their_tags() {
        let text = "<VulnDiscussion>a <b> & </c></VulnDiscussion><Responsibility>x</Responsibility>\
                    <Responsibility>y</Responsibility><Mitigations>never closed<IAControls></IAControls>";
        assert_eq!(between(text, "VulnDiscussion"), ["a <b> & </c>"]);
        assert_eq!(between(text, "Responsibility"), ["x", "y"]);
        assert_eq!(between(text, "Mitigations"), ["never closed"]);
        assert_eq!(between(text, "IAControls"), [""]);
        assert_eq!(between(text, "Documentable"), [""; 0]);
    }
}
