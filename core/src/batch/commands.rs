//! The commands of a batch.

use serde_json::{Map, Value};

use super::command_id::CommandId;
use crate::method::{Api, MethodInfo};
use crate::php::Name;

/// Commands in the order in which the portal executes them.
///
/// Nothing is checked before [`run`](Self::run). A command that is invalid then has an error as its outcome, and nothing is sent.
#[derive(Clone, Debug, PartialEq)]
pub struct Commands {
    pub(super) nonce: u32,
    pub(super) halt: bool,
    pub(super) commands: Vec<Command>,
    /// An error of the whole batch.
    pub(super) error: Option<&'static str>,
}

#[derive(Clone, Debug, PartialEq)]
pub(super) struct Command {
    pub(super) method: Box<str>,
    pub(super) api: Api,
    pub(super) positional: bool,
    pub(super) side_effects: bool,
    pub(super) params: Map<String, Value>,
    /// The error of setting a parameter.
    pub(super) error: Option<String>,
}

impl Commands {
    /// Creates an empty list of commands.
    ///
    /// The nonce is part of the name of each command. If it is random, text from elsewhere cannot be taken for a reference: the
    /// author of a form input `$result[…]` cannot know the name.
    pub fn new(nonce: u32) -> Self {
        Self { nonce, halt: false, commands: Vec::new(), error: None }
    }

    /// Stops the batch at the first command that fails: later commands are not executed.
    ///
    /// Commands with references require it, since a portal takes a reference to a failed command for text and continues.
    pub fn halt_on_error(&mut self) {
        self.halt = true;
    }

    /// Adds a command.
    pub fn add(&mut self, info: MethodInfo<'_>, params: Map<String, Value>) -> CommandId {
        self.commands.push(Command {
            method: info.name.into(),
            api: info.api,
            positional: info.positional,
            side_effects: info.side_effects,
            params,
            error: None,
        });
        CommandId::new(self.nonce, self.commands.len() - 1)
    }

    /// Sets a parameter of a command, usually to a [`Reference`](super::Reference). `path` is in the syntax of PHP:
    /// `filter[ASSIGNED_BY_ID]`. Missing objects on the path are created, and an existing value is replaced.
    pub fn set_param(&mut self, command: CommandId, path: &str, value: impl Into<Value>) {
        let nonce = self.nonce;
        match self.commands.get_mut(command.position()).filter(|_| command.nonce() == nonce) {
            Some(known) => known.set_param(path, value.into()),
            None => self.error = Some("a parameter was set on a command of another batch"),
        }
    }

    /// The number of commands.
    pub fn len(&self) -> usize {
        self.commands.len()
    }

    /// Whether there are no commands.
    pub fn is_empty(&self) -> bool {
        self.commands.is_empty()
    }
}

impl Command {
    fn set_param(&mut self, path: &str, value: Value) {
        match Name::parse(path).and_then(|name| slot(&mut self.params, &name)) {
            Some(slot) => *slot = value,
            None => self.error = Some(format!("the parameters have no place `{path}`")),
        }
    }
}

/// The value at a path; creates it if it is missing.
fn slot<'p>(params: &'p mut Map<String, Value>, name: &Name<'_>) -> Option<&'p mut Value> {
    // A portal ignores the case of parameters, and reads one of two that differ only in case.
    let known = params.keys().find(|known| known.eq_ignore_ascii_case(&name.top)).cloned();
    let mut slot = params.entry(known.unwrap_or_else(|| name.top.to_string())).or_insert(Value::Null);
    for key in name.keys() {
        let key = key?;
        if slot.is_null() || slot.as_array().is_some_and(Vec::is_empty) {
            *slot = Value::Object(Map::new());
        }
        slot = match slot {
            Value::Object(fields) => fields.entry(key).or_insert(Value::Null),
            Value::Array(items) => items.get_mut(key.parse::<usize>().ok()?)?,
            _ => return None,
        };
    }
    Some(slot)
}
