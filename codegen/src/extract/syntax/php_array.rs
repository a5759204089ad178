//! Parses the literal of a PHP array, as older pages show what a handler receives.

use serde_json::{Map, Number, Value};

use crate::extract::page_log::PageLog;
use crate::extract::register::events::PHP_ARRAY;
use crate::extract::syntax::ast::Code;

/// How deep arrays are read.
const DEPTH: usize = 40;

/// Parses the first array of a code block. A variable, a call or an ellipsis in it is `null`: the page does not show the value.
pub(crate) fn parsed(code: &Code, log: &mut PageLog) -> Option<Value> {
    let found = array_in(&code.text)?;
    log.fire(&PHP_ARRAY);
    Some(found)
}

/// The first array of a text with a key: others are lists of no interest, or indices.
fn array_in(text: &str) -> Option<Value> {
    if !text.contains("=>") {
        return None;
    }
    let starts = text.char_indices().filter(|(at, _)| begins_array(text.get(*at..).unwrap_or_default()));
    starts.take(DEPTH).find_map(|(at, _)| {
        let mut parser = Parser { rest: text.get(at..)? };
        parser.value(0).filter(Value::is_object)
    })
}

fn begins_array(text: &str) -> bool {
    text.starts_with('[') || behind_array_word(text).is_some_and(|rest| rest.trim_start().starts_with('('))
}

fn behind_array_word(text: &str) -> Option<&str> {
    let word = text.get(..5).filter(|word| word.eq_ignore_ascii_case("array"))?;
    text.strip_prefix(word)
}

struct Parser<'a> {
    rest: &'a str,
}

impl Parser<'_> {
    /// A value; `None` for what cannot be one.
    fn value(&mut self, depth: usize) -> Option<Value> {
        self.skip_space();
        if depth > DEPTH {
            return None;
        }
        if self.take("[") {
            return self.items("]", depth);
        }
        if let Some(behind) = behind_array_word(self.rest)
            && behind.trim_start().starts_with('(')
        {
            self.rest = behind;
            self.skip_space();
            self.take("(");
            return self.items(")", depth);
        }
        match self.rest.chars().next()? {
            quote @ ('\'' | '"') => self.text(quote).map(Value::from),
            _ => Some(self.word()),
        }
    }

    /// The items up to the closing bracket: a list if they have no keys but their positions.
    fn items(&mut self, close: &str, depth: usize) -> Option<Value> {
        let mut entries: Vec<(Option<String>, Value)> = Vec::new();
        loop {
            self.skip_space();
            if self.take(close) {
                break;
            }
            if self.take(",") || self.take("...") || self.take("…") {
                continue;
            }
            let first = self.value(depth + 1)?;
            self.skip_space();
            if self.take("=>") {
                let value = self.value(depth + 1)?;
                entries.push((Some(key(&first)?), value));
            } else {
                entries.push((None, first));
            }
            self.skip_space();
            if !self.take(",") && !self.rest.starts_with(close) {
                return None;
            }
        }
        let is_position = |(index, (key, _)): (usize, &(Option<String>, Value))| {
            key.as_ref().is_none_or(|key| *key == index.to_string())
        };
        if entries.iter().enumerate().all(is_position) {
            return Some(entries.into_iter().map(|(_, value)| value).collect());
        }
        let named = entries.into_iter().enumerate();
        let fields: Map<String, Value> =
            named.map(|(index, (key, value))| (key.unwrap_or_else(|| index.to_string()), value)).collect();
        Some(Value::Object(fields))
    }

    /// The text up to the closing quotation mark.
    fn text(&mut self, quote: char) -> Option<String> {
        let mut text = String::new();
        let mut letters = self.rest.char_indices().skip(1);
        while let Some((at, letter)) = letters.next() {
            match letter {
                '\\' => text.push(letters.next()?.1),
                letter if letter == quote => {
                    self.rest = self.rest.get(at + letter.len_utf8()..)?;
                    return Some(text);
                }
                letter => text.push(letter),
            }
        }
        None
    }

    /// A number, a flag, `null`, or what stands for a value that the page does not show.
    fn word(&mut self) -> Value {
        let end = self.rest.find([',', ']', ')', '\n', '=']).unwrap_or(self.rest.len());
        let (word, rest) = self.rest.split_at(end);
        // A call: its arguments are no part of the array.
        self.rest = match word.find('(') {
            Some(_) => rest.strip_prefix(')').unwrap_or(rest),
            None => rest,
        };
        let word = word.trim();
        match word.to_ascii_lowercase().as_str() {
            "true" => Value::Bool(true),
            "false" => Value::Bool(false),
            _ => word.parse::<Number>().map_or(Value::Null, Value::Number),
        }
    }

    fn take(&mut self, token: &str) -> bool {
        let Some(rest) = self.rest.strip_prefix(token) else { return false };
        self.rest = rest;
        true
    }

    /// Skips white space and comments.
    fn skip_space(&mut self) {
        loop {
            self.rest = self.rest.trim_start();
            let is_line_comment = self.rest.starts_with("//") || self.rest.starts_with('#');
            let behind = if is_line_comment {
                self.rest.find('\n')
            } else if self.rest.starts_with("/*") {
                self.rest.find("*/").map(|at| at + 2)
            } else {
                return;
            };
            self.rest = behind.and_then(|at| self.rest.get(at..)).unwrap_or_default();
        }
    }
}

/// A key as PHP writes it: a text or an integer.
fn key(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) if number.is_i64() => Some(number.to_string()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn arrays_are_read_in_both_notations() {
        for (text, value) in [
            ("array('A' => array('ID' => 7))", json!({"A": {"ID": 7}})),
            (
                "$x = [\n 'A' => 'it\\'s', // a comment, with a comma\n 'B' => [1, \"2\",],\n];",
                json!({"A": "it's", "B": [1, "2"]}),
            ),
            (
                "array (\n 'A' => \n array (0 => array('B' => true,),), 'C' => array(...) )",
                json!({"A": [{"B": true}], "C": []}),
            ),
            ("['A' => $id, 'B' => time(), 'C' => null]", json!({"A": null, "B": null, "C": null})),
            ("['A' => [5 => 'x', 'k' => -1.5]]", json!({"A": {"5": "x", "k": -1.5}})),
            ("/* a */ foo(['A' => 1])", json!({"A": 1})),
        ] {
            assert_eq!(array_in(text), Some(value), "{text}");
        }
    }

    #[test]
    fn what_is_no_array_is_left_out() {
        let deep = "['a' => ".repeat(DEPTH * 100);
        for text in ["", "[1, 2]", "['a' => ", "a => b", "['a' 'b' => 1]", "['a => 1]", &deep] {
            assert_eq!(array_in(text), None, "{text}");
        }
    }
}
