//! The register of rules: everything that the importer knows about the documentation, as a table. `cargo spec rules` prints it.
//!
//! A rule is declared here once, implemented in `syntax/`, `classify/`, `rules/` or `merge/`, and shown by the pages of its
//! folder in `codegen/tests/rules/`. Evidence refers to the rule that read it.

pub(crate) mod documents;
pub(crate) mod entities;
pub(crate) mod errors;
pub(crate) mod events;
pub(crate) mod limits;
pub(crate) mod lists;
pub(crate) mod page;
pub(crate) mod params;
pub(crate) mod placements;
pub(crate) mod returns;
pub(crate) mod rule;
pub(crate) mod syntax;

pub use rule::{Reads, Rule};

/// All rules, in the order in which an import applies them.
pub fn rules() -> impl Iterator<Item = &'static Rule> {
    let rooms = [
        syntax::RULES,
        page::RULES,
        params::RULES,
        returns::RULES,
        errors::RULES,
        lists::RULES,
        events::RULES,
        entities::RULES,
        limits::RULES,
        placements::RULES,
        documents::RULES,
    ];
    rooms.into_iter().flatten().copied()
}
