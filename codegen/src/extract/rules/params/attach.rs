//! Attaches fields to the documented type of their object, and completes the type by what example requests send.

use crate::descriptor::{JsonType, Schema};
use crate::extract::lexicon::params::{ITEM_IDENTIFIERS, ITEM_TEXTS, NO_NUMBERS, SEVERAL, STRUCTURES};
use crate::extract::lexicon::phrases::{Phrases, sentences};
use crate::extract::register::Rule;
use crate::extract::register::params::{
    ARRAY_SENT_AS_OBJECT, ITEMS_FROM_REQUEST_BODY, ITEMS_IN_DESCRIPTION, NAME_WITH_DOTS, PLURAL_IDENTIFIER,
    REPEATED_NAME, SELECT_LISTS_NAMES, SEVERAL_IN_DESCRIPTION,
};
use crate::extract::rules::params::field_context::FieldContext;
use crate::extract::rules::params::filters_and_orders::{is_open_list, names_fields};

/// Adds a field. One with dots in its name is a field of a field, where that is known. Returns the rule for a name that is
/// not simply added.
pub(super) fn insert(
    object: &mut Schema,
    name: String,
    schema: Schema,
    required: bool,
) -> Option<&'static Rule> {
    if let Some((outer, inner)) = name.split_once('.')
        && let Some(parent) = object.properties.get_mut(outer)
        && (parent.types.is_empty() && parent.any_of.is_empty() || parent.types.0 == [JsonType::Object])
        && parent.one_of.is_empty()
    {
        if parent.types.is_empty() {
            parent.types = Schema::any_object().types;
        }
        return insert(parent, inner.to_owned(), schema, required).or(Some(&NAME_WITH_DOTS));
    }
    if object.properties.contains_key(&name) {
        return Some(&REPEATED_NAME);
    }
    if required {
        object.required.push(name.clone());
    }
    object.properties.insert(name, schema);
    None
}

/// Whether an example request sends an object or a list of objects.
pub(super) fn is_structured(schema: &Schema) -> bool {
    schema.types.0 == [JsonType::Object]
        || schema.items.as_ref().is_some_and(|items| items.types.0 == [JsonType::Object])
}

/// Whether example requests send texts or numbers, or lists of them: a list in the description explains values then.
pub(super) fn sends_scalars(example: &Schema) -> bool {
    let sent = example.items.as_deref().unwrap_or(example);
    let scalar =
        |json_type: &JsonType| !matches!(json_type, JsonType::Object | JsonType::Array | JsonType::Null);
    sent.types.0.iter().any(scalar)
}

/// Whether a documented type has a place for fields.
pub(super) fn may_hold_fields(schema: &Schema) -> bool {
    let structured = schema.types.0.contains(&JsonType::Object)
        || schema.types.0.contains(&JsonType::Array)
            && schema.items.as_ref().is_none_or(|items| may_hold_fields(items));
    let own_word = schema.types.is_empty() && schema.any_of.is_empty() && schema.format.is_some();
    structured || own_word || schema.any_of.iter().any(may_hold_fields)
}

/// Puts fields where the type has a place for them. Returns whether that makes an object of an array.
pub(super) fn put(schema: &mut Schema, fields: Schema, example: &Schema) -> bool {
    if let Some(part) = schema.any_of.iter_mut().find(|part| may_hold_fields(part)) {
        return put(part, fields, &Schema::default());
    }
    let listed = schema.types.0.contains(&JsonType::Array) && !schema.types.0.contains(&JsonType::Object);
    // What the documentation calls an array is often an object with keys; an example request shows which.
    let sent_as_object = schema.items.is_none() && example.types.0 == [JsonType::Object];
    if listed && !sent_as_object {
        let mut items = schema.items.take().map(|items| *items).unwrap_or_default();
        put(&mut items, fields, &Schema::default());
        schema.items = Some(Box::new(items));
        return false;
    }
    if listed {
        schema.types.0.retain(|of| *of != JsonType::Array);
    }
    if !schema.types.0.contains(&JsonType::Object) {
        schema.types.0.insert(0, JsonType::Object);
    }
    schema.required = fields.required;
    schema.properties = fields.properties;
    schema.additional = fields.additional;
    schema.one_of = fields.one_of;
    listed
}

