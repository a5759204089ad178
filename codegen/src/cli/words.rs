//! `cargo spec words`: how many items have words, and which have none.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use bitrix24_codegen::descriptor::Spec;
use bitrix24_codegen::diagnostic::{Diagnostic, append_unless_reported, has_errors};
use bitrix24_codegen::lower;
use bitrix24_codegen::words::{Item, ItemKind, LinkForm, Share, WordCounts, Words};
use clap::Args;
use serde_json::json;

use super::baseline;
use super::console::Console;

/// The file with the counts below which a later spec may not fall.
const BASELINE: &str = "spec/baseline/words.json";

#[derive(Args)]
pub(crate) struct WordsArgs {
    /// List the items of a scope that have no words. `all`: of every scope; `basic`: methods that need no scope.
    #[arg(long, value_name = "SCOPE")]
    wordless: Option<String>,
    /// List the items whose words only repeat their name.
    #[arg(long)]
    repeating: bool,
    /// Print the counts of each scope.
    #[arg(long)]
    scopes: bool,
    /// Record the counts. Tests fail if a later spec has a smaller share of items with words.
    #[arg(long)]
    accept: bool,
}

pub(crate) fn run(root: &Path, options: &WordsArgs, console: &Console) -> ExitCode {
    match count(root, options, console) {
        Ok((problems, result)) => console.finish(&problems, Some(result)),
        Err(problems) => console.finish(&problems, None),
    }
}

fn count(
    root: &Path,
    options: &WordsArgs,
    console: &Console,
) -> Result<(Vec<Diagnostic>, serde_json::Value), Vec<Diagnostic>> {
    let (spec, mut problems) = Spec::load(root, Path::new("spec"));
    let (words, found) = Words::load(root, Path::new("spec"));
    problems.extend(found);
    let mut library = match lower::lower(&spec) {
        Ok(library) if !has_errors(&problems) => library,
        Ok(_) => return Err(problems),
        Err(found) => {
            append_unless_reported(&mut problems, found);
            return Err(problems);
        }
    };
    words.attach(&spec, &mut library, LinkForm::WireName);
    let items = words.items(&spec, &library);
    let counts = WordCounts::of(&items);
    print(&counts, console);
    if options.scopes {
        for (scope, counts) in by_scope(&items) {
            console.print(&format!("{scope}: {}", in_one_line(&counts)));
        }
    }
    let wordless: Vec<&Item> = match &options.wordless {
        Some(scope) => items.iter().filter(|item| item.text.is_none() && is_of(item, scope)).collect(),
        None => Vec::new(),
    };
    for item in &wordless {
        console.print(&format!("no words: {} {}", item.kind.singular(), item.name));
    }
    let repeating: Vec<&Item> =
        items.iter().filter(|item| options.repeating && item.repeats_its_name()).collect();
    for item in &repeating {
        let text = item.text.as_deref().unwrap_or_default();
        console.print(&format!("only the name: {} {}: {text}", item.kind.singular(), item.name));
    }
    if options.accept {
        accept(root, &counts).map_err(|problem| vec![problem])?;
        console.print(&format!("wrote {BASELINE}"));
    }
    let result = json!({
        "counts": counts, "scopes": by_scope(&items), "wordless": wordless, "repeating": repeating,
    });
    Ok((problems, result))
}

/// Whether an item is of a scope.
fn is_of(item: &Item, scope: &str) -> bool {
    match scope {
        "all" => true,
        "basic" => item.scope == "no scope",
        scope => item.scope == scope,
    }
}

fn by_scope(items: &[Item]) -> BTreeMap<&str, WordCounts> {
    let mut of: BTreeMap<&str, Vec<Item>> = BTreeMap::new();
    for item in items {
        of.entry(item.scope.as_str()).or_default().push(item.clone());
    }
    of.into_iter().map(|(scope, items)| (scope, WordCounts::of(&items))).collect()
}

fn print(counts: &WordCounts, console: &Console) {
    for (kind, share) in &counts.with_words {
        console.print(&format!("{:>18}: {} with words, {}", kind.plural(), shown(*share), percent(*share)));
    }
    console.print(&format!("{:>18}: {} words", "median of a field", counts.median));
    let repeating = counts.repeating;
    console.print(&format!("{:>18}: {}, {}", "only the name", shown(repeating), percent(repeating)));
}

fn in_one_line(counts: &WordCounts) -> String {
    let of = |(kind, share): (&ItemKind, &Share)| format!("{} {}", kind.plural(), shown(*share));
    let parts: Vec<String> = counts.with_words.iter().filter(|(_, share)| share.of > 0).map(of).collect();
    format!("{}, median {}", parts.join(", "), counts.median)
}

fn shown(share: Share) -> String {
    format!("{} of {}", share.with, share.of)
}

fn percent(share: Share) -> String {
    let points = share.basis_points();
    format!("{}.{:02} %", points / 100, points % 100)
}

fn accept(root: &Path, counts: &WordCounts) -> Result<(), Diagnostic> {
    let path: PathBuf = root.join(BASELINE);
    let text = serde_json::to_string_pretty(counts)
        .map_err(|error| Diagnostic::error(format!("the counts cannot be written: {error}")))?;
    fs::create_dir_all(path.parent().unwrap_or(root))
        .map_err(|error| Diagnostic::error(format!("{} cannot be written: {error}", path.display())))?;
    baseline::write(&path, &format!("{text}\n"))
}
