//! `bench-derive`: the crate that `benches/compile_budget` measures the generated one against.

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::{fs, io};

use bitrix24_codegen::diagnostic::Diagnostic;
use bitrix24_codegen::{emit, generate};
use clap::Args;
use serde_json::json;

use super::console::Console;

#[derive(Args)]
pub(crate) struct BenchArgs {
    /// Where the crate is written: a folder that is not there yet, or one of an earlier run.
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
    /// Types alone, without functions and setters.
    #[arg(long)]
    bare: bool,
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

pub(crate) fn run(root: &Path, options: &BenchArgs, console: &Console) -> ExitCode {
    let library = match generate(root) {
        Ok((library, _)) => library,
        Err(problems) => return console.finish(&problems, None),
    };
    let files = emit::emit_serde_derive(&library, options.bare);
    let write = || -> io::Result<()> {
        let source = options.out.join("src");
        if source.is_dir() {
            fs::remove_dir_all(&source)?;
        }
        for (path, text) in &files {
            let path = source.join(path);
            fs::create_dir_all(path.parent().unwrap_or(&source))?;
            fs::write(path, text)?;
        }
        fs::write(options.out.join("Cargo.toml"), MANIFEST)?;
        // The versions that the project itself is built with.
        fs::copy(root.join("Cargo.lock"), options.out.join("Cargo.lock")).map(drop)
    };
    match write() {
        Ok(()) => {
            console.print(&format!("{} files written", files.len()));
            console.finish(&[], Some(json!({"files": files.len()})))
        }
        Err(error) => {
            let message = format!("{} cannot be written: {error}", options.out.display());
            console.finish(&[Diagnostic::error(message)], None)
        }
    }
}
