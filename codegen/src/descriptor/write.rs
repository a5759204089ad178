//! The canonical YAML form of descriptors.
//!
//! A part that fits on the rest of its line is written inline (`{type: integer, minimum: 1}`), everything else as a block, so that
//! a parameter is one line in a diff.

use std::path::Path;

use serde::Serialize;
use serde_yaml::Value;

use super::{
    Descriptor, Entities, Entity, Event, FrozenNames, Handler, PinnedSource, Placement, SOURCE_FILE,
    SystemDescriptor, descriptor_path, entity_path, event_path, handler_path, placement_path,
};
use crate::diagnostic::Diagnostic;

/// The name of the file with the JSON Schema of descriptors below `spec/`.
pub const SCHEMA_FILE: &str = "descriptor.schema.json";

/// The name of the file with the JSON Schema of entities below `spec/`.
pub const ENTITY_SCHEMA_FILE: &str = "entity.schema.json";

/// The name of the file with the JSON Schema of events below `spec/`.
pub const EVENT_SCHEMA_FILE: &str = "event.schema.json";

/// The name of the file with the JSON Schema of placements below `spec/`.
pub const PLACEMENT_SCHEMA_FILE: &str = "placement.schema.json";

/// The name of the file with the JSON Schema of handlers below `spec/`.
pub const HANDLER_SCHEMA_FILE: &str = "handler.schema.json";

/// The maximum width of a line before its content becomes a block.
const WIDTH: usize = 120;

/// Renders the file of a descriptor, with references to the entities. The first line names the JSON Schema for editors.
///
/// # Errors
/// A descriptor that YAML cannot represent. This does not happen.
pub fn render_descriptor(descriptor: &Descriptor, entities: &Entities) -> Result<String, Vec<Diagnostic>> {
    let mut collapsed = descriptor.clone();
    entities.collapse(&mut collapsed);
    let yaml = text_of(&collapsed, &descriptor.method)?;
    Ok(with_schema(&descriptor_path(descriptor), SCHEMA_FILE, &yaml))
}

/// Renders the file of an entity. The first line names the JSON Schema for editors.
///
/// # Errors
/// An entity that YAML cannot represent. This does not happen.
pub fn render_entity(entity: &Entity) -> Result<String, Vec<Diagnostic>> {
    let yaml = text_of(entity, &entity.entity)?;
    Ok(with_schema(&entity_path(entity), ENTITY_SCHEMA_FILE, &yaml))
}

/// Renders the file of an event, with references to the entities. The first line names the JSON Schema for editors.
///
/// # Errors
/// An event that YAML cannot represent. This does not happen.
pub fn render_event(event: &Event, entities: &Entities) -> Result<String, Vec<Diagnostic>> {
    let mut collapsed = event.clone();
    entities.collapse_event(&mut collapsed);
    let yaml = text_of(&collapsed, &event.event)?;
    Ok(with_schema(&event_path(event), EVENT_SCHEMA_FILE, &yaml))
}

/// Renders the file of a placement. The first line names the JSON Schema for editors.
///
/// # Errors
/// A placement that YAML cannot represent. This does not happen.
pub fn render_placement(placement: &Placement) -> Result<String, Vec<Diagnostic>> {
    let yaml = text_of(placement, &placement.placement)?;
    Ok(with_schema(&placement_path(placement), PLACEMENT_SCHEMA_FILE, &yaml))
}

/// Renders the file of a handler. The first line names the JSON Schema for editors.
///
/// # Errors
/// A handler that YAML cannot represent. This does not happen.
pub fn render_handler(handler: &Handler) -> Result<String, Vec<Diagnostic>> {
    let yaml = text_of(handler, &handler.handler)?;
    Ok(with_schema(&handler_path(handler), HANDLER_SCHEMA_FILE, &yaml))
}

fn with_schema(path: &Path, schema: &str, yaml: &str) -> String {
    let up = "../".repeat(path.components().count() - 1);
    format!("# yaml-language-server: $schema={up}{schema}\n{yaml}")
}

/// Renders the file of the system descriptor.
///
/// # Errors
/// A descriptor that YAML cannot represent. This does not happen.
pub fn render_system(system: &SystemDescriptor) -> Result<String, Vec<Diagnostic>> {
    text_of(system, "the system")
}

/// Renders the file of the pinned source.
///
/// # Errors
/// A source that YAML cannot represent. This does not happen.
pub fn render_source(source: &PinnedSource) -> Result<String, Vec<Diagnostic>> {
    text_of(source, SOURCE_FILE)
}

/// Renders `names.yaml`.
///
/// # Errors
/// Names that YAML cannot represent. This does not happen.
pub fn render_names(names: &FrozenNames) -> Result<String, Vec<Diagnostic>> {
    let about = "# Names in Rust that callers use, written by `cargo spec import`. See README.md.\n";
    Ok(format!("{about}{}", text_of(names, "names.yaml")?))
}

fn text_of<T: Serialize>(value: &T, name: &str) -> Result<String, Vec<Diagnostic>> {
    to_yaml(value)
        .map_err(|error| vec![Diagnostic::error(format!("{name} cannot be written as YAML: {error}"))])
}

/// Renders any part of the format as YAML.
///
/// # Errors
/// A value that YAML cannot represent. The types of the format have none.
pub fn to_yaml<T: Serialize>(value: &T) -> Result<String, serde_yaml::Error> {
    let mut out = String::new();
    match serde_yaml::to_value(value)? {
        Value::Mapping(mapping) => block_mapping(&mut out, &mapping, 0)?,
        other => {
            out.push_str(&flow(&other)?);
            out.push('\n');
        }
    }
    Ok(out)
}

