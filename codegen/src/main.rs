//! The command line of the maintainer tool: `cargo regen` and `cargo spec …`.

mod cli;

use std::process::ExitCode;

fn main() -> ExitCode {
    cli::run()
}
