//! The severity of each rule, as a project sets it.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::register::{RULES, Rule, find_rule};
use super::severity::Severity;
use crate::descriptor::{Pointer, SpecFile, read_yaml};
use crate::diagnostic::{Diagnostic, SourceText};

/// The severity of each rule: its own, unless a setting names another one.
#[derive(Clone, Debug, Default)]
pub struct Severities(BTreeMap<&'static str, Severity>);

impl Severities {
    /// The path of the settings, relative to the project: a map of ids of rules to severities.
    pub const FILE: &'static str = "tools/diff.yaml";

    /// The severity of a rule.
    pub fn of(&self, rule: &Rule) -> Severity {
        self.0.get(rule.id).copied().unwrap_or(rule.severity)
    }

    /// Sets the severity of a rule.
    ///
    /// # Errors
    /// There is no such rule.
    pub fn set(&mut self, id: &str, severity: Severity) -> Result<(), Diagnostic> {
        let rule = find_rule(id).ok_or_else(|| unknown_rule(id))?;
        self.0.insert(rule.id, severity);
        Ok(())
    }

    /// Reads settings: `parameter_typed: additive` in each line.
    ///
    /// # Errors
    /// Unknown rules and severities, with their locations.
    pub fn read(source: &Arc<SourceText>) -> Result<Self, Vec<Diagnostic>> {
        let loaded = read_yaml::<BTreeMap<String, Severity>>(source);
        let mut problems = loaded.problems;
        let file = SpecFile::new(Arc::clone(source), loaded.content.unwrap_or_default());
        let mut severities = Self::default();
        for (id, severity) in &file.content {
            if let Err(problem) = severities.set(id, *severity) {
                problems.push(file.at_key(problem, &Pointer::default().key(id)));
            }
        }
        if problems.is_empty() { Ok(severities) } else { Err(problems) }
    }
}

fn unknown_rule(id: &str) -> Diagnostic {
    let near = RULES.iter().map(|rule| rule.id).filter(|known| {
        let word = id.split('_').next().unwrap_or(id);
        !word.is_empty() && known.starts_with(word)
    });
    let near: Vec<&str> = near.collect();
    let expected = match near.as_slice() {
        [] => "a rule that `cargo spec diff --rules` prints".to_owned(),
        near => format!("one of {}", near.join(", ")),
    };
    Diagnostic::error(format!("there is no rule {id:?}")).expecting(expected)
}
