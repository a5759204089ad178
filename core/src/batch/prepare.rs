//! Checking commands before any of them is sent.

use serde_json::{Map, Value};

use super::commands::{Command, CommandId, Commands};
use super::reference::find;
use super::run::{Prepared, Run};
use super::split::split;
use super::{LIMIT, NAME};
use crate::error::{Failure, Kind};
use crate::method::{Api, is_method_name};
use crate::php;

/// A reference that a command holds.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Link {
    /// The position of the command that it leads to.
    pub(super) to: usize,
    pub(super) text: String,
    pub(super) steps: Vec<String>,
}

/// Makes requests of commands, or says of each what is wrong with it.
pub(super) fn prepare(commands: Commands) -> Run {
    let Commands { mark, halt, commands, problem } = commands;
    let mut prepared = Vec::new();
    let mut failures = vec![None; commands.len()];
    for (position, command) in commands.iter().enumerate() {
        let checked = match problem {
            Some(problem) => Err(problem.to_owned()),
            None => check(CommandId::new(mark, position), halt, command),
        };
        match checked {
            Ok(command) => prepared.push(command),
            Err(problem) => failures[position] = Some(refused(&problem)),
        }
    }
    let methods: Vec<Box<str>> = commands.into_iter().map(|command| command.method).collect();
    if prepared.len() < methods.len() {
        return Run::refused(methods, failures);
    }
    match split(&earliest(&prepared), LIMIT) {
        Ok(parts) => Run::new(mark, halt, methods, prepared, parts),
        Err(position) => {
            failures[position] = Some(refused(&format!(
                "it belongs by references to more than {LIMIT} commands, which do not fit into one call"
            )));
            Run::refused(methods, failures)
        }
    }
}

/// For each command the position of the first that it refers to, or its own.
fn earliest(commands: &[Prepared]) -> Vec<usize> {
    let first = |command: &Prepared| command.links.iter().map(|link| link.to).min();
    commands.iter().enumerate().map(|(position, command)| first(command).unwrap_or(position)).collect()
}

fn refused(problem: &str) -> Failure {
    Failure::new(Kind::Request, format!("this cannot be a command of a batch: {problem}"))
}

fn check(id: CommandId, halt: bool, command: &Command) -> Result<Prepared, String> {
    if let Some(problem) = &command.problem {
        return Err(problem.clone());
    }
    if command.api == Api::V3 {
        return Err(
            "a batch carries methods of REST 2, and this is one of REST 3; call it by itself".to_owned()
        );
    }
    if !is_method_name(&command.method) {
        return Err("this is no name of a method".to_owned());
    }
    // Names of methods are folded by the portal.
    if command.method.eq_ignore_ascii_case(NAME) {
        return Err("a portal carries no batch within a batch; add its commands instead".to_owned());
    }
    let links = links(id, halt, &command.params)?;
    let params = sayable(command);
    let query = php::encode(&params)
        .map_err(|error| format!("the parameter {error}; or call the method by itself"))?;
    let separator = if query.is_empty() { "" } else { "?" };
    Ok(Prepared { text: format!("{}{separator}{query}", command.method), changes: command.changes, links })
}

/// The parameters without what says nothing: in a request that only reads, an empty object or list at the top is the same as none
/// at all. Deeper, or in one that changes something, it may well say something, and is refused later.
fn sayable(command: &Command) -> Map<String, Value> {
    let mut params = command.params.clone();
    if !command.changes && !command.positional {
        params.retain(|_, value| match value {
            Value::Object(fields) => !fields.is_empty(),
            Value::Array(items) => !items.is_empty(),
            _ => true,
        });
    }
    params
}

/// Every reference in the parameters, if all lead to commands that come before.
fn links(id: CommandId, halt: bool, params: &Map<String, Value>) -> Result<Vec<Link>, String> {
    let mut links = Vec::new();
    each_text(params.values(), &mut |text| {
        for found in find(text) {
            let known =
                CommandId::parse(id.mark(), found.id).filter(|known| known.position() < id.position());
            let Some(known) = known else {
                return Err(format!("`{}` refers to no earlier command of this batch", found.text));
            };
            if found.steps.contains(&"") {
                return Err(format!(
                    "`{}` has a step that is empty or has brackets or spaces in it",
                    found.text
                ));
            }
            let steps = found.steps.into_iter().map(str::to_owned).collect();
            links.push(Link { to: known.position(), text: found.text.to_owned(), steps });
        }
        Ok(())
    })?;
    if !links.is_empty() && !halt {
        return Err(
            "it refers to another command, whose failure would go unnoticed; let the batch halt at errors"
                .to_owned(),
        );
    }
    Ok(links)
}

fn each_text<'v>(
    values: impl Iterator<Item = &'v Value>,
    visit: &mut dyn FnMut(&str) -> Result<(), String>,
) -> Result<(), String> {
    for value in values {
        match value {
            Value::String(text) => visit(text)?,
            Value::Array(items) => each_text(&mut items.iter() as &mut dyn Iterator<Item = _>, visit)?,
            Value::Object(fields) => each_text(&mut fields.values() as &mut dyn Iterator<Item = _>, visit)?,
            _ => {}
        }
    }
    Ok(())
}