fn block_mapping(
    out: &mut String,
    mapping: &serde_yaml::Mapping,
    indent: usize,
) -> Result<(), serde_yaml::Error> {
    for (key, value) in mapping {
        let key = flow(key)?;
        out.push_str(&" ".repeat(indent));
        out.push_str(&key);
        out.push(':');
        let room = WIDTH.saturating_sub(indent + key.len() + 2);
        after_key(out, value, indent, room)?;
    }
    Ok(())
}

/// Writes a value after `key:`, on the same line if it fits and is no collection of collections.
fn after_key(out: &mut String, value: &Value, indent: usize, room: usize) -> Result<(), serde_yaml::Error> {
    let inline = flow(value)?;
    match value {
        // A block of nothing would be `null`.
        Value::Mapping(mapping) if !(mapping.is_empty() || fits(&inline, room) && is_leaf(value)) => {
            out.push('\n');
            block_mapping(out, mapping, indent + 2)
        }
        Value::Sequence(items) if !items.iter().all(is_scalar) => {
            out.push('\n');
            block_sequence(out, items, indent + 2)
        }
        Value::Sequence(items) if !items.is_empty() && !fits(&inline, room) => {
            wrapped(out, items, indent + 2)
        }
        _ => {
            out.push(' ');
            out.push_str(&inline);
            out.push('\n');
            Ok(())
        }
    }
}

/// Writes a list of scalars that is too long for one line, as many on each line as fit.
fn wrapped(out: &mut String, items: &[Value], indent: usize) -> Result<(), serde_yaml::Error> {
    out.push_str(" [");
    let mut column = usize::MAX;
    for item in items {
        let text = format!("{},", flow(item)?);
        let width = text.chars().count() + 1;
        if column.saturating_add(width) > WIDTH {
            out.push('\n');
            out.push_str(&" ".repeat(indent));
            column = indent;
        } else {
            out.push(' ');
        }
        out.push_str(&text);
        column += width;
    }
    out.pop();
    out.push_str("]\n");
    Ok(())
}

fn block_sequence(out: &mut String, items: &[Value], indent: usize) -> Result<(), serde_yaml::Error> {
    for item in items {
        let inline = flow(item)?;
        out.push_str(&" ".repeat(indent));
        out.push_str("- ");
        match item {
            Value::Mapping(mapping)
                if !mapping.is_empty() && !fits(&inline, WIDTH.saturating_sub(indent + 2)) =>
            {
                let mut block = String::new();
                block_mapping(&mut block, mapping, indent + 2)?;
                out.push_str(block.trim_start());
            }
            _ => {
                out.push_str(&inline);
                out.push('\n');
            }
        }
    }
    Ok(())
}

/// Whether a mapping contains only scalars, lists of scalars and a schema of items.
fn is_leaf(value: &Value) -> bool {
    match value {
        Value::Mapping(mapping) => mapping.iter().all(|(key, value)| {
            is_scalar(value)
                || matches!(value, Value::Sequence(items) if items.iter().all(is_scalar))
                || (matches!(key.as_str(), Some("items" | "additionalProperties")) && is_leaf(value))
        }),
        _ => true,
    }
}

fn is_scalar(value: &Value) -> bool {
    !matches!(value, Value::Mapping(_) | Value::Sequence(_) | Value::Tagged(_))
}

fn fits(inline: &str, room: usize) -> bool {
    inline.chars().count() <= room
}

/// A value in flow style.
fn flow(value: &Value) -> Result<String, serde_yaml::Error> {
    Ok(match value {
        Value::Mapping(mapping) => {
            let pair = |(key, value): (&Value, &Value)| Ok(format!("{}: {}", flow(key)?, flow(value)?));
            let pairs: Result<Vec<String>, serde_yaml::Error> = mapping.iter().map(pair).collect();
            format!("{{{}}}", pairs?.join(", "))
        }
        Value::Sequence(items) => {
            let items: Result<Vec<String>, serde_yaml::Error> = items.iter().map(flow).collect();
            format!("[{}]", items?.join(", "))
        }
        Value::String(text) => scalar_text(text)?,
        other => serde_yaml::to_string(other)?.trim_end().to_owned(),
    })
}

/// A string, in quotes if a plain scalar could be parsed as something else. Quoted strings of JSON are valid in YAML.
fn scalar_text(text: &str) -> Result<String, serde_yaml::Error> {
    let plain = serde_yaml::to_string(text)?;
    let plain = plain.trim_end_matches('\n');
    let unsafe_in_flow =
        |c: char| matches!(c, ',' | '[' | ']' | '{' | '}' | ':' | '#' | '\'' | '"') || c.is_control();
    // Flags for readers of YAML 1.1, such as PyYAML.
    let is_old_flag = ["yes", "no", "on", "off"].iter().any(|flag| text.eq_ignore_ascii_case(flag));
    if plain != text || text.contains(unsafe_in_flow) || is_old_flag || text.is_empty() || text.trim() != text
    {
        Ok(serde_json::Value::from(text).to_string())
    } else {
        Ok(text.to_owned())
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn empty_values_stay_at_any_depth() {
        let mut value = json!({"none": {}, "list": [], "items": [{}, []]});
        for _ in 0..WIDTH {
            value = json!({"part": value, "text": "of the zoo"});
        }
        let text = to_yaml(&value).unwrap();
        assert_eq!(serde_yaml::from_str::<serde_json::Value>(&text).unwrap(), value);
    }
}
