//! The values of sources: from parameters, from rows, and from the rows of other families.

use std::collections::HashSet;

use serde_json::{Map, Value, json};

use super::found::found;
use super::parts::{flat, inside, named, several, whole};
use super::rows::stored_field;
use super::{Call, Machine};
use crate::families::{Family, Query, Setting, Source, Take, fold};
use crate::files::{self, Sent};
use crate::moment::now;
use crate::php;
use crate::store::{Field, Row, Table, View, timestamp};

/// How many families deep rows are shown in rows.
const MAX_DEPTH: usize = 4;

/// What sources refer to.
#[derive(Clone, Default)]
pub(super) struct Context<'c> {
    /// The row that is chosen or shown, with its identifier.
    pub(super) row: Option<(i64, &'c Table, &'c Row)>,
    /// The identifier of the row that is added.
    pub(super) added: Option<i64>,
    /// The rows of a page.
    pub(super) page: Option<(&'c Table, &'c [i64])>,
    /// The file that was sent, and the stored value of its content.
    pub(super) file: Option<(Sent, Value)>,
    /// One of several values.
    pub(super) each: Option<&'c Value>,
    /// Its name, if it is one of an object.
    pub(super) key: Option<&'c str>,
    /// The field that has changed, with its values before and after.
    pub(super) change: Option<(&'c str, &'c Value, &'c Value)>,
    /// In how many rows the row is shown.
    pub(super) depth: usize,
}

