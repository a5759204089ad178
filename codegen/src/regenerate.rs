//! The way from `spec/` to `generated/`: what `cargo regen` and the build script both do.

use std::path::Path;

use crate::descriptor::Spec;
use crate::diagnostic::{Diagnostic, add_consequences, in_order};
use crate::emit::{self, MARK};
use crate::model::Library;
use crate::tree::{Changes, Tree};
use crate::{fingerprint, lower};

/// What a regeneration did.
#[derive(Debug)]
pub struct Regenerated {
    /// How many methods there are.
    pub methods: usize,
    /// How many types were generated for them: requests, errors, and what they are made of.
    pub types: usize,
    /// What was written and removed.
    pub changes: Changes,
}

/// Everything that should be generated from the spec below `root`, in memory.
///
/// # Errors
/// Everything that is wrong with the spec.
pub fn generate(root: &Path) -> Result<(Library, Vec<Tree>), Vec<Diagnostic>> {
    let library = understand(root)?;
    let mut files = emit::library_files(&library);
    let fingerprint = fingerprint::fingerprint(&root.join("spec"))
        .map_err(|error| vec![Diagnostic::error(format!("spec cannot be read: {error}"))])?;
    files
        .insert(fingerprint::FILE.to_owned(), format!("{MARK} by `cargo regen` from spec/\n{fingerprint}\n"));
    let trees = vec![
        Tree { folder: "generated".into(), files },
        Tree { folder: "core/generated".into(), files: emit::system_files(&library) },
        Tree { folder: "tests/conform/generated".into(), files: emit::conformance_files(&library) },
    ];
    Ok((library, trees))
}

/// The spec below `root` as a model, where nothing at all is wrong with it.
fn understand(root: &Path) -> Result<Library, Vec<Diagnostic>> {
    let (spec, mut problems) = Spec::load(root, Path::new("spec"));
    match lower::lower(&spec) {
        Ok(library) if problems.is_empty() => Ok(library),
        Ok(_) => Err(in_order(problems)),
        Err(found) => {
            add_consequences(&mut problems, found);
            Err(in_order(problems))
        }
    }
}

/// Brings the generated folders below `root` up to date. Nothing is written where anything is wrong.
///
/// # Errors
/// Everything that is wrong with the spec, and what cannot be written.
pub fn regenerate(root: &Path) -> Result<Regenerated, Vec<Diagnostic>> {
    let (library, trees) = generate(root)?;
    let changes = trees.iter().map(|tree| tree.changes(root)).collect::<Result<Vec<_>, _>>()?;
    for (tree, changes) in trees.iter().zip(&changes) {
        tree.apply(root, changes)?;
    }
    let methods = || library.modules.values().flat_map(|module| &module.methods);
    let shared = library.modules.values().map(|module| module.types.len());
    Ok(Regenerated {
        methods: methods().count(),
        types: methods().map(|method| method.types.len() + 2).chain(shared).sum(),
        changes: Changes {
            written: changes.iter().flat_map(|changes| changes.written.clone()).collect(),
            removed: changes.iter().flat_map(|changes| changes.removed.clone()).collect(),
        },
    })
}
