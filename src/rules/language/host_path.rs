//! Paths of a host, as the engine follows them when it mounts.
//!
//! The engine cleans a path before it mounts: `//`, `/var/.` and `/var/lib/../run` are other spellings of a folder. And
//! the kernel has names of its own for the root of the host: `/proc/1/root` is `/` for whoever mounts, as is the root of
//! every other process of the host, and the working folder of its services.

use std::borrow::Cow;

/// A path without what spells it otherwise. Text that is no path from the root stays as it is, such as a pipe of Windows.
pub(super) fn host_path(text: &str) -> Cow<'_, str> {
    if !text.starts_with('/') {
        return Cow::Borrowed(text);
    }
    let mut parts: Vec<&str> = Vec::new();
    for part in text.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop();
            }
            part => parts.push(part),
        }
        if is_root_of_process(&parts) {
            parts.clear();
        }
    }
    Cow::Owned(format!("/{}", parts.join("/")))
}

/// Whether the kernel shows the root, or the working folder, of a process there.
fn is_root_of_process(parts: &[&str]) -> bool {
    let process = |name: &str| {
        matches!(name, "self" | "thread-self") || !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_digit())
    };
    match parts {
        ["proc", name, "root" | "cwd"] => process(name),
        ["proc", name, "task", thread, "root" | "cwd"] => process(name) && process(thread),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn other_spellings_of_a_folder_are_that_folder() {
        for (text, path) in [
            ("/", "/"),
            ("//", "/"),
            ("/var/.", "/var"),
            ("/var/lib/../run", "/var/run"),
            ("/../..", "/"),
            ("/proc/1/root", "/"),
            ("/proc/1/root/", "/"),
            ("/proc/self/cwd", "/"),
            ("/proc/thread-self/root/run", "/run"),
            ("/proc/1/task/1/root/var/", "/var"),
            ("/proc/1/root/proc/7/root/run", "/run"),
            ("/proc/../proc/1/./root", "/"),
            ("/proc/1", "/proc/1"),
            ("/proc/one/root", "/proc/one/root"),
            ("/srv/proc/1/root", "/srv/proc/1/root"),
            ("run", "run"),
            ("", ""),
        ] {
            assert_eq!(host_path(text), path, "{text}");
        }
    }
}
