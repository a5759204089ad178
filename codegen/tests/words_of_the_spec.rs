//! The words of the project: they fit its spec, and do not become fewer.

use std::fs;
use std::path::Path;

use bitrix24_codegen::descriptor::Spec;
use bitrix24_codegen::diagnostic::Severity;
use bitrix24_codegen::lower::lower;
use bitrix24_codegen::words::{LinkForm, WordCounts, Words};

/// By how many hundredths of a percent a share may fall: a new documentation has items that have no words yet.
const TOLERANCE: usize = 50;

#[test]
fn words_fit_the_spec_and_do_not_become_fewer() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    let (spec, problems) = Spec::load(root, Path::new("spec"));
    assert!(problems.is_empty(), "{problems:#?}");
    let (words, mut problems) = Words::load(root, Path::new("spec"));
    problems.extend(words.check(&spec));
    problems.retain(|problem| problem.severity == Severity::Error);
    let problems: Vec<String> = problems.iter().map(ToString::to_string).collect();
    assert!(problems.is_empty(), "{}", problems.join("\n"));

    let mut library = lower(&spec).unwrap();
    words.attach(&spec, &mut library, LinkForm::WireName);
    let counts = WordCounts::of(&words.items(&spec, &library));
    let baseline = fs::read_to_string(root.join("spec/baseline/words.json")).unwrap();
    let baseline: WordCounts = serde_json::from_str(&baseline).unwrap();
    for (kind, before) in &baseline.with_words {
        let (now, before) = (counts.with_words[kind].basis_points(), before.basis_points());
        assert!(
            now + TOLERANCE >= before,
            "{} with words: {now} of 10,000, and {before} before. `cargo spec words --wordless all` lists the others",
            kind.plural()
        );
    }
    assert!(counts.median + 1 >= baseline.median, "median of words: {} after {}", counts.median, baseline.median);
    let (now, before) = (counts.repeating.basis_points(), baseline.repeating.basis_points());
    assert!(now <= before + TOLERANCE, "words that only repeat a name: {now} of 10,000, and {before} before");
}
