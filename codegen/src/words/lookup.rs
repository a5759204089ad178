//! Which words a value has: those of its method, those of the entity, or those of the glossary.

use super::book::{EntityWords, MethodWords, PartWords, TextId, TextsBy, Uses, Words, error_key, folded};
use super::places::Place;
use crate::descriptor::{Api, Descriptor, message_key, method_key};
use crate::model::Direction;

/// Where words are written, the most special first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Level {
    /// At the method.
    Method,
    /// At the entity.
    Entity,
    /// In the glossary of a part of the product.
    Part,
    /// In the glossary, or in the values of a name.
    Name,
}

/// The words of a value.
pub(super) type Found = (Level, TextId);

/// The words that a method may have.
pub(super) struct Lookup<'w> {
    words: &'w Words,
    api: Api,
    pub(super) method: Option<&'w MethodWords>,
    parts: Vec<&'w PartWords>,
    /// The wire name of the entity whose fields the method describes: `tasks.task` of `tasks.task.field.get`.
    fields_of: Option<String>,
}

/// The last word of modules that describe fields.
const FIELD: &str = ".field";

impl<'w> Lookup<'w> {
    pub(super) fn of(words: &'w Words, descriptor: &Descriptor) -> Self {
        let method = words.methods.get(&method_key(descriptor.api, &descriptor.method));
        let module = descriptor.method.rsplit_once('.').map_or("", |(module, _)| module);
        let fields_of = module.strip_suffix(FIELD).map(str::to_owned);
        let parts = words.parts_of(descriptor.api, &descriptor.method);
        Self { words, api: descriptor.api, method, parts, fields_of }
    }

    /// The words about an event, which is about the same as the methods of a module.
    pub(super) fn of_event(words: &'w Words, event: &str, module: &str) -> Self {
        let method = words.event(event);
        Self { words, api: Api::V2, method, parts: words.parts_of(Api::V2, module), fields_of: None }
    }

    /// The words about a placement or a handler, which is about the same as the methods of a part of the product.
    pub(super) fn of_sent(words: &'w Words, own: Option<&'w MethodWords>, module: &str) -> Self {
        Self { words, api: Api::V2, method: own, parts: words.parts_of(Api::V2, module), fields_of: None }
    }

    /// The words about a module, without those of a method.
    pub(super) fn of_module(words: &'w Words, api: Api, module: &str) -> Self {
        Self { words, api, method: None, parts: words.parts_of(api, module), fields_of: None }
    }

    /// The words about what all methods share.
    pub(super) fn of_system(words: &'w Words) -> Self {
        Self { words, api: Api::V2, method: None, parts: Vec::new(), fields_of: None }
    }

