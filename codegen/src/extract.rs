//! From the documentation to descriptors.
//!
//! A document is told by its form and read into a page, which no longer shows the form; what it includes is put into it. Its
//! kind is decided, and the page of a method is heard on each key of a descriptor, every fact with its line; what several
//! documents say of one method is merged, and corrected by patches.
//! Everything here is a function of what is given to it: nothing is printed, and only [`read_documents`] touches the disk.
//!
//! ```text
//! documents ─▶ form ─▶ yfm │ rendered │ front_matter ─▶ page ─▶ testimony ─▶ merge ─▶ patches ─▶ descriptors
//! ```

pub(crate) mod classify;
pub(crate) mod diagnostics;
pub(crate) mod evidence;
pub(crate) mod examples;
pub(crate) mod explain;
pub(crate) mod facts;
pub(crate) mod ledger;
pub(crate) mod lexicon;
pub(crate) mod merge;
pub(crate) mod method_key;
pub(crate) mod options;
pub(crate) mod pages;
pub(crate) mod patch;
pub(crate) mod pipeline;
pub(crate) mod register;
pub(crate) mod report;
pub(crate) mod resolve;
pub(crate) mod rules;
pub(crate) mod site_index;
pub(crate) mod source;
pub(crate) mod syntax;
pub(crate) mod system;
pub(crate) mod tables;

pub use crate::extract::evidence::Leaf;
pub use crate::extract::examples::{
    DocumentedError, MethodExamples, RequestExample, ResponseExample, examples,
};
pub use crate::extract::explain::{Explanation, explain};
pub use crate::extract::ledger::Entry;
pub use crate::extract::options::{Options, Progress};
pub use crate::extract::patch::spec::{PatchedSpec, apply_to_spec};
pub use crate::extract::pipeline::{Import, import, import_with};
pub use crate::extract::register::{Reads, Rule, rules};
pub use crate::extract::report::{PatchUse, ReadDocument, Report, SkippedDocument};
pub use crate::extract::resolve::Verdict;
pub use crate::extract::source::documents::{Document, read_documents};
pub use crate::extract::source::page_kind::PageKind;