/// Completes an array that is documented without its items: whether it is one, and the type of its items. Returns the rule
/// that does.
pub(super) fn complete(schema: &mut Schema, context: FieldContext<'_>) -> Option<&'static Rule> {
    if schema.types.0 != [JsonType::Array] || schema.items.is_some() {
        return None;
    }
    if names_fields(context.name) && context.example.types.0 != [JsonType::Object] {
        schema.items = Some(Box::new(Schema::of(JsonType::String)));
        return Some(&SELECT_LISTS_NAMES);
    }
    if context.example.types.0 == [JsonType::Object] {
        schema.types = Schema::any_object().types;
        return Some(&ARRAY_SENT_AS_OBJECT);
    }
    let Some(items) = context.example.items.as_deref() else {
        let items = described_items(context)?;
        schema.items = Some(Box::new(Schema::of(items)));
        return Some(&ITEMS_IN_DESCRIPTION);
    };
    let scalar =
        matches!(items.types.0.as_slice(), [JsonType::Integer | JsonType::Number | JsonType::String]);
    if !scalar || is_open_list(context.name) {
        return None;
    }
    schema.items = Some(Box::new(Schema { types: items.types.clone(), ..Schema::default() }));
    Some(&ITEMS_FROM_REQUEST_BODY)
}

/// The type of the items that the first sentence of a description names: identifiers, or texts such as addresses.
fn described_items(context: FieldContext<'_>) -> Option<JsonType> {
    if is_open_list(context.name) {
        return None;
    }
    let prose = context.description?.prose();
    let first = sentences(&prose).next()?.to_lowercase();
    let names = |words: Phrases| words.are_words_of(&first);
    if names(ITEM_TEXTS) {
        Some(JsonType::String)
    } else if ITEM_IDENTIFIERS.stand_in(&first) && !NO_NUMBERS.stand_in(&prose) {
        Some(JsonType::Integer)
    } else {
        None
    }
}

/// The documented single value, or the list or object that the description allows and an example request sends in its place;
/// `None` where there is no such choice. `explained` are the keys that the description gives.
pub(super) fn in_both_forms(
    documented: &Schema,
    context: FieldContext<'_>,
    explained: Option<&Schema>,
) -> Option<Schema> {
    let sent = context.example.types.single();
    let structured = matches!(sent, Some(JsonType::Array | JsonType::Object));
    let single = !matches!(documented.types.single(), None | Some(JsonType::Array | JsonType::Object));
    let explains_sent = explained.is_some_and(|explained| {
        !context.example.properties.is_empty()
            && context.example.properties.keys().all(|key| explained.properties.contains_key(key))
    });
    let is_allowed = structured && single && (explains_sent || describes(context, STRUCTURES));
    let sent = sent.filter(|_| is_allowed)?;
    let mut both = Schema { types: documented.types.clone(), ..Schema::default() };
    both.types.0.push(sent);
    Some(both)
}

/// The list of what is documented as one value, and the rule that finds it: a type is often that of an item where the
/// description is about several. `None` where it is one value.
///
/// An object is taken for an item where an example request sends a list, or where none sends it and the type is the
/// documentation's own; an identifier where its name is a plural.
pub(super) fn in_list(documented: &Schema, context: FieldContext<'_>) -> Option<(Schema, &'static Rule)> {
    let is_sent = context.example.types.0 == [JsonType::Array];
    let lower = context.name.to_lowercase();
    let (several, rule) = match documented.types.0.as_slice() {
        [JsonType::Object] => {
            let of_own = documented.format.is_some() && context.example.is_unknown();
            let several = (is_sent || of_own) && (describes(context, SEVERAL) || lower.ends_with("list"));
            (several, &SEVERAL_IN_DESCRIPTION)
        }
        [JsonType::Integer] => {
            let is_described = || context.example.is_unknown() && describes(context, SEVERAL);
            (lower.ends_with("ids") && (is_sent || is_described()), &PLURAL_IDENTIFIER)
        }
        _ => return None,
    };
    if !several {
        return None;
    }
    let sent = context.example.items.as_deref().map(|items| items.types.clone()).unwrap_or_default();
    let fits = sent.is_empty() || sent == documented.types;
    let item = if fits { documented.clone() } else { Schema { types: sent, ..Schema::default() } };
    Some((Schema { items: Some(Box::new(item)), ..Schema::of(JsonType::Array) }, rule))
}

/// Whether the description has one of the words.
fn describes(context: FieldContext<'_>, words: Phrases) -> bool {
    context.description.is_some_and(|cell| words.are_words_of(&cell.prose()))
}
