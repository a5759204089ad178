//! How the documented errors are understood by `is_access_denied`, `is_not_found` and `is_limit` of the core.

use std::collections::BTreeSet;
use std::fmt::Write;
use std::path::Path;

use bitrix24_codegen::descriptor::Spec;
use bitrix24_core::{Error, Failure, RawErrorCode};

/// Whether an error has a meaning.
type Applies = fn(&Error) -> bool;

/// The codes and messages of each meaning, so that a new documentation shows what its words mean.
#[test]
fn every_documented_error_has_at_most_the_meaning_of_its_words() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../spec");
    let spec = Spec::load_existing(&folder).expect("the committed descriptors");
    let meanings: [(&str, Applies); 3] = [
        ("access denied", Error::is_access_denied),
        ("not found", Error::is_not_found),
        ("limit", Error::is_limit),
    ];
    let mut shown = String::new();
    for (name, applies) in meanings {
        let (mut words, mut count) = (BTreeSet::new(), 0);
        for error in spec.methods.iter().flat_map(|method| &method.content.errors) {
            // The core has the name of a documented error from its variant, and reads it as it reads a message.
            let message = error.message.as_ref().or(error.name.as_ref()).cloned().unwrap_or_default();
            let failure =
                Failure::from_response(error.status.unwrap_or(400), error.code.clone(), message.clone());
            if applies(&Error::<RawErrorCode>::new("method", failure)) {
                count += 1;
                words.insert(format!("{} {message}", error.code));
            }
        }
        let _ = writeln!(shown, "{name}: {count} documented errors");
        for line in words {
            let _ = writeln!(shown, "    {}", line.trim_end());
        }
    }
    insta::assert_snapshot!(shown);
}
