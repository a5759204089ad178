//! Restricts crates and modules of the standard library to rooms.

use crate::paths::Use;
use crate::sources::SourceFile;

/// Crates and modules of the standard library that a crate may use only in the listed rooms. No room: nowhere.
struct Limit {
    name: &'static str,
    libraries: &'static [&'static str],
    rooms: &'static [&'static str],
}

const LIMITS: &[Limit] = &[
    Limit {
        name: "core",
        libraries: &[
            "std::fs",
            "std::net",
            "std::thread",
            "std::time::Instant",
            "std::time::SystemTime",
            "tokio",
            "reqwest",
            "bitrix24_client",
            "bitrix24_codegen",
        ],
        rooms: &[],
    },
    Limit { name: "client", libraries: &["bitrix24_codegen"], rooms: &[] },
    Limit { name: "codegen", libraries: &["bitrix24_core", "bitrix24_client"], rooms: &[] },
    Limit {
        name: "codegen",
        libraries: &["proc_macro2", "quote", "syn", "prettyplease"],
        rooms: &["codegen/src/emit"],
    },
    Limit {
        name: "codegen",
        libraries: &["serde_yaml", "saphyr_parser"],
        rooms: &["codegen/src/descriptor", "codegen/src/extract/syntax/front_matter"],
    },
    Limit { name: "codegen", libraries: &["clap", "indicatif"], rooms: &["codegen/src/cli"] },
    Limit { name: "codegen", libraries: &["maud"], rooms: &["codegen/src/diff/html"] },
    Limit {
        name: "codegen",
        libraries: &["std::fs"],
        rooms: &[
            "codegen/src/builder",
            "codegen/src/cli",
            "codegen/src/descriptor",
            "codegen/src/extract/source",
            "codegen/src/fingerprint",
            "codegen/src/marked_regions",
            "codegen/src/output_folder",
            "codegen/src/transaction",
            "codegen/src/words/files",
        ],
    },
];

/// The error of a library used outside its rooms.
pub(crate) fn forbidden_library(name: &str, file: &SourceFile, found: &Use) -> Option<String> {
    let is_below = |path: &str, root: &str, mark: &str| {
        path.strip_prefix(root).is_some_and(|behind| behind.is_empty() || behind.starts_with(mark))
    };
    let is_limited = |limit: &&Limit| {
        limit.name == name && limit.libraries.iter().any(|library| is_below(&found.path, library, "::"))
    };
    let limit = LIMITS.iter().filter(|_| found.file.is_none()).find(is_limited)?;
    let path = file.path.trim_end_matches(".rs");
    if limit.rooms.iter().any(|room| is_below(path, room, "/")) {
        return None;
    }
    let rooms = match limit.rooms {
        [] => format!("{name} may not use it"),
        rooms => format!("only {} may use it", rooms.join(", ")),
    };
    let advice = "pass what is needed as an argument, or move this code there";
    Some(format!("{}:{}: `{}`: {rooms}; {advice}", file.path, found.line, found.path))
}
