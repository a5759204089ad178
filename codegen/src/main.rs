//! The command line of the maintainer's tool: `cargo regen` and `cargo spec …`.

mod command;

use std::process::ExitCode;

fn main() -> ExitCode {
    command::run()
}
