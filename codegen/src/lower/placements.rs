//! Placements: the module and the name of each, the types of its options and of what its handler receives.
//!
//! | placement | in Rust |
//! |---|---|
//! | `CRM_DEAL_DETAIL_TAB` of the scope `crm` | `placements::crm::DealDetailTab`, `PlacementCode::CrmDealDetailTab` |
//! | `CRM_DYNAMIC_{entityTypeId}_DETAIL_TAB` | `placements::crm::DynamicDetailTab { entity_type_id }` |
//! | a context of one or two fields that several placements have | `IdContext`, `UserIdContext` |
//! | any other context, and options | `CallCardContext`, `TextareaOptions` |
//! | equal options of several placements | `DetailActivityOptions`: the words that their names have in common |
//! | no context is sent | `()` |
//! | no context is documented | JSON |

mod shared_types;

use std::collections::BTreeMap;

use super::entity_types::EntityTypes;
use super::frozen::NameBook;
use super::rust_types::TypeBuilder;
use super::schema_path::SchemaPath;
use super::{Lowering, names};
use crate::descriptor::{Api, Deprecated, Placement, Pointer, Schema, Spec};
use crate::diagnostic::Diagnostic;
use crate::model::{
    Direction, Family, Library, Module, ModulePath, PLACEMENTS_MODULE, PlacementItem, RustName, TypeItem,
    TypeRef,
};

/// The module of placements and handlers that need no scope.
pub(super) const NO_SCOPE: &str = "basic";

/// Adds the placements of a spec to the library.
pub(super) fn lower(
    spec: &Spec,
    book: &NameBook<'_>,
    entities: &EntityTypes<'_>,
    library: &mut Library,
    problems: &mut Vec<Diagnostic>,
) {
    let mut modules: BTreeMap<ModulePath, Module> = BTreeMap::new();
    let mut variants: BTreeMap<RustName, String> = BTreeMap::new();
    for file in &spec.placements {
        let mut lowering = Lowering { file, names: book, entities, problems: Vec::new() };
        if let Some((path, item)) = lowering.lower_placement() {
            let module = modules.entry(path.clone()).or_default();
            let other = variants.insert(item.variant.clone(), item.wire.clone());
            let other = other.or_else(|| {
                module.placements.iter().find(|other| other.name == item.name).map(|other| other.wire.clone())
            });
            if let Some(other) = other {
                let message = format!("the placements {other} and {} have one name in Rust", item.wire);
                let at = Pointer::default().key("placement");
                lowering.report_value(&at, message, "codes that differ in letters or digits, or in scope");
            }
            module.placements.push(item);
        }
        problems.append(&mut lowering.problems);
    }
    for (path, mut module) in modules {
        shared_types::share(&mut module);
        library.modules.insert(path, module);
    }
}

impl Lowering<'_, Placement> {
    /// Lowers a placement. Returns it with its module; `None` if the code has no form in Rust.
    fn lower_placement(&mut self) -> Option<(ModulePath, PlacementItem)> {
        let placement = &self.file.content;
        let words = words(placement);
        let scope = placement.scope.first().map_or(NO_SCOPE, String::as_str);
        let own = without_scope(&words, scope);
        let named = names::type_name(&[own]).zip(names::type_name(&[&words]));
        if named.is_none() {
            let message = format!("the placement {} has no name in Rust", placement.placement);
            self.report_value(&Pointer::default().key("placement"), message, "a letter or a digit");
        }
        let (name, variant) = named?;
        let path = ModulePath(vec![names::function(PLACEMENTS_MODULE)?, names::function(scope)?]);
        let family = placement.variable().and_then(|(before, variable, behind)| {
            Some(Family {
                before: before.to_owned(),
                behind: behind.to_owned(),
                field: names::field(variable)?,
                ty: if variable.ends_with("Id") { TypeRef::Integer } else { TypeRef::Text },
            })
        });
        let (options, context) = (placement.options.clone(), placement.receives.clone());
        let mut types = Vec::new();
        let wire = placement.placement.clone();
        let options = options.map(|schema| {
            let (word, whole) = (format!("{} options", name.bare()), format!("the options of `{wire}`"));
            let path = SchemaPath::part(&word, &schema, "options", Direction::Request, whole);
            lower_part(self, &schema, &path, &mut types)
        });
        let context = context.map(|schema| {
            let (word, whole) =
                (format!("{} context", name.bare()), format!("what is sent to handlers of `{wire}`"));
            let path = SchemaPath::part(&word, &schema, "receives", Direction::Response, whole);
            lower_part(self, &schema, &path, &mut types)
        });
        let placement = &self.file.content;
        let item = PlacementItem {
            wire: placement.placement.clone(),
            family,
            source: self.file.source.path.clone(),
            page: placement.page.clone(),
            text: None,
            notes: Vec::new(),
            scopes: placement.scope.clone(),
            method: placement.binding_method().to_owned(),
            shown: placement.shown,
            deprecated: placement.deprecated != Deprecated::Flag(false),
            variant,
            name,
            options,
            context: context.unwrap_or(TypeRef::Json),
            types,
        };
        Some((path, item))
    }
}

/// Lowers a schema with all types that it needs.
pub(super) fn lower_part<T>(
    lowering: &mut Lowering<'_, T>,
    schema: &Schema,
    path: &SchemaPath<'_>,
    types: &mut Vec<TypeItem>,
) -> TypeRef {
    let mut builder = TypeBuilder::new(lowering, Api::V2);
    let ty = builder.lower_value(schema, path);
    types.append(&mut builder.declared);
    ty
}

/// The words of a code, without the variable part of a family: `CRM_DYNAMIC_DETAIL_TAB`, and `LANDING_BLOCK_ALL` of `LANDING_BLOCK_*`.
fn words(placement: &Placement) -> String {
    let code = match placement.variable() {
        Some((before, _, behind)) => format!("{}_{}", before.trim_matches('_'), behind.trim_matches('_')),
        None => placement.placement.replace('*', "ALL"),
    };
    let words: Vec<&str> = code.split(|c: char| !c.is_ascii_alphanumeric()).collect();
    words.into_iter().filter(|word| !word.is_empty()).collect::<Vec<_>>().join("_")
}

/// The words behind the scope, if some are left.
fn without_scope<'w>(words: &'w str, scope: &str) -> &'w str {
    let rest = words.split_at_checked(scope.len()).filter(|(start, _)| start.eq_ignore_ascii_case(scope));
    rest.and_then(|(_, rest)| rest.strip_prefix('_')).unwrap_or(words)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_placement_is_named_after_its_code_without_the_scope() {
        for (code, pattern, scope, name) in [
            ("ZOO_CAGE_TAB", None, "zoo", "CAGE_TAB"),
            ("ZOO", None, "zoo", "ZOO"),
            ("CAGE_TAB", None, "zoo", "CAGE_TAB"),
            ("ZOO_BLOCK_*", None, "zoo", "BLOCK_ALL"),
            ("ZOO_BLOCK_<CODE>", Some("ZOO_BLOCK_{code}"), "zoo", "BLOCK"),
            ("ZOO_XXX_TAB", Some("ZOO_{houseId}_TAB"), "zoo", "TAB"),
        ] {
            let (placement, pattern) = (code.to_owned(), pattern.map(str::to_owned));
            let words = words(&Placement { placement, pattern, ..Placement::default() });
            assert_eq!(without_scope(&words, scope), name, "{code}");
        }
    }
}
