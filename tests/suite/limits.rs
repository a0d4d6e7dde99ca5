//! Every bound on the input stands in one table, which README.md has and the command line agrees with.

use mke_stig::model::limits::{TABLE, markdown};

use crate::common::{repository_text, run};

#[test]
fn the_readme_has_the_table_of_bounds() {
    let table = markdown();
    assert!(repository_text("README.md").contains(&table), "README.md lacks this table:\n{table}");
}

#[test]
fn every_option_of_the_table_has_its_default() {
    let help = run(["analyze", "--help"]).out;
    for limit in TABLE.iter().filter(|limit| limit.option.starts_with("--")) {
        let text = help.split(&format!("{} <", limit.option)).nth(1).unwrap_or_else(|| panic!("no {}", limit.option));
        let default = text.split("[default: ").nth(1).and_then(|text| text.split(']').next());
        assert_eq!(default, Some(limit.value.to_string().as_str()), "{}", limit.option);
    }
}

#[test]
fn threads_are_bounded_at_the_limit() {
    for (number, fits) in [("0", false), ("1", true), ("255", true), ("256", true), ("257", false)] {
        let ran = run(["inspect", "testdata/sample", "-j", number]);
        assert_eq!(ran.code == 0, fits, "{number}: {ran:?}");
    }
}
