//! `cargo spec import`.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Args;

use super::output::Output;

#[derive(Args)]
pub(crate) struct Options {
    /// The documentation: a folder of Markdown or text files.
    docs: PathBuf,
    /// Where descriptors are written and updated.
    #[arg(long, value_name = "DIR", default_value = "spec")]
    out: PathBuf,
}

pub(crate) fn run(_root: &Path, _options: &Options, output: &Output) -> ExitCode {
    output.finish(&[], None)
}
