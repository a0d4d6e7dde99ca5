//! Texts that cases name instead of repeating them: `{ fixture: server.pem }`, from the folder `cases/fixtures` of the
//! pack.
//!
//! A pack may be somebody else's, and what a case holds can show in a message. So a name is a plain file name, and only
//! a regular file of bounded size is read, never through a link.

use std::fs::File;
use std::io::Read as _;
use std::path::{Path, PathBuf};

/// Bytes of one fixture; a certificate chain has a few thousand.
const LARGEST: u64 = 64 << 10;

/// The folder of a pack's fixtures; nothing is read before a case names it.
pub(crate) struct Fixtures(PathBuf);

impl Fixtures {
    pub(crate) fn of(pack: &Path) -> Self {
        Self(pack.join("cases").join("fixtures"))
    }

    /// The text of a fixture. A pack of somebody else's must not name files outside it.
    pub(crate) fn read(&self, name: &str) -> Result<String, String> {
        let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_');
        if name.is_empty() || name.starts_with('.') || !name.chars().all(plain) {
            return Err(format!("`{name}` cannot be the name of a fixture"));
        }
        let path = self.0.join(name);
        let fail = |why: &str| format!("the fixture {} cannot be read: {why}", path.display());
        let kept = path.symlink_metadata().map_err(|error| fail(&error.to_string()))?;
        if !kept.is_file() || kept.len() > LARGEST {
            return Err(fail(&format!("it is no file of at most {LARGEST} bytes")));
        }
        let mut text = String::new();
        let opened = File::open(&path).and_then(|file| file.take(LARGEST).read_to_string(&mut text));
        opened.map_err(|error| fail(&error.to_string()))?;
        Ok(text)
    }
}
