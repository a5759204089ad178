//! The command line of the maintainer's tool.

fn main() {}
