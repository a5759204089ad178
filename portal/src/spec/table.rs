//! The embedded table: names at the start, methods when they are needed.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex, OnceLock};

use serde::Deserialize;

use super::entity::{Entity, expand};
use super::method::Method;
use super::sent::{Event, Placement};
use super::{Api, System};
use crate::lock::lock;

/// The embedded table, written by `cargo regen`.
const TABLE: &str = include_str!("../../generated/spec.txt");

/// The description of a field in REST 3 with all its members.
const FIELD: &str = "tasks.task.field";

/// An interface and a name in lower case.
type Key = (Api, String);

/// All methods and entities.
#[derive(Debug)]
pub(crate) struct Spec {
    /// The line of each method, and the name of the method of each alias.
    methods: BTreeMap<Key, Line>,
    entities: HashMap<Key, &'static str>,
    parsed: Mutex<HashMap<Key, Arc<Method>>>,
    sent: Sent,
    pub(crate) system: System,
}

/// What a portal sends: the lines, and what they say once it is needed.
#[derive(Debug, Default)]
struct Sent {
    events: Vec<&'static str>,
    placements: Vec<&'static str>,
    parsed: OnceLock<(Vec<Event>, Vec<Placement>)>,
}

/// What the table has under the name of a method.
#[derive(Clone, Copy, Debug)]
enum Line {
    Method(&'static str),
    Alias(&'static str),
}

/// What a list shows of a method or an entity.
#[derive(Debug, Deserialize)]
pub(crate) struct Head {
    #[serde(default)]
    pub(crate) api: Api,
    /// The documented spelling.
    #[serde(alias = "method", alias = "entity")]
    pub(crate) name: String,
    #[serde(default)]
    pub(crate) scope: Vec<String>,
}

impl Spec {
    /// Reads the names of the embedded table.
    pub(crate) fn embedded() -> Self {
        Self::read(TABLE)
    }

    fn read(table: &'static str) -> Self {
        let mut spec = Self {
            methods: BTreeMap::new(),
            entities: HashMap::new(),
            parsed: Mutex::default(),
            sent: Sent::default(),
            system: System::default(),
        };
        for line in table.lines() {
            let mut parts = line.splitn(4, ' ');
            match (parts.next(), parts.next(), parts.next(), parts.next()) {
                (Some("method"), Some(api), Some(name), Some(json)) => {
                    spec.methods.insert(key_of(api, name), Line::Method(json));
                }
                (Some("alias"), Some(api), Some(name), Some(method)) => {
                    spec.methods.insert(key_of(api, name), Line::Alias(method));
                }
                (Some("entity"), Some(api), Some(name), Some(json)) => {
                    spec.entities.insert(key_of(api, name), json);
                }
                (Some("event"), _, _, Some(json)) => spec.sent.events.push(json),
                (Some("placement"), _, _, Some(json)) => spec.sent.placements.push(json),
                (Some("system"), ..) => {
                    let json = line.strip_prefix("system ").unwrap_or_default();
                    spec.system = serde_json::from_str(json).unwrap_or_default();
                }
                _ => {}
            }
        }
        spec
    }

    /// A method by its name or an alias, compared without case.
    pub(crate) fn method(&self, api: Api, name: &str) -> Option<Arc<Method>> {
        let key = (api, name.to_ascii_lowercase());
        match self.methods.get(&key)? {
            Line::Alias(method) => self.method(api, method),
            Line::Method(json) => {
                if let Some(parsed) = lock(&self.parsed).get(&key) {
                    return Some(Arc::clone(parsed));
                }
                let method = Arc::new(self.parse(api, json)?);
                lock(&self.parsed).insert(key, Arc::clone(&method));
                Some(method)
            }
        }
    }

    /// The names and scopes of all methods, without aliases.
    pub(crate) fn method_heads(&self) -> impl Iterator<Item = Head> {
        let json = |line: &Line| match line {
            Line::Method(json) => serde_json::from_str(json).ok(),
            Line::Alias(_) => None,
        };
        self.methods.values().filter_map(json)
    }

    /// The names of all entities, sorted.
    pub(crate) fn entity_heads(&self) -> impl Iterator<Item = Head> {
        let mut heads: Vec<Head> = self
            .entities
            .iter()
            .filter_map(|((api, _), json)| Some(Head { api: *api, ..serde_json::from_str(json).ok()? }))
            .collect();
        heads.sort_by(|one, other| (one.api, &one.name).cmp(&(other.api, &other.name)));
        heads.into_iter()
    }

    fn parse(&self, api: Api, json: &str) -> Option<Method> {
        let mut method: Method = serde_json::from_str(json).ok()?;
        let find = |name: &str| self.entity(api, name);
        expand(&mut method.params, &find);
        expand(&mut method.returns, &find);
        Some(method)
    }

    /// An entity by its name, compared without case.
    pub(crate) fn entity(&self, api: Api, name: &str) -> Option<Entity> {
        let key = (api, name.to_ascii_lowercase());
        let mut entity: Entity = serde_json::from_str(self.entities.get(&key)?).ok()?;
        // Descriptions of fields are one type in REST 3, of which most pages show a part.
        if api == Api::V3 && key.1.ends_with(".field") && key.1 != FIELD {
            let whole = self.entity(api, FIELD).unwrap_or_default();
            whole.fields.into_iter().for_each(|(name, field)| {
                entity.fields.entry(name).or_insert(field);
            });
        }
        Some(entity)
    }

    /// All events, by name.
    pub(crate) fn events(&self) -> &[Event] {
        &self.sent.parsed().0
    }

    /// All places of the interface, by code.
    pub(crate) fn placements(&self) -> &[Placement] {
        &self.sent.parsed().1
    }

    /// The event with a name, compared without case.
    pub(crate) fn event(&self, name: &str) -> Option<&Event> {
        self.events().iter().find(|event| event.is_named(name))
    }

    /// The names of all methods of an interface, without aliases, in lower case and sorted.
    pub(crate) fn names(&self, api: Api) -> impl Iterator<Item = &str> {
        let all =
            self.methods.iter().filter(move |((of, _), line)| *of == api && matches!(line, Line::Method(_)));
        all.map(|((_, name), _)| name.as_str())
    }

    /// The methods whose name is a prefix, a dot and one word.
    pub(crate) fn group(&self, api: Api, prefix: &str) -> Vec<Arc<Method>> {
        let start = format!("{prefix}.");
        let names = self.methods.range((api, start.clone())..).map(|((of, name), line)| (of, name, line));
        let group = names.take_while(|(of, name, _)| **of == api && name.starts_with(&start));
        let direct = group
            .filter(|(_, name, line)| !name[start.len()..].contains('.') && matches!(line, Line::Method(_)));
        direct.filter_map(|(_, name, _)| self.method(api, name)).collect()
    }
}

impl Sent {
    fn parsed(&self) -> &(Vec<Event>, Vec<Placement>) {
        self.parsed.get_or_init(|| {
            let events = self.events.iter().filter_map(|json| serde_json::from_str(json).ok());
            let placements = self.placements.iter().filter_map(|json| serde_json::from_str(json).ok());
            (events.collect(), placements.collect())
        })
    }
}

fn key_of(api: &str, name: &str) -> Key {
    (if api == "v3" { Api::V3 } else { Api::V2 }, name.to_ascii_lowercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_of_the_table_is_read() {
        let spec = Spec::embedded();
        let methods = TABLE.lines().filter(|line| line.starts_with("method ")).count();
        let all = [Api::V2, Api::V3]
            .map(|api| spec.names(api).filter(|name| spec.method(api, name).is_some()).count());
        assert!(methods > 1600, "{methods}");
        assert_eq!(all.iter().sum::<usize>(), methods);
        for (api, name) in spec.entities.keys() {
            assert!(spec.entity(*api, name).is_some(), "{name}");
        }
        let lines = |word: &str| TABLE.lines().filter(|line| line.starts_with(word)).count();
        assert!(lines("event ") > 200 && lines("placement ") > 60);
        assert_eq!((spec.events().len(), spec.placements().len()), (lines("event "), lines("placement ")));
        assert_eq!(spec.system.page_rows(), 50);
        assert_eq!(spec.system.error("expired_token").status, Some(401));
    }

    #[test]
    fn a_reference_to_an_entity_has_its_fields() {
        let spec = Spec::embedded();
        let add = spec.method(Api::V2, "CRM.Deal.Add").expect("a method");
        let fields = &add.params.properties["fields"].properties;
        assert!(
            fields.contains_key("TITLE")
                && fields.contains_key("TRACE")
                && !fields.contains_key("DATE_CREATE")
        );
        let get = spec.method(Api::V2, "crm.deal.get").expect("a method");
        assert!(get.returns.properties.contains_key("DATE_CREATE"));
    }
}
