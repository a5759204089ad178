//! The values of fields that facts set, and the conditions that they have.

use serde_json::{Map, Value};

use super::rows::stored_field;
use super::{Call, Machine, id_number};
use crate::check::{Problem, Refusal};
use crate::families::{Setting, Source, find, fold};
use crate::files::{self, Sent};
use crate::moment::now;
use crate::php;
use crate::store::{Field, Row, Table, View, compare};

/// What sources refer to.
#[derive(Default)]
pub(super) struct Context<'c> {
    /// The row that is chosen, with its identifier.
    pub(super) row: Option<(i64, &'c Table, &'c Row)>,
    /// The identifier of the row that is added.
    pub(super) added: Option<i64>,
    /// The file that was sent, and the stored value of its content.
    pub(super) file: Option<(Sent, Value)>,
    /// One of several values.
    pub(super) each: Option<&'c Value>,
}

impl Context<'_> {
    fn of_row(&self, field: &str) -> Option<Value> {
        let (id, table, row) = self.row?;
        if field == "id" {
            return Some(id.into());
        }
        row.value(table.column(field)?)
    }

    fn of_file(&self, part: &str) -> Option<Value> {
        let (sent, stored) = self.file.as_ref()?;
        Some(match part {
            "name" => sent.name.as_str().into(),
            "size" => sent.bytes.len().into(),
            "number" => files::number(stored)?.into(),
            _ => stored.clone(),
        })
    }
}

impl<'c> Call<'c> {
    /// The value of a source. `None`: it has none.
    pub(super) fn value_of(&self, source: &Source, context: &Context<'_>) -> Option<Value> {
        match source {
            Source::Value(value) => Some(value.clone()),
            Source::Now => Some(now().into()),
            Source::Each => context.each.cloned(),
            // As portals in the cloud number them: even, and beyond the kinds of the CRM.
            Source::Kind => context.added.map(|id| (1028 + 2 * id).into()),
            Source::Param(path) => {
                let (first, rest) = path.split_first()?;
                let inner = |value: &'c Value, name: &String| {
                    let mut named = value.as_object()?.iter().filter(|(given, _)| fold(given) == *name);
                    named.next_back().map(|(_, value)| value)
                };
                rest.iter().try_fold(self.param(first)?, inner).cloned()
            }
            Source::Row(field) => context.of_row(field),
            Source::Next(field) => {
                Some((context.of_row(field).map_or(0, |value| php::integer(&value)) + 1).into())
            }
            Source::File(part) => context.of_file(part),
            Source::First(sources) => sources.iter().find_map(|source| self.value_of(source, context)),
        }
    }

    /// Fields with values from their sources, as stored values.
    pub(super) fn settings(&self, settings: &[Setting], context: &Context<'_>) -> Vec<Field<'static>> {
        let field = |setting: &Setting| {
            let value = self.value_of(&setting.source, context)?;
            let value = stored_field(self.family, &setting.field, value);
            Some((setting.field.clone().into(), setting.name.clone().into(), value))
        };
        settings.iter().filter_map(field).collect()
    }

    /// The conditions that the request and the facts set on rows: fields and values.
    pub(super) fn conditions(&self) -> Vec<(&'c str, Value)> {
        let context = Context::default();
        let all = self.operation.conditions.iter();
        all.filter_map(|condition| {
            let value = self.value_of(&condition.source, &context)?;
            let value = if condition.field.ends_with("id") && value.is_string() {
                stored_field(self.family, &condition.field, value)
            } else {
                value
            };
            Some((condition.field.as_str(), value))
        })
        .collect()
    }
}

impl Machine {
    /// Keeps the file that a request sends in its parameter for it.
    pub(super) fn receive(&mut self, call: &Call<'_>) -> Result<Option<(Sent, Value)>, Refusal> {
        let Some(param) = &call.operation.file else { return Ok(None) };
        let Some(given) = find(call.params, param) else { return Ok(None) };
        let Some(sent) = Sent::of(given) else { return Err(self.refuse(call, Problem::WrongType(param))) };
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

    /// Adds the rows of other families that belong to what a method did with a row.
    pub(super) fn add_others(
        &mut self,
        call: &Call<'_>,
        id: i64,
        file: Option<(Sent, Value)>,
    ) -> Result<(), Refusal> {
        for (prefix, settings) in &call.operation.also {
            let Some(family) = self.families.family(&self.spec, call.method.api, prefix) else { continue };
            let Some(table) = self.store.get(&call.table_key()) else { continue };
            let row = table.row(id).map(|row| (id, table, row));
            let fields =
                call.settings(settings, &Context { row, file: file.clone(), each: None, added: None });
            let key = crate::store::TableKey { name: family.table.clone(), partition: Vec::new() };
            if self.store.get(&key).is_none() {
                self.open(&family, &key).map_err(super::unreadable)?;
            }
            if let Some(table) = self.store.get_mut(&key) {
                let id = table.next_id();
                let defaults = super::rows::defaults(&family, id);
                table.add(defaults.into_iter().chain(fields));
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

    /// The values of a parameter, each of which is a row.
    pub(super) fn several(call: &Call<'_>) -> Option<Vec<Value>> {
        match find(call.params, call.operation.each.as_ref()?)? {
            Value::Array(several) => Some(several.clone()),
            Value::Object(several) => Some(several.values().cloned().collect()),
            one => Some(vec![one.clone()]),
        }
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
