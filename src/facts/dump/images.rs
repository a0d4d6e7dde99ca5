//! The table that `docker images` prints for people.
//!
//! Columns begin where their heads do. A row that does not keep to them is an error: a cut row could otherwise
//! give an image the tag of another.

use serde_json::{Value, json};

/// Why a text is no table of images.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum ImagesError {
    #[error("it is not a table of images: there is no `{0}`")]
    NoColumn(&'static str),
    #[error("it is not a table of images")]
    Columns,
    #[error("a row of the table of images is cut")]
    CutRow,
    #[error("a row of the table of images does not fit its columns")]
    Row,
}

/// Reads the images of a table: its header says where the columns begin.
///
/// # Errors
/// A text that is no such table, or a row that does not fit its columns.
pub(crate) fn read(text: &str) -> Result<Vec<Value>, ImagesError> {
    let mut lines = text.lines().skip_while(|line| line.trim().is_empty());
    let header = lines.next().unwrap_or_default();
    let column = |name: &'static str| header.find(name).ok_or(ImagesError::NoColumn(name));
    let (tag, id) = (column("TAG")?, column("IMAGE ID")?);
    if column("REPOSITORY")? != 0 || tag >= id {
        return Err(ImagesError::Columns);
    }
    let dated = header.contains("CREATED");
    let mut images = Vec::new();
    for line in lines.filter(|line| !line.trim().is_empty()) {
        // A name that is longer than its column has no place in a table that `docker` prints.
        let mut words = line.split_whitespace();
        let (Some(repository), Some(name), Some(digest)) = (words.next(), words.next(), words.next()) else {
            return Err(ImagesError::CutRow);
        };
        if !line.get(tag..).is_some_and(|rest| rest.starts_with(name))
            || !line.get(id..).is_some_and(|rest| rest.starts_with(digest))
            || (dated && words.next().is_none())
        {
            return Err(ImagesError::Row);
        }
        images.push(json!({ "Repository": repository, "Tag": name, "ID": digest }));
    }
    Ok(images)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn rows_are_images() {
        let table = "REPOSITORY            TAG       IMAGE ID       CREATED        SIZE\n\
                     mirantis/ucp-agent    3.7.7     e355fc81f8e1   4 months ago   75MB\n\
                     <none>                <none>    6af359de72c4   2 years ago    1GB\n";
        let images = read(table).unwrap();
        assert_eq!(images[0], json!({ "Repository": "mirantis/ucp-agent", "Tag": "3.7.7", "ID": "e355fc81f8e1" }));
        assert_eq!(images.len(), 2);
        assert!(read("mirantis/ucp-agent 3.7.7").is_err());
        assert!(read(&table[..table.len() - 25]).is_err());
    }

    proptest! {
        #[test]
        fn there_are_fewer_images_than_lines(words in prop::collection::vec(prop_oneof![
            prop::sample::select(["REPOSITORY", "TAG", "IMAGE ID", "CREATED", " ", "\n", "é", "a:b"].map(str::to_owned).to_vec()),
            any::<u8>().prop_map(|byte| String::from_utf8_lossy(&[byte]).into_owned()),
        ], 0..40), table in any::<bool>()) {
            let head = if table { "REPOSITORY TAG IMAGE ID\n" } else { "" };
            let text = format!("{head}{}", words.concat());
            prop_assert!(read(&text).map_or(0, |images| images.len()) <= text.lines().count());
        }
    }
}
