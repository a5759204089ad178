//! The words of the spec, from `portal/generated/words.txt`. The file is read when a page asks first.

use std::collections::HashMap;
use std::sync::OnceLock;

use serde_json::{Map, Value};

use crate::spec::Api;

const FILE: &str = include_str!("../../generated/words.txt");

/// All words, by what they are about.
pub(super) struct Words {
    /// The texts as JSON.
    texts: Vec<&'static str>,
    /// JSON of the numbers of texts by path, by the rest of the line: `method v2 crm.deal.add` in lower case.
    lines: HashMap<String, &'static str>,
}

/// The texts about one method, entity or scope, by path.
#[derive(Default)]
pub(super) struct Texts {
    numbers: Map<String, Value>,
}

/// The words, which are the same for all portals.
pub(super) fn words() -> &'static Words {
    static WORDS: OnceLock<Words> = OnceLock::new();
    WORDS.get_or_init(|| Words::read(FILE))
}

impl Words {
    fn read(file: &'static str) -> Self {
        let mut words = Self { texts: Vec::new(), lines: HashMap::new() };
        for line in file.lines().filter(|line| !line.starts_with('#')) {
            if let Some(text) = line.strip_prefix("text ") {
                words.texts.push(text);
            } else if let Some((head, numbers)) = line.split_once(" {") {
                words.lines.insert(head.to_ascii_lowercase(), &line[line.len() - numbers.len() - 1..]);
            }
        }
        words
    }

    /// The texts about a method.
    pub(super) fn method(&self, api: Api, name: &str) -> Texts {
        self.line(&format!("method {} {name}", api.name()))
    }

    /// The texts about an entity.
    pub(super) fn entity(&self, api: Api, name: &str) -> Texts {
        self.line(&format!("entity {} {name}", api.name()))
    }

    /// The texts about errors that any method can return.
    pub(super) fn system(&self) -> Texts {
        self.line("system")
    }

    /// What a method or an entity is, in one sentence.
    pub(super) fn sentence(&self, kind: &str, api: Api, name: &str) -> String {
        let text = self.line(&format!("{kind} {} {name}", api.name())).get("").unwrap_or_default();
        let first = text.split("\n").next().unwrap_or_default();
        let end = first.find(". ").map_or(first.len(), |at| at + 1);
        first[..end].replace('`', "")
    }

    fn line(&self, head: &str) -> Texts {
        let json = self.lines.get(&head.to_ascii_lowercase());
        Texts { numbers: json.and_then(|json| serde_json::from_str(json).ok()).unwrap_or_default() }
    }
}

impl Texts {
    /// The text at a path.
    pub(super) fn get(&self, path: &str) -> Option<String> {
        let number = usize::try_from(self.numbers.get(path)?.as_u64()?).ok()?;
        serde_json::from_str(words().texts.get(number)?).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::spec::Spec;

    #[test]
    fn methods_have_words() {
        let (spec, words) = (Spec::embedded(), words());
        let with =
            |api: Api| spec.names(api).filter(|name| !words.sentence("method", api, name).is_empty()).count();
        let (with_words, all) =
            (with(Api::V2) + with(Api::V3), spec.names(Api::V2).count() + spec.names(Api::V3).count());
        assert!(with_words * 100 > all * 95, "{with_words} of {all}");
        let deal = words.method(Api::V2, "CRM.Deal.Add");
        assert!(
            deal.get("params/fields").is_some()
                && deal.get("errors/0").is_some()
                && deal.get("nothing").is_none()
        );
        assert!(words.entity(Api::V2, "crm.deal").get("TITLE").is_some());
    }
}
