//! The words that decide how a sentence is shortened.

/// Words that a name does not need, in lower case.
pub(super) const FILLERS: &[&str] = &[
    "a",
    "an",
    "the",
    "is",
    "are",
    "was",
    "were",
    "been",
    "has",
    "have",
    "had",
    "you",
    "your",
    "this",
    "that",
    "these",
    "those",
    "there",
    "it",
    "its",
    "such",
    "please",
    "specified",
    "provided",
    "given",
    "any",
    "all",
    "also",
];

/// Words at which a name cannot end, in lower case.
pub(super) const CONNECTORS: &[&str] = &[
    "or", "and", "not", "no", "without", "but", "could", "cannot", "can", "than", "only", "does", "do",
    "must", "should", "of", "to", "into", "in", "on", "at", "by", "for", "with", "from", "as", "where",
    "will", "be", "while", "when", "if", "s",
];

/// Words behind which a sentence only gives details, in lower case.
pub(super) const DETAILS: &[&str] =
    &["with", "which", "that", "when", "because", "due", "if", "as", "who", "being", "such", "since"];

/// Words that say more about the thing before them, in lower case.
pub(super) const OF_A_THING: &[&str] =
    &["with", "for", "of", "by", "in", "on", "to", "from", "which", "that", "being", "such"];

/// What is said about a thing, in lower case. A name keeps it at its end.
pub(super) const PREDICATES: &[&[&str]] = &[
    &["not", "found"],
    &["not", "been", "found"],
    &["does", "not", "exist"],
    &["do", "not", "exist"],
    &["is", "not", "exists"],
    &["already", "exists"],
    &["already", "exist"],
    &["not", "specified"],
    &["not", "provided"],
    &["not", "defined"],
    &["not", "installed"],
    &["not", "available"],
    &["not", "supported"],
    &["not", "allowed"],
    &["is", "required"],
    &["are", "required"],
    &["is", "invalid"],
    &["is", "empty"],
];

/// Long ways to say a short thing, in lower case.
pub(super) const SHORTER: &[(&str, &str)] = &[
    ("you do not have sufficient", "insufficient"),
    ("do not have sufficient", "insufficient"),
    ("you do not have", "no"),
    ("you don't have", "no"),
    ("you have no", "no"),
    ("does not have", "no"),
    ("do not have", "no"),
    ("doesn't have", "no"),
    ("you are not allowed to", "cannot"),
    ("is not allowed to", "cannot"),
    ("it is forbidden to", "cannot"),
    ("you cannot", "cannot"),
    ("permissions", "permission"),
    ("rights", "permission"),
    ("an error occurred while", "failed"),
    ("error while attempting to", "failed to"),
    ("must be an", "must be"),
    ("error occurs when trying to", "cannot"),
    ("error when trying to", "cannot"),
    ("occurs when trying to", "cannot"),
    ("has not been found", "not found"),
    ("is not exists", "does not exist"),
];

/// Beginnings of sentences that name the error only behind "if", in lower case.
pub(super) const CAUSES: &[&str] = &["error occurs ", "occurs ", "an error occurs "];
