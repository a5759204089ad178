//! The schemas of a spec get their words as descriptions, for exports: Markdown with the wire names of methods.

use std::collections::HashMap;

use super::book::{TextId, Words};
use super::links::Links;
use super::lookup::{Lookup, value_text};
use super::places::{Place, Places, below};
use crate::descriptor::{
    AdditionalProperties, Api, Descriptor, Entities, Entity, Schema, Spec, SystemDescriptor,
};
use crate::model::{Direction, first_sentence};

/// Descriptions by direction and path.
type Descriptions = HashMap<(Direction, String), String>;

impl Words {
    /// Adds descriptions to the methods, the entities and the scopes of a spec, and to all their schemas.
    pub fn describe(&self, spec: &mut Spec) {
        let links = Links::names();
        let plain = spec.entities();
        for file in &mut spec.entities {
            self.describe_entity(&mut file.content, &links);
        }
        let described = spec.entities();
        for file in &mut spec.methods {
            self.describe_method(&mut file.content, &links, (&plain, &described));
        }
        for (name, scope) in &self.scopes {
            let texts = [Some(scope.title), scope.text, scope.start].into_iter().flatten();
            let text = texts.map(|id| links.markdown(self.raw(id), &None)).collect::<Vec<_>>().join(" ");
            spec.scope_descriptions.insert(name.clone(), text);
        }
    }

    /// When each documented error of a method happens, and what to do.
    pub(crate) fn errors(&self, method: &Descriptor) -> Vec<Option<String>> {
        let lookup = Lookup::of(self, method);
        let errors = method.errors.iter();
        errors.map(|error| self.error(&lookup, &error.code, error.message.as_deref())).collect()
    }

    /// The same for the errors that any method can return.
    pub(crate) fn general_errors(&self, system: &SystemDescriptor) -> Vec<Option<String>> {
        let lookup = Lookup::of_system(self);
        system.errors.iter().map(|error| self.error(&lookup, &error.code, None)).collect()
    }

    fn error(&self, lookup: &Lookup<'_>, code: &str, message: Option<&str>) -> Option<String> {
        lookup.error(code, message).map(|id| Links::names().markdown(self.raw(id), &None))
    }

    fn describe_entity(&self, entity: &mut Entity, links: &Links) {
        let whole = Schema {
            entity: Some(entity.entity.clone()),
            properties: entity.fields.clone(),
            ..Schema::any_object()
        };
        let nothing = Schema::any_object();
        let places = Places::of_schemas((entity.api, &entity.entity), &nothing, &whole, self);
        let lookup = Lookup::of_module(self, entity.api, &entity.entity);
        let texts = self.descriptions(&places, &lookup, links);
        let fill = Fill { texts: &texts, direction: Direction::Response, places: &places, entities: None };
        for (name, field) in &mut entity.fields {
            fill.property(name, field, "");
        }
        let text = self.entity(entity.api, &entity.entity).and_then(|words| words.text);
        entity.description = text.map(|id| links.markdown(self.raw(id), &None));
    }

    fn describe_method(&self, method: &mut Descriptor, links: &Links, entities: (&Entities, &Entities)) {
        let plain = method.clone();
        let (places, lookup) = (Places::of(&plain, self), Lookup::of(self, &plain));
        let texts = self.descriptions(&places, &lookup, links);
        let (before, after) = entities;
        let entities = Some((plain.api, before, after));
        let mut fill = Fill { texts: &texts, direction: Direction::Request, places: &places, entities };
        fill.whole(&mut method.params);
        fill.direction = Direction::Response;
        fill.whole(&mut method.returns);
        let Some(words) = lookup.method else { return };
        let markdown = |id: TextId| links.markdown(self.raw(id), &None);
        let text = markdown(words.text);
        method.summary =
            method.summary.take().or_else(|| Some(first_sentence(&text).0.trim_end_matches('.').to_owned()));
        let returns = words.returns.map(|id| format!("Returns: {}", markdown(id)));
        let notes = words.notes.iter().map(|id| markdown(*id));
        let paragraphs: Vec<String> = std::iter::once(text.clone()).chain(returns).chain(notes).collect();
        method.description = Some(paragraphs.join("\n\n"));
        method.returns.description =
            method.returns.description.take().or_else(|| words.returns.map(markdown));
    }

    /// The descriptions of all values.
    fn descriptions(&self, places: &Places<'_>, lookup: &Lookup<'_>, links: &Links) -> Descriptions {
        let of = |place: &Place<'_>| {
            let markdown = |id: TextId| links.markdown(self.raw(id), &None);
            let text = lookup.field(place).map(|(_, id)| id);
            let format = lookup.format(place).filter(|id| text.is_none_or(|text| self.adds(*id, text)));
            let mut lines: Vec<String> = text.into_iter().chain(format).map(markdown).collect();
            let values = place.schemas.iter().flat_map(|schema| {
                schema.values.iter().chain(schema.items.iter().flat_map(|items| &items.values))
            });
            let mut values: Vec<String> = values.map(value_text).collect();
            values.dedup();
            let listed =
                values.iter().filter_map(|value| Some((value.as_str(), lookup.value(place, value)?.1)));
            let unlisted = if values.is_empty() { lookup.unlisted_values(place) } else { Vec::new() };
            let known: Vec<(&str, TextId)> = listed.chain(unlisted).collect();
            lines.extend(known.into_iter().map(|(value, id)| format!("- `{value}`: {}", markdown(id))));
            (!lines.is_empty()).then(|| ((place.direction, place.path.clone()), lines.join("\n")))
        };
        places.all.iter().filter_map(of).collect()
    }
}

/// Writes descriptions into the schemas of one direction.
struct Fill<'a> {
    texts: &'a Descriptions,
    direction: Direction,
    places: &'a Places<'a>,
    /// The entities without descriptions, and with them.
    entities: Option<(Api, &'a Entities, &'a Entities)>,
}

impl Fill<'_> {
    /// Fills a request or a result, with the schemas that it shares.
    fn whole(&self, schema: &mut Schema) {
        let mut shared = std::mem::take(&mut schema.defs);
        self.inside(schema, "");
        for (name, schema) in &mut shared {
            let path = self.places.shared_at(self.direction, name).to_owned();
            self.inside(schema, &path);
        }
        schema.defs = shared;
    }

    fn property(&self, name: &str, schema: &mut Schema, path: &str) {
        let path = below(path, name);
        schema.description = self.texts.get(&(self.direction, path.clone())).cloned();
        self.inside(schema, &path);
    }

    /// Fills everything inside of a schema. A field that is the entity's has the entity's description, so that the object stays the
    /// entity without a difference.
    fn inside(&self, schema: &mut Schema, path: &str) {
        let of_entity = schema.entity.as_deref().and_then(|name| {
            let (api, before, after) = self.entities?;
            Some((before.get(api, name)?, after.get(api, name)?))
        });
        for (name, property) in &mut schema.properties {
            let known = of_entity.filter(|(before, _)| before.fields.get(name) == Some(&*property));
            match known.and_then(|(_, after)| after.fields.get(name)) {
                Some(described) => *property = described.clone(),
                None => self.property(name, property, path),
            }
        }
        let values = match &mut schema.additional {
            Some(AdditionalProperties::Of(values)) => Some(values.as_mut()),
            _ => None,
        };
        let parts = schema.items.as_deref_mut().into_iter().chain(values);
        for part in parts.chain(&mut schema.any_of).chain(&mut schema.one_of) {
            self.inside(part, path);
        }
    }
}
