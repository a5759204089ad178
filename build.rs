//! With the feature `codegen`: writes `generated/` from `spec/`, by the same function as `cargo regen`.
//!
//! Without it: depends on nothing, and in a checkout warns when `generated/` is older than `spec/`. What is downloaded from
//! the registry has no `spec/`, and nothing happens.

use std::path::Path;

fn main() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    println!("cargo::rerun-if-changed=build.rs");
    if !root.join("spec").is_dir() {
        return;
    }
    println!("cargo::rerun-if-changed=spec");
    println!("cargo::rerun-if-changed=generated");
    bring_up_to_date(root);
}

#[cfg(feature = "codegen")]
fn bring_up_to_date(root: &Path) {
    if let Err(problems) = bitrix24_codegen::regenerate(root) {
        for problem in &problems {
            println!("cargo::error={problem}");
        }
    }
}

#[cfg(not(feature = "codegen"))]
fn bring_up_to_date(root: &Path) {
    if let Some(warning) = freshness::warning(root) {
        println!("cargo::warning={warning}");
    }
}

/// Whether `generated/` was made from the present `spec/`.
#[cfg_attr(feature = "codegen", allow(dead_code, reason = "the generator knows by itself"))]
pub(crate) mod freshness {
    use std::path::Path;
    use std::{fs, io};

    /// The warning for a maintainer, if there is one.
    pub(crate) fn warning(root: &Path) -> Option<String> {
        let present = match fingerprint(&root.join("spec")) {
            Ok(present) => present,
            Err(error) => return Some(format!("spec/ cannot be read: {error}")),
        };
        let made_from = fs::read_to_string(root.join("generated/spec.fingerprint")).unwrap_or_default();
        let fresh = made_from.lines().last() == Some(&present);
        (!fresh).then(|| "generated/ is older than spec/: run `cargo regen`".to_owned())
    }

    /// FNV-1a over the path and the content of each YAML file below a folder, in the order of paths: what the generator
    /// leaves in `generated/spec.fingerprint`. It has the same function; a test holds the two against each other.
    pub(crate) fn fingerprint(spec: &Path) -> io::Result<String> {
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
                } else if path.extension().is_some_and(|ending| ending == "yaml")
                    && path != spec.join("source.yaml")
                {
                    let name = path.strip_prefix(spec).unwrap_or(&path).to_string_lossy().replace('\\', "/");
                    files.push((name, path));
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
}
