//! Checks before any command is sent.

use serde_json::{Map, Value};

use super::command_id::CommandId;
use super::commands::{Command, Commands};
use super::prepared::{Link, PreparedCommand};
use super::reference::{ParsedReference, find_references, is_segment};
use super::run::BatchRun;
use super::split::split;
use super::{MAX_COMMANDS, METHOD};
use crate::error::{ErrorKind, Failure};
use crate::method::{Api, MethodInfo, is_method_name};
use crate::php::{self, Place};

impl Commands {
    /// Whether a batch of independent commands can express the request. If not, it can be a call of its own.
    pub fn can_express(info: MethodInfo<'_>, params: &Map<String, Value>) -> bool {
        let mut commands = Self::new(0);
        let id = commands.add(info, params.clone());
        commands.commands.iter().all(|command| check(id, false, command).is_ok())
    }

    /// Checks the commands and prepares their requests. If a command is invalid, nothing is sent.
    pub fn run(self) -> BatchRun {
        prepare(self)
    }
}

fn prepare(commands: Commands) -> BatchRun {
    let Commands { nonce, halt, commands, error } = commands;
    let mut prepared = Vec::new();
    let mut failures = vec![None; commands.len()];
    for (position, command) in commands.iter().enumerate() {
        let checked = match error {
            Some(error) => Err(error.to_owned()),
            None => check(CommandId::new(nonce, position), halt, command),
        };
        match checked {
            Ok(command) => prepared.push(command),
            Err(error) => failures[position] = Some(invalid(&error)),
        }
    }
    let methods: Vec<Box<str>> = commands.into_iter().map(|command| command.method).collect();
    if prepared.len() < methods.len() {
        return BatchRun::invalid(nonce, methods, failures);
    }
    match split(&earliest(&prepared), MAX_COMMANDS) {
        Ok(parts) => BatchRun::new(nonce, halt, methods, prepared, parts),
        Err(position) => {
            failures[position] = Some(invalid(&format!(
                "its references connect more than {MAX_COMMANDS} commands, which do not fit into one call"
            )));
            BatchRun::invalid(nonce, methods, failures)
        }
    }
}

/// For each command, the position of the first command that it refers to, or its own position.
fn earliest(commands: &[PreparedCommand]) -> Vec<usize> {
    let first = |command: &PreparedCommand| command.links.iter().map(|link| link.to).min();
    commands.iter().enumerate().map(|(position, command)| first(command).unwrap_or(position)).collect()
}

fn invalid(error: &str) -> Failure {
    Failure::new(ErrorKind::Request, format!("invalid command of a batch: {error}"))
}

fn check(id: CommandId, halt: bool, command: &Command) -> Result<PreparedCommand, String> {
    if let Some(error) = &command.error {
        return Err(error.clone());
    }
    if command.api == Api::V3 {
        return Err("a batch supports methods of REST 2 only; call this method of REST 3 directly".to_owned());
    }
    if !is_method_name(&command.method) {
        return Err("the method name is invalid".to_owned());
    }
    // The portal ignores the case of method names.
    if command.method.eq_ignore_ascii_case(METHOD) {
        return Err("a batch cannot contain a batch; add its commands instead".to_owned());
    }
    let links = links(id, halt, &command.params)?;
    let query = php::encode_fields(params_of(command))
        .map_err(|error| format!("the parameter {error}; or call the method directly"))?;
    let separator = if query.is_empty() { "" } else { "?" };
    let text = format!("{}{separator}{query}", command.method);
    Ok(PreparedCommand { text, side_effects: command.side_effects, links })
}

/// The parameters, without empty objects and lists at the top level of a request without side effects, where they mean the same as
/// their absence. Elsewhere they may have a meaning, and encoding rejects them.
fn params_of(command: &Command) -> impl Iterator<Item = (&String, &Value)> {
    let keeps_empty = command.side_effects || command.positional;
    command.params.iter().filter(move |(_, value)| match value {
        Value::Object(fields) => keeps_empty || !fields.is_empty(),
        Value::Array(items) => keeps_empty || !items.is_empty(),
        _ => true,
    })
}

/// The references in the parameters, if all of them lead to earlier commands.
fn links(id: CommandId, halt: bool, params: &Map<String, Value>) -> Result<Vec<Link>, String> {
    let mut links = Vec::new();
    for (name, value) in params {
        collect_links(id, &Place::top(name), value, &mut links)?;
    }
    if !links.is_empty() && !halt {
        let text =
            "it refers to another command, whose failure would go unnoticed; let the batch halt on errors";
        return Err(text.to_owned());
    }
    Ok(links)
}

/// Collects the references in the value at a place.
fn collect_links(
    id: CommandId,
    place: &Place<'_>,
    value: &Value,
    links: &mut Vec<Link>,
) -> Result<(), String> {
    match value {
        Value::String(text) => {
            for reference in find_references(text) {
                let link = link(id, reference).map_err(|error| format!("the parameter `{place}` {error}"))?;
                links.push(link);
            }
        }
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                collect_links(id, &place.item(index), item, links)?;
            }
        }
        Value::Object(fields) => {
            for (name, field) in fields {
                collect_links(id, &place.field(name), field, links)?;
            }
        }
        _ => {}
    }
    Ok(())
}

fn link(id: CommandId, reference: ParsedReference<'_>) -> Result<Link, String> {
    let ParsedReference { text, id: name, path } = reference;
    let target = CommandId::parse(id.nonce(), name).filter(|target| target.position() < id.position());
    let Some(target) = target else {
        return Err(format!(
            "contains `{text}`, which refers to no earlier command of this batch; call the method directly if the text only \
             looks like a reference"
        ));
    };
    if path.iter().any(|segment| !is_segment(segment)) {
        return Err(format!("contains `{text}`, which has an empty segment or one with brackets or spaces"));
    }
    let path = path.into_iter().map(str::to_owned).collect();
    Ok(Link { to: target.position(), text: text.to_owned(), path })
}
