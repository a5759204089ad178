//! Writes a crate with the types of `spec/` and serde's derives. `benches/compile_budget/run` compares the cost of compiling
//! the generated crate with the cost of compiling this one.

mod serde_derive;

use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::{fs, iter};

use bitrix24_codegen::diagnostic::Diagnostic;
use bitrix24_codegen::emit::Files;
use bitrix24_codegen::generate;
use clap::Parser;

/// Writes a crate with the same types as the generated one and serde's derives.
#[derive(Parser)]
#[command(name = "bitrix24-compile-budget", version)]
struct Arguments {
    /// The folder to write the crate to. Its `src/` is replaced.
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
    /// Writes types only, without functions and setters.
    #[arg(long)]
    bare: bool,
    /// The project. Default: the project that this program was built in.
    #[arg(long, value_name = "DIR")]
    root: Option<PathBuf>,
}

const MANIFEST: &str = "\
[package]
name = \"derived\"
version = \"0.0.0\"
edition = \"2024\"

[dependencies]
serde = { version = \"1\", features = [\"derive\"] }
serde_json = { version = \"1\", features = [\"preserve_order\"] }

[workspace]
";

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let root = arguments.root.unwrap_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../.."));
    match run(&root, &arguments.out, arguments.bare) {
        Ok(()) => ExitCode::SUCCESS,
        Err(problems) => {
            let mut stderr = io::stderr().lock();
            for problem in problems {
                _ = writeln!(stderr, "error: {problem}");
            }
            ExitCode::FAILURE
        }
    }
}

fn run(root: &Path, out: &Path, bare: bool) -> Result<(), Vec<Diagnostic>> {
    let (library, _) = generate(root)?;
    let files = serde_derive::emit(&library, bare);
    write_crate(root, out, &files).map_err(|error| {
        let message = format!("{} cannot be written: {error}", out.display());
        iter::once(Diagnostic::error(message)).collect()
    })
}

fn write_crate(root: &Path, out: &Path, files: &Files) -> io::Result<()> {
    let source = out.join("src");
    if source.is_dir() {
        fs::remove_dir_all(&source)?;
    }
    for (path, text) in files {
        let path = source.join(path);
        fs::create_dir_all(path.parent().unwrap_or(&source))?;
        fs::write(path, text)?;
    }
    fs::write(out.join("Cargo.toml"), MANIFEST)?;
    // The same versions of serde and serde_json as the project.
    fs::copy(root.join("Cargo.lock"), out.join("Cargo.lock")).map(drop)
}
