//! The fingerprint of `spec/`, with which the build script detects an outdated `generated/` without this crate.

use std::fs;
use std::io;
use std::path::Path;

/// The file of the pinned source.
const SOURCE: &str = "source.yaml";

/// The file with the fingerprint in `generated/`.
pub const FILE: &str = "spec.fingerprint";

/// FNV-1a over the path and the content of each YAML file below a folder, in the order of paths. Hidden files and the pinned source are left out: no
/// code is generated from them.
///
/// `build.rs` has the same function, since it has no dependencies without its feature. A test compares both. Modification times are
/// not used: a checkout sets them in any order.
///
/// # Errors
/// Files that cannot be read.
pub fn fingerprint(spec: &Path) -> io::Result<String> {
    let mut files = Vec::new();
    let mut folders = vec![spec.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder)? {
            let path = entry?.path();
            if path.file_name().is_some_and(|name| name.to_string_lossy().starts_with('.')) {
                continue;
            }
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|ending| ending == "yaml") && path != spec.join(SOURCE) {
                files.push((
                    path.strip_prefix(spec).unwrap_or(&path).to_string_lossy().replace('\\', "/"),
                    path,
                ));
            }
        }
    }
    files.sort();
    let mut hash: u64 = 0xcbf2_9ce4_8422_2325;
    for (name, path) in files {
        let content = fs::read(path)?;
        for byte in name.bytes().chain([0]).chain(content).chain([0]) {
            hash = (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3);
        }
    }
    Ok(format!("{hash:016x}"))
}
