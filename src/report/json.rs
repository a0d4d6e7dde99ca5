//! `assessment.json` and its schema.

use serde::ser::SerializeMap as _;
use serde::{Serialize, Serializer};
use serde_json::Value;

use crate::model::assessment::Assessment;
use crate::report::{File, ReportError};

/// The assessment, pretty, keys in the order of the type's fields, and its schema beside it.
pub(crate) fn render(assessment: &Assessment) -> Result<Vec<File>, ReportError> {
    Ok(vec![
        File { path: "assessment.json".to_owned(), text: pretty(assessment)? },
        File { path: "assessment.schema.json".to_owned(), text: schema()? },
    ])
}

/// The JSON Schema (2020-12) of `assessment.json`: pretty, ending in a newline.
///
/// # Errors
/// [`ReportError::Serialize`], a defect of the program.
pub fn schema() -> Result<String, ReportError> {
    pretty(&schemars::schema_for!(Assessment))
}

/// A value as JSON for people and programs alike, ending in a newline.
pub(crate) fn pretty(value: &impl Serialize) -> Result<String, ReportError> {
    let mut text = serde_json::to_string_pretty(value).map_err(ReportError::Serialize)?;
    text.push('\n');
    Ok(text)
}

/// An object with one list that is made while it is written, so that it is never held whole.
pub(crate) struct With<F> {
    /// An object with the other fields.
    pub(crate) object: Value,
    /// The name of the list.
    pub(crate) list: &'static str,
    /// Makes the list.
    pub(crate) items: F,
}

impl<F, I> Serialize for With<F>
where
    F: Fn() -> I,
    I: IntoIterator<Item = Value>,
{
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        for (key, value) in self.object.as_object().into_iter().flatten() {
            map.serialize_entry(key, value)?;
        }
        map.serialize_entry(self.list, &Each(&self.items))?;
        map.end()
    }
}

struct Each<'a, F>(&'a F);

impl<F, I> Serialize for Each<'_, F>
where
    F: Fn() -> I,
    I: IntoIterator<Item = Value>,
{
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq((self.0)())
    }
}
