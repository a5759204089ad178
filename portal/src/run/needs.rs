//! Rows without which a method does not work, and requests that are wrong whatever rows there are.

use super::found::found;
use super::values::Context;
use super::{Call, Machine};
use crate::check::{Problem, Refusal};
use crate::families::{Need, Setting};

/// The message of an error that no page describes.
const NOT_FOUND: &str = "Not found";

impl Machine {
    /// Refuses a call without the rows of other families that it needs.
    pub(super) fn check_needs(&mut self, call: &Call<'_>) -> Result<(), Refusal> {
        let context = Context::default();
        for need in &call.operation.needs {
            let has_value = |when| self.value_of(call, when, &context).is_some_and(|when| !when.is_null());
            let is_needed = need.when.as_ref().is_none_or(has_value);
            // Without a family, what is said makes the request wrong.
            let is_wrong = is_needed
                && (need.family.is_empty()
                    || self.has_row(call, &need.family, &need.conditions)? == need.absent);
            if is_wrong {
                return Err(match &need.field {
                    Some(field) if need.error.is_none() => self.refuse(call, Problem::WrongType(field)),
                    _ => self.refuse_for(call, need),
                });
            }
        }
        Ok(())
    }

    /// The error of a call that does not have what it needs.
    fn refuse_for(&self, call: &Call<'_>, need: &Need) -> Refusal {
        let mut refusal = self.refuse_with(call, need.error.as_deref());
        if let Some(message) = &need.message {
            refusal.message.clone_from(message);
        } else if refusal.message == NOT_FOUND && need.family.is_empty() {
            refusal.message = "The request is wrong".to_owned();
        } else if refusal.message == NOT_FOUND && need.absent {
            refusal.message = "It exists already".to_owned();
        }
        refusal
    }

    fn has_row(&mut self, call: &Call<'_>, prefix: &str, all: &[Setting]) -> Result<bool, Refusal> {
        let Some(family) = self.families.named(&self.spec, call.method.api, prefix) else {
            return Ok(false);
        };
        let Some(conditions) = self.conditions_of(call, all, &Context::default()) else { return Ok(false) };
        let (key, filter) = family.place_of(conditions);
        self.ensure_table(&key)?;
        Ok(self.store.get(&key).is_some_and(|table| !found(&family, table, &filter).is_empty()))
    }

    /// The error of a call whose row does not exist: the documented one with a code, or the one that fits best.
    pub(super) fn refuse_with(&self, call: &Call<'_>, code: Option<&str>) -> Refusal {
        let known = code.and_then(|code| call.method.error(code));
        match known {
            Some(error) => Refusal::new(
                error.status.unwrap_or(400),
                error.code.clone(),
                error.message.clone().unwrap_or_else(|| NOT_FOUND.to_owned()),
            ),
            None => self.refuse(call, Problem::NotFound),
        }
    }
}
