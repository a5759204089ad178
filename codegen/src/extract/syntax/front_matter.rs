//! Parses front matter: YAML between two `---` lines at the head of a document, a reduced descriptor that is read key by key.

use std::collections::HashMap;

use serde::de::DeserializeOwned;
use serde_yaml::{Mapping, Value};

use crate::descriptor::{Api, Deprecated, OneOrMany, Pagination, Schema};
use crate::extract::page_log::PageLog;

/// A document split into front matter and page.
pub(crate) struct FrontMatterSplit<'a> {
    yaml: &'a str,
    closed: bool,
    pub(crate) page: &'a str,
    pub(crate) page_line: usize,
}

/// The values of front matter. A value that is only the default counts as absent.
#[derive(Clone, Debug, Default)]
pub(crate) struct FrontMatter {
    pub(crate) method: Option<String>,
    pub(crate) api: Option<Api>,
    pub(crate) scope: Option<Vec<String>>,
    pub(crate) aliases: Option<Vec<String>>,
    pub(crate) rate_limit_per_sec: Option<u32>,
    pub(crate) pagination: Option<Pagination>,
    pub(crate) params: Option<Schema>,
    pub(crate) returns: Option<Schema>,
    lines: HashMap<String, usize>,
}

/// The maximum size in bytes. No front matter of a page is longer, and longer YAML made only of brackets takes too long to
/// parse.
const SIZE_LIMIT: usize = 32 * 1024;

/// Splits a document that begins with a `---` line. Without a second `---` line the page begins on the next line.
pub(crate) fn split(text: &str) -> Option<FrontMatterSplit<'_>> {
    let mut lines = text.split_inclusive('\n');
    let first = lines.next().filter(|line| line.trim_end() == "---")?;
    let mut end = first.len();
    for (index, line) in lines.enumerate() {
        if line.trim_end() == "---" {
            let yaml = text.get(first.len()..end).unwrap_or_default();
            let page = text.get(end + line.len()..).unwrap_or_default();
            return Some(FrontMatterSplit { yaml, closed: true, page, page_line: index + 3 });
        }
        end += line.len();
    }
    Some(FrontMatterSplit {
        yaml: "",
        closed: false,
        page: text.get(first.len()..).unwrap_or_default(),
        page_line: 2,
    })
}

/// Parses front matter. A key that cannot be read is reported, and the other keys are used.
pub(crate) fn read(head: &FrontMatterSplit<'_>, log: &mut PageLog) -> Option<FrontMatter> {
    if !head.closed {
        log.add(
            1,
            "the front matter is not closed",
            "a second `---` line; the page is read without front matter",
        );
        return None;
    }
    if head.yaml.len() > SIZE_LIMIT {
        log.add(1, "the front matter is too long and is skipped", format!("at most {SIZE_LIMIT} bytes"));
        return None;
    }
    let mapping = match serde_yaml::from_str::<Value>(head.yaml) {
        Ok(Value::Mapping(mapping)) => mapping,
        Ok(Value::Null) => return None,
        Ok(_) => {
            log.add(2, "the front matter is not a mapping", "`key: value` lines");
            return None;
        }
        Err(error) => {
            let line = error.location().map_or(1, |location| location.line()) + 1;
            let message = error.to_string();
            let message = message.split(" at line ").next().unwrap_or_default();
            log.add(
                line,
                format!("the front matter is not YAML: {message}"),
                "a YAML mapping; the page is read without front matter",
            );
            return None;
        }
    };
    let mut reader = Keys { mapping, lines: key_lines(head.yaml), log };
    let front_matter = FrontMatter {
        method: reader.take("method"),
        api: reader.take("api"),
        scope: reader.take::<OneOrMany>("scope").map(OneOrMany::into_list),
        aliases: reader.take("aliases"),
        rate_limit_per_sec: reader.take("rate_limit_per_sec"),
        pagination: reader.take("pagination"),
        params: reader.take("params"),
        returns: reader.take("returns"),
        lines: HashMap::new(),
    };
    // The notes of a page document whether its method is deprecated; the key is only validated.
    let _: Option<Deprecated> = reader.take("deprecated");
    reader.report_unknown();
    Some(FrontMatter { lines: reader.lines, ..front_matter })
}

impl FrontMatter {
    /// The line of a key, or 1 without it.
    pub(crate) fn line(&self, key: &str) -> usize {
        self.lines.get(key).copied().unwrap_or(1)
    }
}

struct Keys<'t> {
    mapping: Mapping,
    lines: HashMap<String, usize>,
    log: &'t mut PageLog,
}

impl Keys<'_> {
    fn take<T: DeserializeOwned>(&mut self, key: &str) -> Option<T> {
        let value = self.mapping.remove(key)?;
        match serde_yaml::from_value(value) {
            Ok(value) => Some(value),
            Err(error) => {
                let line = self.lines.get(key).copied().unwrap_or(1);
                self.log.add(
                    line,
                    format!("the value of `{key}` in the front matter is invalid: {error}"),
                    "",
                );
                None
            }
        }
    }

    fn report_unknown(&mut self) {
        for key in self.mapping.keys().map(|key| key.as_str().unwrap_or("?")) {
            let line = self.lines.get(key).copied().unwrap_or(1);
            self.log.add(line, format!("unknown key `{key}` in the front matter"), "");
        }
    }
}

/// The line of each key of the mapping in the document.
fn key_lines(yaml: &str) -> HashMap<String, usize> {
    let key = |(index, line): (usize, &str)| {
        let (key, _) = line.split_once(':')?;
        (!key.starts_with([' ', '\t', '-', '#']))
            .then(|| (key.trim_matches(['"', '\'', ' ']).to_owned(), index + 2))
    };
    yaml.lines().enumerate().filter_map(key).collect()
}
