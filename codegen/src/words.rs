//! The words of the documentation: what each method, parameter, field, value and error means, from `spec/words/`.
//!
//! ```text
//! spec/words/**/*.yaml ──load──▶ Words ──attach──▶ model::Library, whose items have their words as Markdown
//!                              │       └─describe─▶ Spec, whose schemas have them as descriptions, for exports
//! ```
//!
//! | file | decides |
//! |---|---|
//! | `format` | the keys of the files |
//! | `load` | which file has which keys, and what is wrong with them |
//! | `book` | the words by what they are about, and where each is written |
//! | `text` | references to methods inside a text, and what is not allowed there |
//! | `places` | every value of a request and a result, with the path and the entity that it belongs to |
//! | `lookup` | which words a value has: its method's, its entity's, or those of a glossary |
//! | `stale` | words about what the spec does not have |
//! | `attach` | the items of the model that get the words; `shared` chooses among the words of several places |
//! | `modules` | the words about modules and scopes |
//! | `links` | a reference to a method as a link of rustdoc |
//! | `describe` | the same for the schemas of a spec |
//! | `events` | the words about events, which are those of their methods otherwise |
//! | `counts` | how many items have words, and which have none |
//!
//! Words depend on the wire names of the spec and on no name in Rust. An import never changes them.

mod attach;
mod book;
#[cfg(feature = "importer")]
mod counts;
#[cfg(feature = "importer")]
mod describe;
mod events;
mod format;
#[cfg(feature = "importer")]
mod json_schema;
mod links;
mod load;
mod lookup;
mod modules;
mod places;
mod shared;
mod stale;
mod text;

pub use book::Words;
#[cfg(feature = "importer")]
pub use counts::{Item, ItemKind, Share, WordCounts};
#[cfg(feature = "importer")]
pub use json_schema::{WORDS_SCHEMA_FILE, generate_words_json_schema};
pub use links::LinkForm;
pub use load::FOLDER;
