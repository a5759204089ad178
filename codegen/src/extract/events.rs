//! Events: what documents say about each, and one descriptor out of all that several documents say.
//!
//! A page is about one event, a section of another page about one each; further events are only named, in tables, lists and
//! calls. The names are known when all documents are read: then titles and examples that disagree are decided, and names without
//! a description become events too.

pub(crate) mod families;
pub(crate) mod mentions;
pub(crate) mod merge;
pub(crate) mod names;
pub(crate) mod page;
pub(crate) mod samples;
pub(crate) mod scopes;
pub(crate) mod sections;
pub(crate) mod tokens;

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::descriptor::{Context, EventTokens, Schema, SourceForm};
use crate::diagnostic::SourceText;
use crate::extract::evidence::Evidence;
use crate::extract::ledger::Ledger;
use crate::extract::rules::deprecation::Deprecation;
use crate::extract::source::snapshots::Age;

/// All facts by the names of their events in lower case.
pub(crate) type ByName = BTreeMap<String, Vec<EventFacts>>;

/// The facts of one document about one event.
#[derive(Debug)]
pub(crate) struct EventFacts {
    pub(crate) source: Arc<SourceText>,
    pub(crate) form: SourceForm,
    /// The day of the snapshot, if a newer one is imported with it.
    pub(crate) revision: Option<String>,
    pub(crate) age: Age,
    /// How much the document says about it.
    pub(crate) role: Role,
    /// The name in the title of its page or its section.
    pub(crate) title: Option<Evidence<String>>,
    /// The name in an example of what the handler receives.
    pub(crate) shown: Option<Evidence<String>>,
    /// The path, without an ending, of the page that the mention links to.
    pub(crate) link: Option<String>,
    /// The name, once all documents are known.
    pub(crate) name: String,
    /// The names of its family.
    pub(crate) pattern: Option<Evidence<String>>,
    pub(crate) scope: Option<Evidence<Vec<String>>>,
    pub(crate) subscribers: Option<Evidence<String>>,
    pub(crate) context: Option<Evidence<Context>>,
    pub(crate) tokens: Option<Evidence<EventTokens>>,
    pub(crate) deprecation: Deprecation,
    pub(crate) replaced_by: Vec<String>,
    pub(crate) handler_id: Option<Evidence<String>>,
    pub(crate) data: Option<Schema>,
    pub(crate) page: Option<Evidence<String>>,
    /// The rules that fired on it, and their evidence.
    pub(crate) ledger: Ledger,
}

/// How much a document says about an event; what says more comes first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Role {
    /// The page is about it.
    Page,
    /// A section is about it.
    Section,
    /// An example on a page about something else shows it.
    Example,
    /// It is named.
    Mention,
}
