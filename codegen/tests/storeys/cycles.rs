//! Cycles of files: files each of which uses the next one.
//!
//! A file may use the definitions of the module files above it (`super::…`), since it is part of them. A re-export (`pub use`)
//! is no use by the module that contains it, but by each file that uses its name.

use std::collections::BTreeSet;
use std::fmt;

use crate::paths::Modules;
use crate::sources::SourceFile;

/// A use of one file by another.
struct Edge {
    from: usize,
    to: usize,
    /// The location and the path of the first such use.
    shown: String,
}

/// Files that use one another in a circle.
pub(crate) struct Cycle<'a> {
    files: Vec<&'a str>,
    uses: Vec<String>,
}

impl fmt::Display for Cycle<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}: these files use one another in a circle:", self.files.join(", "))?;
        self.uses.iter().try_for_each(|shown| writeln!(f, "    {shown}"))?;
        write!(f, "    Move what several of them need into a file that uses none of them")
    }
}

/// The cycles of a crate.
pub(crate) fn cycles<'a>(files: &'a [SourceFile], modules: &Modules<'_>) -> Vec<Cycle<'a>> {
    let edges = edges(files, modules);
    let reached: Vec<BTreeSet<usize>> = (0..files.len()).map(|from| reached(from, &edges)).collect();
    let is_tied = |a: usize, b: usize| reached[a].contains(&b) && reached[b].contains(&a);
    let mut found = Vec::new();
    for first in 0..files.len() {
        let tied: Vec<usize> = (0..files.len()).filter(|other| is_tied(first, *other)).collect();
        if tied.first() == Some(&first) {
            let inside = |edge: &&Edge| tied.contains(&edge.from) && tied.contains(&edge.to);
            found.push(Cycle {
                files: tied.iter().map(|index| files[*index].path.as_str()).collect(),
                uses: edges.iter().filter(inside).map(|edge| edge.shown.clone()).collect(),
            });
        }
    }
    found
}

fn edges(files: &[SourceFile], modules: &Modules<'_>) -> Vec<Edge> {
    let mut edges: Vec<Edge> = Vec::new();
    for (from, file) in files.iter().enumerate() {
        for found in modules.uses(file).into_iter().filter(|found| !found.is_reexport) {
            let Some(to) = found.file.filter(|to| !file.module.starts_with(&files[*to].module)) else {
                continue;
            };
            if !edges.iter().any(|edge| edge.from == from && edge.to == to) {
                let shown = format!("{}:{}: `{}` of {}", file.path, found.line, found.path, files[to].path);
                edges.push(Edge { from, to, shown });
            }
        }
    }
    edges
}

/// The files that a file uses, also by way of others.
fn reached(from: usize, edges: &[Edge]) -> BTreeSet<usize> {
    let (mut found, mut next) = (BTreeSet::new(), vec![from]);
    while let Some(file) = next.pop() {
        let used = edges.iter().filter(|edge| edge.from == file).map(|edge| edge.to);
        next.extend(used.filter(|to| found.insert(*to)));
    }
    found
}