    fn entity(&self, place: &Place<'_>) -> Option<&'w EntityWords> {
        self.words.entity(self.api, place.entity.as_deref()?)
    }

    /// The words of a value at each level, the most special first.
    fn all(&self, place: &Place<'_>) -> Vec<Found> {
        let of_method = self.method.and_then(|method| {
            let texts = match place.direction {
                Direction::Request => &method.params,
                Direction::Response => &method.result,
            };
            texts.get(&place.path)
        });
        let of_entity = self.entity(place).and_then(|entity| entity.fields.get(&folded(place.name)));
        let special = [(Level::Method, of_method), (Level::Entity, of_entity)];
        let special = special.into_iter().filter_map(|(level, id)| Some((level, *id?)));
        let of_names = names(&place.path).flat_map(|name| {
            let of_parts =
                self.parts.iter().filter_map(move |part| Some((Level::Part, *part.fields.get(name)?)));
            of_parts.chain(self.words.glossary.get(name).map(|id| (Level::Name, *id)))
        });
        special.chain(of_names).collect()
    }

    /// The words of a value.
    pub(super) fn field(&self, place: &Place<'_>) -> Option<Found> {
        self.all(place).first().copied()
    }

    /// What the values of a place mean, at each level.
    fn value_texts(&self, place: &Place<'_>) -> Vec<(Level, &'w TextsBy)> {
        let of_method = self.method.and_then(|method| method.values.get(&place.path));
        let of_entity = self.entity(place).and_then(|entity| entity.values.get(&folded(place.name)));
        let special = [(Level::Method, of_method), (Level::Entity, of_entity)];
        let special = special.into_iter().filter_map(|(level, texts)| Some((level, texts?)));
        let of_names = names(&place.path).flat_map(|name| {
            let of_parts =
                self.parts.iter().filter_map(move |part| Some((Level::Part, part.values.get(name)?)));
            of_parts.chain(self.words.values.get(name).map(|texts| (Level::Name, texts)))
        });
        special.chain(of_names).collect()
    }

    /// What one value of a place means.
    pub(super) fn value(&self, place: &Place<'_>, value: &str) -> Option<Found> {
        let mut texts = self.value_texts(place).into_iter();
        let own = texts.find_map(|(level, texts)| Some((level, *texts.get(value)?)));
        own.or_else(|| self.described_field(place, value))
    }

    /// What a field means whose name is a value: the parameter `name` of a method that describes fields.
    fn described_field(&self, place: &Place<'_>, value: &str) -> Option<Found> {
        let entity = self.fields_of.as_deref().filter(|_| folded(place.name) == "name")?;
        let name = folded(value);
        let of_entity = self.words.entity(self.api, entity).and_then(|words| words.fields.get(&name));
        let of_parts = || self.parts.iter().find_map(|part| part.fields.get(&name));
        let found = of_entity.or_else(of_parts).or_else(|| self.words.glossary.get(&name));
        found.map(|id| (Level::Method, *id))
    }

    /// The values with words of a place whose values no schema lists: those of the method, or else of the entity. A name alone
    /// does not say which values are possible.
    pub(super) fn unlisted_values(&self, place: &Place<'_>) -> Vec<(&'w str, TextId)> {
        let special = self.value_texts(place).into_iter().find(|(level, _)| *level < Level::Part);
        let texts = special.into_iter().flat_map(|(_, texts)| texts);
        let mut values: Vec<(&str, TextId)> = texts.map(|(value, id)| (value.as_str(), *id)).collect();
        values.sort_by_key(|(_, id)| *id);
        values
    }

    /// The words about a format.
    pub(super) fn format(&self, place: &Place<'_>) -> Option<TextId> {
        let formats = place.schemas.iter().flat_map(|schema| {
            [schema.format.as_deref(), schema.items.as_ref().and_then(|items| items.format.as_deref())]
        });
        formats.flatten().find_map(|format| self.words.formats.get(&folded(format)).copied())
    }

    /// When an error happens, and what to do.
    pub(super) fn error(&self, code: &str, message: Option<&str>) -> Option<TextId> {
        self.errors(code, message).next()
    }

    /// The words about an error, the most special first. Those about its message come before those about its code, which
    /// several errors may have.
    fn errors(&self, code: &str, message: Option<&str>) -> impl Iterator<Item = TextId> {
        let special: Vec<_> = self
            .method
            .map(|method| &method.errors)
            .into_iter()
            .chain(self.parts.iter().map(|part| &part.errors))
            .collect();
        let all = |text: &str, general: Option<&TextId>| -> Vec<TextId> {
            let key = error_key(text);
            special.iter().filter_map(|errors| errors.get(&key)).chain(general).copied().collect()
        };
        let of_message = message.map(|message| all(message, self.words.messages.get(&message_key(message))));
        // The empty code says something of an error only if it has no message either.
        let code = (message.is_none() || !code.is_empty()).then_some(code);
        let of_code = code.map(|code| all(code, self.words.codes.get(&error_key(code))));
        of_message.into_iter().chain(of_code).flatten()
    }

    /// Records all texts that are about something that the method has.
    pub(super) fn record(&self, descriptor: &Descriptor, places: &[Place<'_>], uses: &mut Uses) {
        self.record_values(places, uses);
        for error in &descriptor.errors {
            uses.0.extend(self.errors(&error.code, error.message.as_deref()));
        }
    }

    /// Records all texts about the method or the event, and about its values.
    pub(super) fn record_values(&self, places: &[Place<'_>], uses: &mut Uses) {
        if let Some(method) = self.method {
            uses.0.insert(method.text);
            uses.0.extend(method.returns);
            uses.0.extend(&method.notes);
        }
        for place in places {
            uses.0.extend(self.all(place).into_iter().map(|(_, id)| id));
            uses.0.extend(self.format(place));
            for (_, texts) in self.value_texts(place) {
                let listed: Vec<String> = values(place).collect();
                let is_known = |value: &String| listed.is_empty() || listed.contains(value);
                uses.0.extend(texts.iter().filter(|(value, _)| is_known(value)).map(|(_, id)| *id));
            }
        }
    }
}

/// The names by which the glossaries may have a value, the most special first: its path, the ends of the path, and its name alone.
fn names(path: &str) -> impl Iterator<Item = &str> {
    std::iter::successors(Some(path), |path| path.split_once('/').map(|(_, rest)| rest))
}

/// The values that the schemas of a place list, as words are written about them.
fn values(place: &Place<'_>) -> impl Iterator<Item = String> {
    let lists = place
        .schemas
        .iter()
        .flat_map(|schema| schema.values.iter().chain(schema.items.iter().flat_map(|items| &items.values)));
    lists.map(value_text)
}

/// A value as words are written about it: a text without quotes.
pub(super) fn value_text(value: &serde_json::Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}
