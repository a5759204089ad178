//! Generates `generated/` from `spec/`, for `cargo regen` and for the build script.

use std::io;
use std::path::Path;

use crate::descriptor::Spec;
use crate::diagnostic::{Diagnostic, append_unless_reported, sort_diagnostics};
use crate::emit::{self, Files, GENERATED_MARKER};
use crate::model::Library;
use crate::output_folder::{Changes, OutputFolder};
use crate::transaction::{recover, replace_file};
use crate::words::{LinkForm, Words};
use crate::{fingerprint, known_entities, lower, marked_regions, portal_table, portal_words};

/// The result of a regeneration.
#[derive(Debug)]
pub struct RegenSummary {
    /// The number of methods.
    pub methods: usize,
    /// The number of generated types: requests, errors and their parts.
    pub types: usize,
    /// The written and removed files.
    pub changes: Changes,
}

/// Generates all files from the spec below `root` in memory.
///
/// # Errors
/// All errors in the spec.
pub fn generate(root: &Path) -> Result<(Library, Vec<OutputFolder>), Vec<Diagnostic>> {
    let (spec, words, library) = load_library(root)?;
    let entities = known_entities::table(&spec, &library).map_err(|problem| vec![problem])?;
    let portal = portal_table::table(&spec).map_err(|problem| vec![problem])?;
    let mut files = emit::emit_library(&library);
    let fingerprint = fingerprint::fingerprint(&root.join("spec"))
        .map_err(|error| vec![Diagnostic::error(format!("spec cannot be read: {error}"))])?;
    files.insert(
        fingerprint::FILE.to_owned(),
        format!("{GENERATED_MARKER} by `cargo regen` from spec/\n{fingerprint}\n"),
    );
    let trees = vec![
        OutputFolder { folder: "generated".into(), files },
        OutputFolder { folder: "core/generated".into(), files: emit::emit_system(&library) },
        OutputFolder {
            folder: "tools/conform/generated".into(),
            files: emit::emit_conformance_table(&library),
        },
        OutputFolder { folder: "tests/generated".into(), files: emit::emit_examples(&library) },
        OutputFolder {
            folder: known_entities::FOLDER.into(),
            files: Files::from([(known_entities::FILE.to_owned(), entities)]),
        },
        OutputFolder {
            folder: portal_table::FOLDER.into(),
            files: Files::from([
                (portal_table::FILE.to_owned(), portal),
                (portal_words::FILE.to_owned(), portal_words::table(spec, &words)),
            ]),
        },
    ];
    Ok((library, trees))
}

/// Loads and lowers the spec below `root`.
fn load_library(root: &Path) -> Result<(Spec, Words, Library), Vec<Diagnostic>> {
    let (spec, mut problems) = Spec::load(root, Path::new("spec"));
    let (words, found) = Words::load(root, Path::new("spec"));
    problems.extend(found);
    match lower::lower(&spec) {
        Ok(mut library) if problems.is_empty() => {
            words.attach(&spec, &mut library, LinkForm::Function);
            Ok((spec, words, library))
        }
        Ok(_) => Err(sort_diagnostics(problems)),
        Err(found) => {
            append_unless_reported(&mut problems, found);
            Err(sort_diagnostics(problems))
        }
    }
}

/// Updates the generated folders below `root`. Nothing is written if there is an error.
///
/// # Errors
/// All errors in the spec, and files that cannot be written.
pub fn regenerate(root: &Path) -> Result<RegenSummary, Vec<Diagnostic>> {
    let unlocked = |error: io::Error| vec![Diagnostic::error(format!("spec cannot be locked: {error}"))];
    recover(&root.join("spec")).map_err(unlocked)?;
    let (library, trees) = generate(root)?;
    let changes = trees.iter().map(|tree| tree.changes(root)).collect::<Result<Vec<_>, _>>()?;
    let regions = marked_regions::changed_files(root, &library)?;
    for (path, text) in &regions {
        replace_file(&root.join(path), text.as_bytes()).map_err(|error| {
            vec![Diagnostic::error(format!("{} cannot be written: {error}", path.display()))]
        })?;
    }
    // The first folder has the fingerprint of the spec. Until it is replaced, all are out of date.
    for (tree, changes) in trees.iter().zip(&changes).rev() {
        tree.apply(root, changes)?;
    }
    let regions = regions.into_iter().map(|(path, _)| path);
    let methods = || library.modules.values().flat_map(|module| &module.methods);
    let shared = library.modules.values().map(|module| module.types.len());
    Ok(RegenSummary {
        methods: methods().count(),
        types: methods().map(|method| method.types.len() + 2).chain(shared).sum(),
        changes: Changes {
            written: changes.iter().flat_map(|changes| changes.written.clone()).chain(regions).collect(),
            removed: changes.iter().flat_map(|changes| changes.removed.clone()).collect(),
        },
    })
}
