//! What of an import a person should look at: new warnings, and patches whose documentation has changed.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::fs;
use std::path::{Path, PathBuf};

use bitrix24_codegen::baseline::Key;
use bitrix24_codegen::descriptor::Api;
use bitrix24_codegen::diagnostic::{Diagnostic, Topic, sort_diagnostics};
use bitrix24_codegen::extract::{Import, PatchedValue};

use super::baseline::{BaselineArgs, BaselineFile, Compared, write};

/// The number of characters of a value that are shown.
const EXCERPT: usize = 80;

/// The diagnostics to print, and the counts of all.
pub(super) struct Review {
    pub(super) diagnostics: Vec<Diagnostic>,
    pub(super) compared: Compared,
}

/// Compares the warnings of a complete import with the accepted ones, and what the documents have at patched places with what
/// they had when the patches were accepted.
pub(super) fn review(
    spec: &Path,
    import: &Import,
    warnings: &[Diagnostic],
    options: &BaselineArgs,
) -> Result<Review, Diagnostic> {
    let coverage = Coverage::of(spec, import);
    let keys: Vec<Key> = warnings.iter().map(|warning| coverage.key(warning)).collect();
    let covers = |subject: &str| coverage.covers(subject);
    let file = BaselineFile::read(spec, "import");
    let compared = file.compare(&keys, &covers, options);
    if options.accept {
        file.accept(&keys, &covers)?;
    }
    let mut shown: Vec<Diagnostic> =
        compared.shown.iter().filter_map(|index| warnings.get(*index)).cloned().collect();
    shown.extend(PatchedPlaces::read(spec).update(import, coverage.is_whole, options)?);
    Ok(Review { diagnostics: sort_diagnostics(shown), compared })
}

/// What an import is about.
struct Coverage<'a> {
    /// The methods by document.
    methods: HashMap<&'a str, String>,
    subjects: HashSet<String>,
    /// Whether it has most methods of the spec. Then what it does not have is gone.
    is_whole: bool,
}

impl<'a> Coverage<'a> {
    fn of(spec: &Path, import: &'a Import) -> Self {
        let report = &import.report;
        let interface = |name: &str| {
            let of_name = import.descriptors.iter().filter(|known| known.method.eq_ignore_ascii_case(name));
            let apis: Vec<Api> = of_name.map(|known| known.api).collect();
            if apis == [Api::V3] { " of REST 3" } else { "" }
        };
        let read =
            || report.read.iter().filter_map(|read| Some((read.file.as_str(), read.method.as_deref()?)));
        let methods: HashMap<&str, String> =
            read().map(|(file, method)| (file, format!("{method}{}", interface(method)))).collect();
        let files = report
            .read
            .iter()
            .map(|read| &read.file)
            .chain(report.skipped.iter().map(|skipped| &skipped.file));
        let subjects = files.cloned().chain(methods.values().cloned()).collect();
        Self { methods, subjects, is_whole: import.descriptors.len() * 2 >= count_files(spec) }
    }

    fn covers(&self, subject: &str) -> bool {
        self.is_whole || self.subjects.contains(subject)
    }

    /// The key of a warning: its method, or else its document.
    fn key(&self, warning: &Diagnostic) -> Key {
        let file = warning.position().map_or("", |(file, _, _)| file);
        let subject = self.methods.get(file).cloned().unwrap_or_else(|| file.to_owned());
        Key { subject, text: warning.message.clone() }
    }
}

/// The number of descriptors below a folder, about.
fn count_files(folder: &Path) -> usize {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    let count = |path: PathBuf| match path.is_dir() {
        true if path.ends_with("patches") || path.ends_with("entities") => 0,
        true => count_files(&path),
        false => usize::from(path.extension().is_some_and(|ending| ending == "yaml")),
    };
    entries.map(|entry| count(entry.path())).sum()
}

/// What the documents had at the places that patches set: `spec/baseline/patches.txt`.
struct PatchedPlaces {
    path: PathBuf,
    values: BTreeMap<String, String>,
}

/// The comment at the start of the file.
const HEAD: &str = "# What the documentation had at the places that patches set, one a line. Written by imports; do not edit.\n";

impl PatchedPlaces {
    fn read(spec: &Path) -> Self {
        let path = spec.join("baseline").join("patches.txt");
        let text = fs::read_to_string(&path).unwrap_or_default();
        let pair =
            |line: &str| line.split_once('\t').map(|(place, value)| (place.to_owned(), value.to_owned()));
        Self { values: text.lines().filter_map(pair).collect(), path }
    }

    /// Adds the values at places that were not patched before, and accepts changed ones if asked to. Returns a warning for each
    /// changed value that is not accepted.
    fn update(
        mut self,
        import: &Import,
        is_whole: bool,
        options: &BaselineArgs,
    ) -> Result<Vec<Diagnostic>, Diagnostic> {
        let earlier = self.values.clone();
        let patched = &import.report.patched_values;
        if is_whole {
            let places: HashSet<&str> = patched.iter().map(|value| value.place.as_str()).collect();
            self.values.retain(|place, _| places.contains(place.as_str()));
        }
        let mut warnings = Vec::new();
        for value in patched {
            let documented = value.documented.to_string();
            match self.values.get(&value.place).filter(|known| **known != documented && !options.accept) {
                Some(known) => warnings.push(changed(value, known, &documented)),
                None => _ = self.values.insert(value.place.clone(), documented),
            }
        }
        if self.values != earlier {
            let lines: String =
                self.values.iter().map(|(place, value)| format!("{place}\t{value}\n")).collect();
            write(&self.path, &format!("{HEAD}{lines}"))?;
        }
        Ok(warnings)
    }
}

/// The warning about a patch whose documentation has changed.
fn changed(value: &PatchedValue, before: &str, now: &str) -> Diagnostic {
    let place = &value.place;
    let (source, span) = &value.location;
    let words = |json: &str| if json == "null" { "nothing".to_owned() } else { excerpt(json) };
    Diagnostic::warning(format!(
        "the documentation now has {} for {place}; it had {} when the patch was accepted",
        words(now),
        words(before)
    ))
    .expecting("read the page, and change the patch or keep it with `--accept`")
    .about(Topic::ChangedPatch)
    .at(source, span.clone())
}

fn excerpt(text: &str) -> String {
    let short: String = text.chars().take(EXCERPT).collect();
    if short.len() < text.len() { format!("{short}…") } else { short }
}
