//! What a method does with rows of other families.

use super::facts::{EffectFacts, NeedFacts};
use super::roles::Role;
use super::sources::{Setting, Source, settings};
use super::{Operation, fold};

/// What happens to rows of another family.
#[derive(Clone, Debug)]
pub(crate) struct Effect {
    /// The prefix of the family's methods.
    pub(crate) family: String,
    /// `Add`, `Update`, `Put` or `Delete`.
    pub(crate) role: Role,
    /// A list, for each of whose values it happens.
    pub(crate) each: Option<Source>,
    /// A value without which it does not happen.
    pub(crate) when: Option<Source>,
    /// Conditions on rows. Without a value for one, nothing happens.
    pub(crate) conditions: Vec<Setting>,
    /// Fields that are set.
    pub(crate) sets: Vec<Setting>,
}

/// A row of another family that has to exist.
#[derive(Clone, Debug)]
pub(crate) struct Need {
    /// The prefix of the family's methods. Empty: no row is enough.
    pub(crate) family: String,
    /// A value without which the row is not needed.
    pub(crate) when: Option<Source>,
    /// Conditions on the row.
    pub(crate) conditions: Vec<Setting>,
    /// Whether there must be no such row.
    pub(crate) absent: bool,
    /// The field of the request that is wrong otherwise.
    pub(crate) field: Option<String>,
    /// The error otherwise: its code, or how its message begins.
    pub(crate) error: Option<String>,
    /// Its message, where no page has one.
    pub(crate) message: Option<String>,
}

impl Effect {
    pub(super) fn of(facts: &EffectFacts) -> Self {
        Self {
            family: facts.family.clone(),
            role: Role::named(&facts.role).unwrap_or(Role::Add),
            each: facts.each.as_ref().map(Source::of),
            when: facts.when.as_ref().map(Source::of),
            conditions: settings(&facts.conditions),
            sets: settings(&facts.set),
        }
    }

    pub(super) fn add_families(&self, families: &mut Vec<String>) {
        families.push(self.family.clone());
        let sources = self.each.iter().chain(&self.when);
        sources.for_each(|source| source.add_families(families));
        of_settings(self.conditions.iter().chain(&self.sets), families);
    }
}

impl Need {
    pub(super) fn of(facts: &NeedFacts) -> Self {
        Self {
            family: facts.family.clone(),
            when: facts.when.as_ref().map(Source::of),
            conditions: settings(&facts.conditions),
            absent: facts.absent,
            field: facts.field.clone(),
            error: facts.error.clone(),
            message: facts.message.clone(),
        }
    }

    pub(super) fn add_families(&self, families: &mut Vec<String>) {
        families.extend(Some(self.family.clone()).filter(|family| !family.is_empty()));
        self.when.iter().for_each(|source| source.add_families(families));
        of_settings(&self.conditions, families);
    }
}

/// Adds the families whose rows the sources of fields have.
pub(super) fn of_settings<'s>(settings: impl IntoIterator<Item = &'s Setting>, families: &mut Vec<String>) {
    settings.into_iter().for_each(|setting| setting.source.add_families(families));
}

/// Names without case and separators.
pub(super) fn folded(names: &[String]) -> Vec<String> {
    names.iter().map(|name| fold(name)).collect()
}

/// The prefixes of the families whose rows a method works on too.
pub(super) fn looks(operation: &Operation) -> Vec<String> {
    let mut families = Vec::new();
    of_settings(operation.conditions.iter().chain(&operation.sets), &mut families);
    operation.before.iter().chain(&operation.also).for_each(|effect| effect.add_families(&mut families));
    operation.needs.iter().for_each(|need| need.add_families(&mut families));
    operation.result.iter().for_each(|source| source.add_families(&mut families));
    families.sort_unstable();
    families.dedup();
    families
}
