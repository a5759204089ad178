//! Files that requests send, and how stored values of them are shown.

use serde_json::{Map, Value, json};

use super::parts::{inside, named};
use super::{Call, Machine, id_number};
use crate::check::{Problem, Refusal};
use crate::families::{find, fold};
use crate::files::{self, Sent};
use crate::spec::JsonType;
use crate::store::{Field, View, compare};

/// The name of a file whose content is alone in its parameter: that of another one, or of the parameter.
fn name_beside<'c>(call: &Call<'c>, content: &'c str) -> &'c str {
    let mut names = call.params.iter().filter(|(name, _)| fold(name).ends_with("name") && *name != content);
    names.find_map(|(_, name)| name.as_str()).unwrap_or(content)
}

impl Machine {
    /// Keeps the file that a request sends in its parameter for it.
    pub(super) fn receive(&mut self, call: &Call<'_>) -> Result<Option<(Sent, Value)>, Refusal> {
        let Some(param) = &call.operation.file else { return Ok(None) };
        let Some(given) = find(call.params, param) else { return Ok(None) };
        let schema = call.method.params.properties.get(param);
        let is_text = schema.is_some_and(|schema| schema.single() == Some(JsonType::String));
        let content =
            given.as_str().and_then(|content| Sent::of(&json!([name_beside(call, param), content])));
        let bare = || given.as_str().filter(|_| is_text).map(Sent::of_text);
        let Some(sent) = content.or_else(|| Sent::of(given)).or_else(bare) else {
            return Err(self.refuse(call, Problem::WrongType(param)));
        };
        let stored = self.keep(&sent)?;
        Ok(Some((sent, stored)))
    }

    fn keep(&mut self, sent: &Sent) -> Result<Value, Refusal> {
        let full = || Refusal::new(400, "", "There is no more room for files");
        Ok(files::stored(self.files.add(sent).ok_or_else(full)?, sent))
    }

    /// Keeps files that are among the fields of a row: in their place are the stored values of their contents.
    pub(super) fn receive_fields(&mut self, fields: &mut [Field<'_>]) -> Result<(), Refusal> {
        for (_, _, value) in fields {
            if let Some(sent) = Sent::of_field(value) {
                *value = self.keep(&sent)?;
            } else if let Value::Array(several) = value
                && several.iter().any(|one| Sent::of_field(one).is_some())
            {
                for one in several {
                    if let Some(sent) = Sent::of_field(one) {
                        *one = self.keep(&sent)?;
                    }
                }
            }
        }
        Ok(())
    }

    /// A stored value in the form of a result: a link if the value is a content.
    pub(super) fn linked(&self, value: Value, wants_text: bool) -> Value {
        match &value {
            Value::Object(_) => match files::number(&value) {
                Some(number) => self.link(number, &files::name(&value), wants_text),
                None => value,
            },
            Value::Array(several) if several.iter().any(|one| files::number(one).is_some()) => {
                several.iter().map(|one| self.linked(one.clone(), wants_text)).collect()
            }
            _ => value,
        }
    }

    fn link(&self, number: u64, name: &str, wants_text: bool) -> Value {
        let url = format!("{}/rest/download/?token={}", self.origin, self.files.token(number));
        if wants_text {
            return url.into();
        }
        let fields = [
            ("id", number.into()),
            ("showUrl", url.as_str().into()),
            ("downloadUrl", url.as_str().into()),
            ("name", name.into()),
        ];
        Value::Object(fields.into_iter().map(|(name, value)| (name.to_owned(), value)).collect::<Map<_, _>>())
    }

    /// The values of a parameter, each of which is a row, with their names.
    pub(super) fn several(call: &Call<'_>) -> Option<Vec<(Option<String>, Value)>> {
        let mut path = call.operation.each.as_ref()?.split('.');
        let first = find(call.params, path.next()?)?;
        let rest: Vec<String> = path.map(fold).collect();
        inside(first, &rest).cloned().map(named)
    }
}

/// Whether a value is what a condition wants. An identifier of a dialog may have a prefix.
pub(super) fn is_wanted(found: &Value, wanted: &Value) -> bool {
    match (found, wanted) {
        (_, Value::Array(several)) => several.iter().any(|wanted| is_wanted(found, wanted)),
        (Value::Number(_), Value::String(_)) => {
            compare(View::of(found), View::Integer(id_number(wanted))).is_eq()
        }
        _ => compare(View::of(found), View::of(wanted)).is_eq(),
    }
}
