//! Collecting commands.

use serde_json::{Map, Value};

use super::prepare::prepare;
use super::reference::Reference;
use super::run::Run;
use crate::method::{Api, MethodInfo};
use crate::php::Name;

/// Commands in the order in which a portal is to carry them.
///
/// Nothing is checked before [`run`](Self::run): what is wrong with a command is then its outcome, and nothing is sent.
#[derive(Clone, Debug, PartialEq)]
pub struct Commands {
    pub(super) mark: u32,
    pub(super) halt: bool,
    pub(super) commands: Vec<Command>,
    /// What is wrong with all of it.
    pub(super) problem: Option<&'static str>,
}

#[derive(Clone, Debug, PartialEq)]
pub(super) struct Command {
    pub(super) method: Box<str>,
    pub(super) api: Api,
    pub(super) positional: bool,
    pub(super) changes: bool,
    pub(super) params: Map<String, Value>,
    /// What was wrong with a change of the parameters.
    pub(super) problem: Option<String>,
}

/// Which command of which batch.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct CommandId {
    mark: u32,
    position: usize,
}

impl CommandId {
    pub(super) fn new(mark: u32, position: usize) -> Self {
        Self { mark, position }
    }

    /// The mark of the batch.
    pub fn mark(self) -> u32 {
        self.mark
    }

    /// How many commands stand before it.
    pub fn position(self) -> usize {
        self.position
    }

    /// The whole result of the command, for commands behind it.
    pub fn result(self) -> Reference {
        Reference::to(&self.name())
    }

    /// The command's name in the request. It is never a number alone: PHP would make a list of the answers and lose the names.
    pub(super) fn name(self) -> String {
        format!("c{:08x}_{}", self.mark, self.position)
    }

    /// The command of this name in the batch of this mark.
    pub(super) fn parse(mark: u32, name: &str) -> Option<Self> {
        let position = name.rsplit_once('_')?.1.parse().ok()?;
        let id = Self { mark, position };
        (id.name() == name).then_some(id)
    }
}

impl Commands {
    /// No commands yet.
    ///
    /// The mark is part of the name of each command. Drawn at random, it keeps a text that comes from elsewhere from being taken
    /// for a reference: whoever writes `$result[…]` into a form cannot know the name.
    pub fn new(mark: u32) -> Self {
        Self { mark, halt: false, commands: Vec::new(), problem: None }
    }

    /// Stops at the first command that fails: those behind it are not carried out.
    ///
    /// Commands that refer to others need it, since a portal takes a reference to a command that failed for a text and carries on.
    pub fn halt(&mut self) {
        self.halt = true;
    }

    /// Adds a command.
    pub fn add(&mut self, info: MethodInfo<'_>, params: Map<String, Value>) -> CommandId {
        self.commands.push(Command {
            method: info.name.into(),
            api: info.api,
            positional: info.positional,
            changes: info.changes,
            params,
            problem: None,
        });
        CommandId::new(self.mark, self.commands.len() - 1)
    }

    /// Puts a value into the parameters of a command, most often a [`Reference`]: at `filter[ASSIGNED_BY_ID]`, say, in the way
    /// of PHP. Objects on the way are made where there are none; what stood there is replaced.
    pub fn put(&mut self, command: CommandId, place: &str, value: impl Into<Value>) {
        let known = self.commands.get_mut(command.position).filter(|_| command.mark == self.mark);
        match known {
            Some(known) => known.put(place, value.into()),
            None => self.problem = Some("a parameter was put into a command of another batch"),
        }
    }

    /// How many commands there are.
    pub fn len(&self) -> usize {
        self.commands.len()
    }

    /// Whether there is no command.
    pub fn is_empty(&self) -> bool {
        self.commands.is_empty()
    }

    /// Checks the commands and makes requests of them.
    pub fn run(self) -> Run {
        prepare(self)
    }
}

impl Command {
    fn put(&mut self, place: &str, value: Value) {
        match Name::parse(place).and_then(|name| slot(&mut self.params, &name)) {
            Some(slot) => *slot = value,
            None => self.problem = Some(format!("there is no place `{place}` among the parameters")),
        }
    }
}

/// The value at a place, made where there is none.
fn slot<'p>(params: &'p mut Map<String, Value>, name: &Name<'_>) -> Option<&'p mut Value> {
    // A portal folds the case of parameters, and of two that differ in nothing else it reads one.
    let known = params.keys().find(|known| known.eq_ignore_ascii_case(&name.top)).cloned();
    let mut slot = params.entry(known.unwrap_or_else(|| name.top.clone())).or_insert(Value::Null);
    for key in &name.keys {
        let key = (*key)?;
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
