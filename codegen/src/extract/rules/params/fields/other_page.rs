//! Fields that another page lists, which often describes the answer: their names as requests send them, and which of them the
//! description requires.

use crate::descriptor::{AdditionalProperties, JsonType, Schema};
use crate::extract::lexicon::params::{OF_OTHERS, OF_RECORDS, REQUIRED_KEYS};
use crate::extract::lexicon::phrases::sentences;
use crate::extract::register::params::{
    NAMES_AS_REQUESTS_SPELL_THEM, REQUIRED_KEYS_IN_DESCRIPTION, STAR_AT_A_LISTED_KEY,
};
use crate::extract::rules::params::attach::is_structured;
use crate::extract::rules::params::field_context::FieldContext;
use crate::extract::rules::params::fields::FieldReader;
use crate::extract::syntax::ast::{Cell, Run, Text};

impl FieldReader<'_, '_> {
    /// The fields of another page as requests send them.
    pub(super) fn as_sent(&mut self, fields: Schema, context: FieldContext<'_>) -> Schema {
        let Some(respelled) = respelled(&fields, context.example) else { return fields };
        self.log.fire(&NAMES_AS_REQUESTS_SPELL_THEM);
        respelled
    }

    /// Takes back the stars at keys that the description lists where an example request leaves one out, and all on the page of an
    /// update.
    pub(super) fn weigh_described(&mut self, keys: &mut Schema, context: FieldContext<'_>) {
        let example = context.example.items.as_deref().unwrap_or(context.example);
        let is_sent = |name: &String| example.properties.is_empty() || example.required.contains(name);
        keys.required.retain(|name| !self.updates && is_sent(name));
        if !keys.required.is_empty() {
            self.claim(&STAR_AT_A_LISTED_KEY, context.cell.line, "required", &keys.required);
        }
    }

    /// Marks the fields that the description lists as required, unless an example request leaves one out.
    pub(super) fn require_described(&mut self, fields: &mut Schema, context: FieldContext<'_>) {
        let texts: Vec<&Text> = context.description.into_iter().flat_map(Cell::paragraphs).collect();
        let sent = &context.example.required;
        let is_sent = |name: &String| context.example.properties.is_empty() || sent.contains(name);
        let named = required_keys(&texts).into_iter();
        let required: Vec<String> =
            named.filter(|name| fields.properties.contains_key(name) && is_sent(name)).collect();
        if required.is_empty() || self.updates {
            return;
        }
        for name in required {
            if !fields.required.contains(&name) {
                fields.required.push(name);
            }
        }
        self.claim(&REQUIRED_KEYS_IN_DESCRIPTION, context.cell.line, "required", &fields.required);
    }
}

/// Fields under the names that requests send, which are those of the page in capitals. What is an object in the answer is none
/// in a request. `None` where requests send the names of the page.
fn respelled(fields: &Schema, example: &Schema) -> Option<Schema> {
    let is_listed = |name: &String| fields.properties.contains_key(name);
    let in_capitals = |name: &String| fields.properties.keys().any(|listed| capitals(listed) == *name);
    let mut sent = example.properties.keys();
    if example.properties.keys().any(is_listed) || !sent.any(in_capitals) {
        return None;
    }
    let single = fields.properties.iter().filter(|(_, schema)| !is_structured(schema));
    Some(Schema {
        required: fields.required.iter().map(|name| capitals(name)).collect(),
        properties: single.map(|(name, schema)| as_written(capitals(name), schema, example)).collect(),
        additional: Some(AdditionalProperties::Allowed(true)),
        ..Schema::default()
    })
}

/// A field with its type in requests: identifiers, which the answer has as texts, are written as integers.
fn as_written(name: String, schema: &Schema, example: &Schema) -> (String, Schema) {
    let integer = Schema::of(JsonType::Integer);
    let is_number = match example.properties.get(&name) {
        Some(sent) => *sent == integer,
        None => OF_RECORDS.iter().any(|ending| name.ends_with(ending)) && !OF_OTHERS.contains(&name.as_str()),
    };
    let is_identifier = is_number && *schema == Schema::of(JsonType::String);
    (name, if is_identifier { integer } else { schema.clone() })
}

/// `responsibleId` as `RESPONSIBLE_ID`.
fn capitals(name: &str) -> String {
    let mut capitals = String::with_capacity(name.len() + 4);
    for letter in name.chars() {
        if letter.is_ascii_uppercase() && capitals.ends_with(|last: char| last != '_') && !capitals.is_empty()
        {
            capitals.push('_');
        }
        capitals.push(letter.to_ascii_uppercase());
    }
    capitals
}

/// Whether the description has a list of required keys.
pub(super) fn lists_required_keys(context: FieldContext<'_>) -> bool {
    let texts: Vec<&Text> = context.description.into_iter().flat_map(Cell::paragraphs).collect();
    !required_keys(&texts).is_empty()
}

/// The names that a list gives below words such as "Required fields:".
fn required_keys(texts: &[&Text]) -> Vec<String> {
    let announces = |text: &&Text| {
        let prose = text.prose();
        let last = sentences(&prose).last().unwrap_or_default();
        text.bullet.is_none() && last.ends_with(':') && REQUIRED_KEYS.begin(last)
    };
    let Some(at) = texts.iter().position(announces) else { return Vec::new() };
    let items = texts.iter().skip(at + 1).take_while(|text| text.bullet.is_some());
    items.filter_map(|item| first_code(item)).collect()
}

fn first_code(item: &Text) -> Option<String> {
    let runs = item.runs();
    match runs.iter().find(|run| !run.is_blank())? {
        Run::Code(code) => Some(code.trim().to_owned()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_respelled_word_by_word() {
        for (name, respelled) in
            [("responsibleId", "RESPONSIBLE_ID"), ("title", "TITLE"), ("ufCrmTask", "UF_CRM_TASK")]
        {
            assert_eq!(capitals(name), respelled);
        }
    }
}
