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
//! | `files` | which file has which keys |
//! | `load` | what is wrong with the contents of the files |
//! | `book` | the words by what they are about, and where each is written |
//! | `text` | references to methods inside a text, and what is not allowed there |
//! | `places` | every value of a request and a result, with the path and the entity that it belongs to |
//! | `lookup` | which words a value has: its method's, its entity's, or those of a glossary |
//! | `stale` | words about what the spec does not have |
//! | `attach` | the words of all places of each item; `shared` chooses among them |
//! | `write` | the words in the items of the model |
//! | `modules` | the words about modules and scopes |
//! | `links` | a reference to a method as a link of rustdoc |
//! | `describe` | the same for the schemas of a spec |
//! | `events` | the words about events, which are those of their methods otherwise |
//! | `items` | the items that can have words, with those that they have |
//! | `counts` | how many items have words |
//!
//! Words depend on the wire names of the spec and on no name in Rust. An import never changes them.

mod attach;
mod book;
#[cfg(feature = "importer")]
mod counts;
mod describe;
mod events;
mod files;
mod format;
#[cfg(feature = "importer")]
mod items;
#[cfg(feature = "importer")]
mod json_schema;
mod links;
mod load;
mod lookup;
mod modules;
mod places;
mod sent;
mod shared;
mod stale;
mod text;
mod write;

pub use book::Words;
#[cfg(feature = "importer")]
pub use counts::{Share, WordCounts};
#[cfg(feature = "importer")]
pub use items::{Item, ItemKind};
#[cfg(feature = "importer")]
pub use json_schema::{WORDS_SCHEMA_FILE, generate_words_json_schema};
pub use links::LinkForm;
pub use load::FOLDER;
