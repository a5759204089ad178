//! The accepted findings in `spec/baseline/`.

use std::fs;
use std::path::{Path, PathBuf};

use bitrix24_codegen::baseline::{Baseline, Comparison, Key};
use bitrix24_codegen::diagnostic::Diagnostic;
use bitrix24_codegen::transaction::replace_file;
use clap::Args;
use serde_json::{Value, json};

use super::console::Console;

/// What a command does about findings.
#[derive(Args, Clone, Default)]
pub(crate) struct BaselineArgs {
    /// Accept the findings of this run: further runs only count them.
    #[arg(long)]
    pub(super) accept: bool,
    /// Print all findings, not only new ones.
    #[arg(long)]
    pub(super) all: bool,
}

/// A file of accepted findings.
pub(super) struct BaselineFile {
    path: PathBuf,
    /// `None`: nothing has been accepted yet.
    content: Option<Baseline>,
}

/// The findings to print, and the counts of all.
pub(super) struct Compared {
    pub(super) shown: Vec<usize>,
    comparison: Comparison,
}

impl BaselineFile {
    /// Reads the file of a command below the folder of the descriptors.
    pub(super) fn read(spec: &Path, command: &str) -> Self {
        let path = spec.join("baseline").join(format!("{command}.txt"));
        let content = fs::read_to_string(&path).ok().map(|text| Baseline::parse(&text));
        Self { path, content }
    }

    /// Compares findings with the accepted ones. Without a file, all are new.
    pub(super) fn compare(
        &self,
        keys: &[Key],
        covers: &dyn Fn(&str) -> bool,
        options: &BaselineArgs,
    ) -> Compared {
        let comparison = match &self.content {
            Some(baseline) => baseline.compare(keys, covers),
            None => Baseline::default().compare(keys, covers),
        };
        let shown = match (options.accept, options.all) {
            (_, true) => (0..keys.len()).collect(),
            (true, false) => Vec::new(),
            (false, false) => comparison.new.clone(),
        };
        Compared { shown, comparison }
    }

    /// Accepts findings, and forgets those that are gone.
    pub(super) fn accept(&self, keys: &[Key], covers: &dyn Fn(&str) -> bool) -> Result<(), Diagnostic> {
        let earlier = self.content.clone().unwrap_or_default();
        write(&self.path, &Baseline::accepting(keys, &earlier, covers).render())
    }
}

impl Compared {
    /// Whether there are findings that are not accepted.
    pub(super) fn has_new(&self) -> bool {
        !self.comparison.new.is_empty()
    }

    /// Prints the counts, and what is gone.
    pub(super) fn print(&self, what: &str, options: &BaselineArgs, console: &Console) {
        let Comparison { new, known, gone } = &self.comparison;
        if options.accept {
            console.print(&format!("{} {what} accepted, {} forgotten", new.len() + known, gone.len()));
            return;
        }
        if new.is_empty() && gone.is_empty() && *known == 0 {
            return;
        }
        for line in gone {
            console.print(&format!("gone    {line}"));
        }
        console.print(&self.counts(what));
        if !new.is_empty() || !gone.is_empty() {
            console.print("`--accept` accepts the new ones and forgets those that are gone");
        }
    }

    /// The counts in one line.
    pub(super) fn counts(&self, what: &str) -> String {
        let Comparison { new, known, gone } = &self.comparison;
        format!("{what}: {} new, {known} known, {} gone", new.len(), gone.len())
    }

    pub(super) fn to_json(&self) -> Value {
        let Comparison { new, known, gone } = &self.comparison;
        json!({"new": new.len(), "known": known, "gone": gone})
    }
}

/// Writes a file at once.
pub(super) fn write(path: &Path, text: &str) -> Result<(), Diagnostic> {
    let folder = fs::create_dir_all(path.parent().unwrap_or(Path::new("")));
    folder
        .and_then(|()| replace_file(path, text.as_bytes()))
        .map_err(|error| Diagnostic::error(format!("{} cannot be written: {error}", path.display())))
}
