//! Ids of rules, in the forms in which files write them.

/// What XCCDF 1.2 puts before DISA's ids.
const PREFIXES: [&str; 3] =
    ["xccdf_mil.disa.stig_benchmark_", "xccdf_mil.disa.stig_group_", "xccdf_mil.disa.stig_rule_"];

/// An id without the prefix that XCCDF 1.2 asks for.
pub(super) fn bare(id: &str) -> &str {
    let id = id.trim();
    PREFIXES.iter().find_map(|prefix| id.strip_prefix(prefix)).unwrap_or(id)
}

/// The rule id `SV-…r…_rule`, whichever of its forms is given; an id of another sort as it is.
#[must_use]
pub fn full_rule_id(id: &str) -> String {
    let id = bare(id);
    let whole = !id.starts_with("SV-") || id.ends_with("_rule");
    if whole { id.to_owned() } else { format!("{id}_rule") }
}

/// The id `V-…` that a rule id `SV-…r…_rule` was made from.
#[must_use]
pub fn vuln_of(rule_id: &str) -> Option<String> {
    let rest = bare(rule_id).strip_prefix("SV-")?;
    let digits = rest.len() - rest.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    (digits > 0).then(|| format!("V-{}", &rest[..digits]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_have_one_form() {
        assert_eq!(full_rule_id("xccdf_mil.disa.stig_rule_SV-1r2_rule"), "SV-1r2_rule");
        assert_eq!(full_rule_id(" SV-1r2 "), "SV-1r2_rule");
        assert_eq!(full_rule_id("own"), "own");
        assert_eq!(bare("xccdf_mil.disa.stig_group_V-1"), "V-1");
        assert_eq!(vuln_of("SV-260903r986160_rule").as_deref(), Some("V-260903"));
        assert_eq!(vuln_of("SV-r1_rule"), None);
        assert_eq!(vuln_of("V-1"), None);
    }
}
