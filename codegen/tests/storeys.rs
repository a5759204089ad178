//! The architecture as a test: which room of a crate may use which, no cycles of files, and one language in code and comments.
//!
//! [`map`] holds the rooms of `codegen/src`, `core/src`, `client/src` and `portal/src` as ARCHITECTURE.md describes them. A room is a file
//! together with the folder of the same name, and uses only rooms below it.

#[path = "storeys/cycles.rs"]
mod cycles;
#[path = "storeys/libraries.rs"]
mod libraries;
#[path = "storeys/map.rs"]
mod map;
#[path = "storeys/paths.rs"]
mod paths;
#[path = "storeys/rooms.rs"]
mod rooms;
#[path = "storeys/sources.rs"]
mod sources;
#[path = "storeys/tokens.rs"]
mod tokens;
#[path = "storeys/words.rs"]
mod words;

use crate::paths::Modules;
use crate::rooms::Rooms;
use crate::sources::{SourceFile, with_tests, without_tests};

/// Crates with rooms.
const CRATES: [&str; 4] = ["codegen", "core", "client", "portal"];

/// Crates that are too small for rooms.
const SMALL: [&str; 3] = ["handler", "redis", "testing"];

#[test]
fn rooms_use_only_the_rooms_below_them() {
    let rooms = Rooms::of(map::ROOMS);
    let mut wrong = rooms.problems();
    for name in CRATES {
        let files = without_tests(name);
        let modules = Modules::of(&files);
        wrong.extend(rooms.without_files(name, &files));
        for file in &files {
            wrong.extend(rooms.without_a_room(file));
            let uses = modules.uses(file);
            wrong.extend(uses.iter().filter_map(|found| rooms.forbidden(&files, file, found)));
            wrong.extend(uses.iter().filter_map(|found| libraries::forbidden_library(name, file, found)));
        }
    }
    report(&wrong);
}

#[test]
fn files_use_one_another_in_one_direction() {
    let mut wrong = Vec::new();
    for name in CRATES {
        let files = without_tests(name);
        wrong.extend(cycles::cycles(&files, &Modules::of(&files)).iter().map(ToString::to_string));
    }
    report(&wrong);
}

#[test]
fn code_and_comments_use_the_words_of_the_field() {
    let files: Vec<SourceFile> = CRATES.into_iter().chain(SMALL).flat_map(with_tests).collect();
    let mut wrong: Vec<String> = files.iter().flat_map(words::forbidden).collect();
    wrong.extend(words::needless_exceptions(&files));
    report(&wrong);
}

#[track_caller]
fn report(wrong: &[String]) {
    let map = "codegen/tests/storeys/map.rs holds the rooms; change it together with ARCHITECTURE.md";
    assert!(wrong.is_empty(), "\n{}\n\n{} in all. {map}.", wrong.join("\n"), wrong.len());
}
