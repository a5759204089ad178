//! Checking commands before any of them is sent.

use serde_json::{Map, Value};

use super::commands::{Command, CommandId, Commands};
use super::reference::{Found, find};
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
        return Run::refused(mark, methods, failures);
    }
    match split(&earliest(&prepared), LIMIT) {
        Ok(parts) => Run::new(mark, halt, methods, prepared, parts),
        Err(position) => {
            failures[position] = Some(refused(&format!(
                "it belongs by references to more than {LIMIT} commands, which do not fit into one call"
            )));
            Run::refused(mark, methods, failures)
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
    for (name, value) in params {
        collect(id, name, value, &mut links)?;
    }
    if !links.is_empty() && !halt {
        return Err(
            "it refers to another command, whose failure would go unnoticed; let the batch halt at errors"
                .to_owned(),
        );
    }
    Ok(links)
}

/// Collects the references in the value at a place.
fn collect(id: CommandId, place: &str, value: &Value, links: &mut Vec<Link>) -> Result<(), String> {
    match value {
        Value::String(text) => {
            for found in find(text) {
                links.push(link(id, found).map_err(|problem| format!("the parameter `{place}` {problem}"))?);
            }
        }
        Value::Array(items) => {
            for (key, item) in items.iter().enumerate() {
                collect(id, &format!("{place}[{key}]"), item, links)?;
            }
        }
        Value::Object(fields) => {
            for (key, field) in fields {
                collect(id, &format!("{place}[{key}]"), field, links)?;
            }
        }
        _ => {}
    }
    Ok(())
}

fn link(id: CommandId, found: Found<'_>) -> Result<Link, String> {
    let Found { text, id: name, steps } = found;
    let known = CommandId::parse(id.mark(), name).filter(|known| known.position() < id.position());
    let Some(known) = known else {
        return Err(format!(
            "has `{text}`, which refers to no earlier command of this batch; what only looks like a reference must go in a \
             call of its own"
        ));
    };
    if steps.contains(&"") {
        return Err(format!("has `{text}`, of which a step is empty or has brackets or spaces in it"));
    }
    let steps = steps.into_iter().map(str::to_owned).collect();
    Ok(Link { to: known.position(), text: text.to_owned(), steps })
}