impl Context<'_> {
    fn of_row(&self, field: &str) -> Option<Value> {
        let Some((id, table, row)) = self.row else {
            return self.added.filter(|_| field == "id").map(Value::from);
        };
        let own = || (field == "id").then(|| id.into());
        table.column(field).and_then(|column| row.value(column)).filter(|value| !value.is_null()).or_else(own)
    }

    fn of_page(&self, field: &str) -> Option<Value> {
        let (table, ids) = self.page?;
        let value = |id: &i64| {
            let row = Some((*id, table, table.row(*id)?));
            Context { row, ..Context::default() }.of_row(field)
        };
        Some(ids.iter().filter_map(value).flat_map(several).collect())
    }

    fn of_change(&self, part: &str) -> Option<Value> {
        let (field, from, to) = self.change?;
        Some(match part {
            "field" => super::custom::upper(field).into(),
            "from" => php::text(from).into(),
            _ => php::text(to).into(),
        })
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

impl Machine {
    /// The value of a source. `None`: it has none.
    pub(super) fn value_of(&self, call: &Call<'_>, source: &Source, context: &Context<'_>) -> Option<Value> {
        let of = |source: &Source| self.value_of(call, source, context);
        let all = |sources: &[Source]| sources.iter().filter_map(of).collect::<Vec<Value>>();
        match source {
            Source::Value(value) => Some(value.clone()),
            Source::Now => Some(now().into()),
            Source::Unique => Some(self.unique(call, context)),
            Source::Origin => Some(self.origin.as_str().into()),
            // As portals in the cloud number them: even, and beyond the kinds of the CRM.
            Source::Kind => context.added.map(|id| (1028 + 2 * id).into()),
            Source::Param(path) => {
                let (first, rest) = path.split_first()?;
                inside(call.param(first)?, rest).cloned()
            }
            Source::Each(path) => inside(context.each?, path).cloned(),
            Source::Key => context.key.map(Value::from),
            Source::Row(field) => context.of_row(field),
            Source::RowPart(field, part) => inside(&context.of_row(field)?, part).cloned(),
            Source::Rows(field) => context.of_page(field),
            Source::Next(field) => {
                Some((context.of_row(field).map_or(0, |value| php::integer(&value)) + 1).into())
            }
            Source::File(part) => context.of_file(part),
            Source::Change(part) => context.of_change(part),
            Source::First(sources) => sources.iter().filter_map(of).find(|value| !value.is_null()),
            Source::All(sources) => Some(all(sources).into_iter().flat_map(several).flat_map(flat).collect()),
            Source::But(sources) => {
                let mut lists = sources.iter().map(|source| several(of(source).unwrap_or_default()));
                let (first, others) = (lists.next()?, lists.flatten().map(|value| php::text(&value)));
                let others: HashSet<String> = others.collect();
                Some(first.into_iter().filter(|value| !others.contains(&php::text(value))).collect())
            }
            Source::Join(sources) => {
                let text: String = all(sources).iter().map(php::text).collect();
                Some(text.trim().into())
            }
            Source::Merge(sources) => {
                let objects = all(sources).into_iter().filter_map(|value| match value {
                    Value::Object(fields) => Some(fields),
                    _ => None,
                });
                Some(php::array(objects.flatten()))
            }
            Source::Sum(sources) => {
                let numbers = all(sources).into_iter().flat_map(several);
                Some(numbers.map(|number| php::integer(&number)).sum::<i64>().into())
            }
            Source::Difference(sources) => {
                let numbers: Option<Vec<i64>> =
                    sources.iter().map(|one| Some(php::integer(&of(one)?))).collect();
                let mut numbers = numbers?.into_iter();
                let first = numbers.next()?;
                Some((first - numbers.sum::<i64>()).into())
            }
            Source::Quotient(sources) => {
                let mut numbers =
                    sources.iter().map(|source| of(source).map_or(0, |value| php::integer(&value)));
                numbers.next()?.checked_div(numbers.next()?).map(Value::from)
            }
            Source::Length(source) => Some(php::text(&of(source)?).chars().count().into()),
            Source::Timestamp(source) => Some(timestamp(View::of(&of(source)?))?.into()),
            Source::Not(source) => Some((!of(source).is_some_and(|value| php::is_true(&value))).into()),
            Source::Number(source) => whole(&of(source)?),
            Source::Word(source, with) => {
                let text = php::text(&of(source)?);
                let is_word = text.chars().all(|c| c.is_ascii_alphanumeric() || c == '_' || with.contains(c));
                (is_word && !text.is_empty()).then(|| text.into())
            }
            Source::After(begin, source) => {
                let rest = Value::from(php::text(&of(source)?).strip_prefix(begin.as_str())?);
                Some(whole(&rest).unwrap_or(rest))
            }
            Source::Case(value, cases) => {
                let value = match of(value) {
                    Some(Value::Bool(flag)) => flag.to_string(),
                    other => other.map(|value| php::text(&value)).unwrap_or_default(),
                };
                of(cases.get(&value).or_else(|| cases.get("else"))?)
            }
            Source::Map(list, to) => {
                let each = self.each(call, (list, to), context);
                Some(php::array(each.into_iter().map(|(key, value)| (php::text(&key), value))))
            }
            Source::List(list, to) => {
                Some(self.each(call, (list, to), context).into_iter().map(|(_, value)| value).collect())
            }
            Source::Query(query) => self.query(call, query, context),
            Source::Object(fields) => {
                let value = |(name, source): (&String, &Source)| Some((name.clone(), of(source)?));
                Some(Value::Object(fields.iter().filter_map(value).collect()))
            }
        }
    }

    /// The values of a list, or the names of an object, each with the value of a source.
    fn each(
        &self,
        call: &Call<'_>,
        (list, to): (&Source, &Source),
        context: &Context<'_>,
    ) -> Vec<(Value, Value)> {
        let values = named(self.value_of(call, list, context).unwrap_or_default()).into_iter();
        let pairs = values.filter_map(|(key, value)| {
            let context = Context { each: Some(&value), key: key.as_deref(), ..context.clone() };
            let made = self.value_of(call, to, &context)?;
            Some((key.clone().map_or_else(|| value.clone(), Value::from), made))
        });
        pairs.collect()
    }

    /// A text that no other row has.
    fn unique(&self, call: &Call<'_>, context: &Context<'_>) -> Value {
        let id = context.row.map(|(id, ..)| id).or(context.added).unwrap_or(0);
        let seed = self.seed.part("unique").part(call.family.table.to_ascii_lowercase()).part(id);
        let half = |at: u64| seed.part(at).below(u64::MAX);
        format!("{:016x}{:016x}", half(0), half(1)).into()
    }

    /// Rows of another family, as it shows them.
    fn query(&self, call: &Call<'_>, query: &Query, context: &Context<'_>) -> Option<Value> {
        let family = self.families.named(&self.spec, call.method.api, &query.family)?;
        let nothing = || if query.take == Take::Count { json!(0) } else { json!([]) };
        let is_list = matches!(query.take, Take::All | Take::Count);
        let condition =
            |(name, source): (&String, &Source)| Some((name.clone(), self.value_of(call, source, context)?));
        let conditions: Option<Map<String, Value>> = query.conditions.iter().map(condition).collect();
        let Some(conditions) = conditions.filter(|_| context.depth < MAX_DEPTH) else {
            return is_list.then(nothing);
        };
        let (key, filter) = family.place_of(conditions);
        let Some(table) = self.store.get(&key) else { return is_list.then(nothing) };
        let ids = found(&family, table, &filter);
        let inner = |id: i64| {
            let row = Some((id, table, table.row(id)?));
            Some(Context { row, depth: context.depth + 1, ..Context::default() })
        };
        let value = |id: i64| {
            let context = inner(id)?;
            match &query.field {
                Some(field) => self.shown_field(call, &family, field, &context),
                None => Some(Value::Object(self.shown_fields(call, &family, &context))),
            }
        };
        match query.take {
            Take::Count => Some(ids.len().into()),
            Take::First => ids.first().copied().and_then(value),
            Take::Last => ids.last().copied().and_then(value),
            Take::All => Some(match &query.key {
                None => ids.into_iter().filter_map(value).collect(),
                Some(key) => php::array(ids.into_iter().filter_map(|id| {
                    let key = self.shown_field(call, &family, key, &inner(id)?)?;
                    Some((php::text(&key), value(id)?))
                })),
            }),
        }
    }

    /// A field of the row of a context, as its family shows it.
    pub(super) fn shown_field(
        &self,
        call: &Call<'_>,
        family: &Family,
        folded: &str,
        context: &Context<'_>,
    ) -> Option<Value> {
        match family.show.iter().find(|setting| setting.field == folded) {
            Some(setting) => self.value_of(call, &setting.source, context),
            None => context.of_row(folded).map(|value| self.linked(value, true)),
        }
    }

    /// All fields of the row of a context, as its family shows them.
    fn shown_fields(&self, call: &Call<'_>, family: &Family, context: &Context<'_>) -> Map<String, Value> {
        let Some((id, table, _)) = context.row else { return Map::new() };
        let is_shown = |name: &String| family.show.iter().any(|setting| setting.field == fold(name));
        let stored = table.fields(id).into_iter().flatten().filter(|(name, _)| !is_shown(name));
        let stored = stored.map(|(name, value)| (name, self.linked(value, true)));
        let shown = family.show.iter().filter_map(|setting| {
            Some((setting.name.clone(), self.value_of(call, &setting.source, context)?))
        });
        stored.chain(shown).collect()
    }

    /// Fields with values from their sources, as stored values of a family.
    pub(super) fn settings(
        &self,
        call: &Call<'_>,
        family: &Family,
        settings: &[Setting],
        context: &Context<'_>,
    ) -> Vec<Field<'static>> {
        let field = |setting: &Setting| {
            let value = self.value_of(call, &setting.source, context)?;
            let value = stored_field(family, &setting.field, value);
            Some((setting.field.clone().into(), setting.name.clone().into(), value))
        };
        settings.iter().filter_map(field).collect()
    }
}
