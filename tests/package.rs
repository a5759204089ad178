//! The packaged crate as a dependency of a downstream crate.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::{env, fs};

const CRATES: [&str; 4] = ["bitrix24-core", "bitrix24-client", "bitrix24-codegen", "bitrix24"];

/// The most common targets. On Android and in browsers, dependencies for certificates and sockets use macros, and so syn; this is
/// outside this project.
const TARGETS: [&str; 3] = ["x86_64-unknown-linux-gnu", "x86_64-pc-windows-msvc", "aarch64-apple-darwin"];

/// Runs a command, and returns its output.
fn run(command: &mut Command) -> String {
    let Output { status, stdout, stderr } = command.output().unwrap();
    assert!(status.success(), "{command:?}: {}", String::from_utf8_lossy(&stderr));
    String::from_utf8(stdout).unwrap()
}

fn cargo(folder: &Path) -> Command {
    let mut cargo = Command::new(env!("CARGO"));
    cargo.current_dir(folder).env_remove("CARGO_TARGET_DIR").env_remove("RUSTFLAGS");
    cargo
}

/// Packages the crates and unpacks them below `folder`, as a registry serves them.
fn packages(folder: &Path) -> PathBuf {
    let project = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut package = cargo(project);
    package
        .arg("package")
        .args(CRATES.map(|name| format!("--package={name}")))
        .args(["--no-verify", "--allow-dirty", "--offline", "--target-dir"])
        .arg(folder);
    run(&mut package);
    let packages_dir = folder.join("package");
    for name in CRATES {
        let file = format!("{name}-{}.crate", env!("CARGO_PKG_VERSION"));
        run(Command::new("tar").arg("-xzf").arg(&file).current_dir(&packages_dir));
    }
    packages_dir
}

/// A crate that depends on the packaged one.
fn consumer(folder: &Path, packages_dir: &Path, dependency: &str) -> PathBuf {
    let consumer = folder.join("consumer");
    let version = env!("CARGO_PKG_VERSION");
    let patches: String = CRATES
        .iter()
        .map(|name| format!("{name} = {{ path = {:?} }}\n", packages_dir.join(format!("{name}-{version}"))))
        .collect();
    let manifest = format!(
        "[package]\nname = \"consumer\"\nversion = \"0.0.0\"\nedition = \"2024\"\n\n\
         [dependencies]\nbitrix24 = {dependency}\n\n[patch.crates-io]\n{patches}\n[workspace]\n"
    );
    fs::create_dir_all(consumer.join("src")).unwrap();
    fs::write(consumer.join("Cargo.toml"), manifest).unwrap();
    fs::write(consumer.join("src/lib.rs"), "pub use bitrix24::im_open_lines::session::head::{Vote, vote};\n")
        .unwrap();
    // The tested versions, so that no registry is queried.
    fs::copy(Path::new(env!("CARGO_MANIFEST_DIR")).join("Cargo.lock"), consumer.join("Cargo.lock")).unwrap();
    consumer
}

#[test]
fn a_consumer_of_the_packaged_crate_never_builds_the_generator() {
    let folder = tempfile::tempdir().unwrap();
    // Fetches the dependencies of all targets. Without network if they are present.
    run(cargo(Path::new(env!("CARGO_MANIFEST_DIR"))).args(["fetch", "--locked", "--quiet"]));
    let packages_dir = packages(folder.path());
    let types_only = "{ version = \"0.1\", default-features = false, features = [\"imopenlines\"] }";
    for dependency in ["\"0.1\"", "{ version = \"0.1\", features = [\"full\"] }", types_only] {
        let consumer = consumer(folder.path(), &packages_dir, dependency);
        for target in TARGETS {
            let tree = [
                "tree",
                "--offline",
                "--edges",
                "normal,build",
                "--prefix",
                "none",
                "--format",
                "{lib}",
                "--target",
            ];
            let tree = run(cargo(&consumer).args(tree).arg(target));
            for generator in ["syn", "prettyplease", "bitrix24_codegen", "serde_yaml", "yaml_serde"] {
                assert!(
                    !tree.lines().any(|line| line == generator),
                    "{dependency}: {generator} is built for {target}"
                );
            }
            assert!(tree.lines().any(|line| line == "bitrix24_core"), "{tree}");
        }
    }
    // The last consumer has only the types, so it compiles quickly.
    let consumer = folder.path().join("consumer");
    run(cargo(&consumer).args(["check", "--offline", "--quiet"]));
}

#[test]
fn the_packaged_crate_contains_only_the_expected_files() {
    let project = Path::new(env!("CARGO_MANIFEST_DIR"));
    let list = run(cargo(project).args([
        "package",
        "--list",
        "--allow-dirty",
        "--offline",
        "--package",
        "bitrix24",
    ]));
    let expected = |line: &str| {
        line.starts_with("generated/")
            || ["build.rs", "Cargo.toml", "Cargo.toml.orig", "Cargo.lock", ".cargo_vcs_info.json"]
                .contains(&line)
            || ["README.md", "CHANGELOG.md", "LICENSE-MIT", "LICENSE-APACHE"].contains(&line)
    };
    let unexpected: Vec<&str> = list.lines().filter(|line| !expected(line)).collect();
    assert_eq!(unexpected, Vec::<&str>::new());
    assert!(list.lines().any(|line| line == "generated/lib.rs"));
}
