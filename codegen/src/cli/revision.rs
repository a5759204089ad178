//! A spec of another time or place: of a folder, or of a revision in git.

use std::path::Path;
use std::process::Command;

use bitrix24_codegen::descriptor::Spec;
use bitrix24_codegen::diagnostic::{Diagnostic, append_unless_reported, sort_diagnostics};
use bitrix24_codegen::diff::Side;
use bitrix24_codegen::lower::lower;
use bitrix24_codegen::model::Library;
use bitrix24_codegen::words::{Item, LinkForm, Words};
use tempfile::TempDir;

/// The folder of the descriptors in a project.
const SPEC: &str = "spec";

/// A spec, and the crate that is generated from it.
pub(super) struct SpecAndLibrary {
    spec: Spec,
    words: Words,
    library: Library,
}

impl SpecAndLibrary {
    /// Loads the spec of a project, of a folder of descriptors, or of a revision. A folder comes before a revision of the same name.
    pub(super) fn find(root: &Path, given: &str) -> Result<Self, Vec<Diagnostic>> {
        let folder = Path::new(given);
        if folder.join(SPEC).is_dir() {
            return Self::load(folder, Path::new(SPEC));
        }
        if folder.is_dir() {
            return Self::load(Path::new(""), folder);
        }
        Self::find_revision(root, given)
    }

    fn find_revision(root: &Path, given: &str) -> Result<Self, Vec<Diagnostic>> {
        let exported = export(root, given)?;
        Self::load(exported.path(), Path::new(SPEC)).map_err(|problems| {
            let of_revision = |problem: Diagnostic| Diagnostic {
                message: format!("{given}: {}", problem.message),
                ..problem
            };
            problems.into_iter().map(of_revision).collect()
        })
    }

    /// Loads the spec of the last commit. Default, if there is no such spec or it is no longer accepted: the present spec.
    pub(super) fn committed(root: &Path) -> Result<Self, Vec<Diagnostic>> {
        Self::find_revision(root, "HEAD").or_else(|_| Self::load(root, Path::new(SPEC)))
    }

    /// Loads and lowers the descriptors below a folder of a project.
    pub(super) fn load(project: &Path, folder: &Path) -> Result<Self, Vec<Diagnostic>> {
        let (spec, mut problems) = Spec::load(project, folder);
        let (words, found) = Words::load(project, folder);
        problems.extend(found);
        match lower(&spec) {
            Ok(mut library) if problems.is_empty() => {
                words.attach(&spec, &mut library, LinkForm::WireName);
                Ok(Self { spec, words, library })
            }
            Ok(_) => Err(sort_diagnostics(problems)),
            Err(found) => {
                append_unless_reported(&mut problems, found);
                Err(sort_diagnostics(problems))
            }
        }
    }

    /// The descriptors.
    pub(super) fn spec(&self) -> &Spec {
        &self.spec
    }

    /// The items that can have words.
    pub(super) fn items(&self) -> Vec<Item> {
        self.words.items(&self.spec, &self.library)
    }

    /// What does not fit in the words.
    pub(super) fn doubtful_words(&self) -> Vec<Diagnostic> {
        self.words.check(&self.spec)
    }

    /// The spec and its library.
    pub(super) fn side(&self) -> Side<'_> {
        Side { spec: &self.spec, library: &self.library }
    }
}

/// Writes `spec/` of a revision into a temporary folder. The index and the files of the project stay as they are.
fn export(root: &Path, revision: &str) -> Result<TempDir, Vec<Diagnostic>> {
    let folder = tempfile::tempdir()
        .map_err(|error| vec![Diagnostic::error(format!("a temporary folder cannot be made: {error}"))])?;
    let index = folder.path().join("index");
    let prefix = format!("--prefix={}/", folder.path().join(SPEC).display());
    let unknown = |reason: String| {
        let message = format!("{revision} is neither a folder nor a revision with {SPEC}/: {reason}");
        vec![Diagnostic::error(message).expecting("a folder, a tag, a branch or HEAD~1")]
    };
    let tree =
        git(root, &index, &["rev-parse", "--verify", "--end-of-options", &format!("{revision}:./{SPEC}")])
            .map_err(unknown)?;
    git(root, &index, &["read-tree", tree.trim()]).map_err(unknown)?;
    git(root, &index, &["checkout-index", "--all", &prefix]).map_err(unknown)?;
    Ok(folder)
}

/// Runs git in the project with an index of its own. Returns its output, or what it says about the error.
fn git(root: &Path, index: &Path, words: &[&str]) -> Result<String, String> {
    let mut command = Command::new("git");
    command.arg("-C").arg(root).args(words).env("GIT_INDEX_FILE", index);
    let output = command.output().map_err(|error| format!("git cannot be run: {error}"))?;
    if output.status.success() {
        return Ok(String::from_utf8_lossy(&output.stdout).into_owned());
    }
    Err(String::from_utf8_lossy(&output.stderr).trim().trim_start_matches("fatal: ").to_owned())
}
