//! The importer: from the documentation to descriptors.
//!
//! A document is parsed into a page, whatever its form, and its includes are expanded. Each page is classified; rules extract
//! the facts of a page about its method, each with its line. The facts of several documents about one method are merged, and
//! patches correct the result. All of it is a function of its arguments: nothing is printed, and only [`read_documents`]
//! reads the disk.
//!
//! ```text
//! source ─▶ syntax ─▶ classify ─▶ rules (by tables, lexicon, site_index) ─▶ facts ─▶ merge ─▶ patch ─▶ entities ─▶ descriptors
//! ```

pub(crate) mod classify;
pub(crate) mod entities;
pub(crate) mod event_pages;
pub(crate) mod events;
pub(crate) mod evidence;
pub(crate) mod examples;
pub(crate) mod explain;
pub(crate) mod facts;
pub(crate) mod field_lists;
pub(crate) mod frozen;
pub(crate) mod ledger;
pub(crate) mod lexicon;
pub(crate) mod merge;
pub(crate) mod names;
pub(crate) mod options;
pub(crate) mod page_log;
pub(crate) mod pages;
pub(crate) mod patch;
pub(crate) mod pipeline;
pub(crate) mod recorded_results;
pub(crate) mod register;
pub(crate) mod report;
pub(crate) mod resolve;
pub(crate) mod retained;
pub(crate) mod rules;
pub(crate) mod sent;
pub(crate) mod site_index;
pub(crate) mod source;
pub(crate) mod syntax;
pub(crate) mod system;
pub(crate) mod tables;

pub use crate::extract::event_pages::{EventPage, EventSample, event_pages};
pub use crate::extract::evidence::Leaf;
pub use crate::extract::examples::{
    DocumentedError, MethodExamples, RequestExample, ResponseExample, examples,
};
pub use crate::extract::explain::{Explanation, explain};
pub use crate::extract::field_lists::{FieldList, FieldPage, field_lists};
pub use crate::extract::ledger::Entry;
pub use crate::extract::options::{Options, Progress};
pub use crate::extract::patch::spec::{PatchedSpec, apply_to_spec};
pub use crate::extract::pipeline::{Import, import, import_with};
pub use crate::extract::register::{Reads, Rule, rules};
pub use crate::extract::report::{PatchUse, PatchedValue, ReadDocument, Report, SkippedDocument};
pub use crate::extract::resolve::Verdict;
pub use crate::extract::retained::{Complete, Earlier, broken_includes, complete};
pub use crate::extract::source::documents::{Document, Documentation, read_documentation, read_documents};
pub use crate::extract::source::origin::{Origin, is_commit, is_date, public_address};
pub use crate::extract::source::page_kind::PageKind;
