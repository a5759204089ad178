//! Methods that show rows.

use std::slice::from_ref;

use serde_json::{Map, Value, json};

use super::cursor::Cursor;
use super::page::{Page, order, page};
use super::values::Context;
use super::writer::Writer;
use super::{Call, Machine};
use crate::answer::{Form, Maker, write};
use crate::check::{Problem, Refusal};
use crate::exchange::Answer;
use crate::families::{Column, fold};
use crate::php;
use crate::spec::{Api, Schema};
use crate::store::{Filter, Table, TableKey};

impl Machine {
    pub(super) fn get(&mut self, call: &Call<'_>) -> Result<Answer, Refusal> {
        // Which error it is takes longer than to find the row.
        let not_found = |machine: &Self| machine.refuse(call, Problem::NotFound);
        let has_keys = call.operation.keys.iter().any(|key| call.param(&fold(&key.param)).is_some())
            || !call.operation.conditions.is_empty();
        let table = self.table(call)?;
        if let [list, item] = call.method.returns.one_of.as_slice()
            && let Some(schema) = list.items.as_deref()
        {
            let ids = call.chosen(table);
            let Some(table) = self.store.get(&call.table_key()) else { return Err(not_found(self)) };
            let rows = |schema| Writer::new(self, *call, schema, table);
            let row = |schema, id: &i64| table.row(*id).map(|row| rows(schema).row(*id, row));
            let one = || ids.first().and_then(|id| row(item, id)).ok_or_else(|| not_found(self));
            let all = || ids.iter().filter_map(|id| row(schema, id)).collect();
            return Ok(Answer::of(if has_keys { one()? } else { all() }));
        }
        if let Some(schema) =
            call.method.returns.map_values().map(|values| values.resolve(&call.method.returns.defs))
            && schema.is_object()
            && !has_keys
        {
            let ids = call.chosen(table);
            let Some(table) = self.store.get(&call.table_key()) else { return Err(not_found(self)) };
            let writer = Writer::new(self, *call, schema, table);
            let rows = ids.iter().filter_map(|id| Some((id.to_string(), writer.row(*id, table.row(*id)?))));
            let rows: Map<String, Value> = rows.collect();
            return Ok(Answer::of(if rows.is_empty() { json!([]) } else { Value::Object(rows) }));
        }
        let id = match call.chosen(table).first() {
            Some(id) => *id,
            None if has_keys => return Err(not_found(self)),
            None => return Ok(Answer::of(json!([]))),
        };
        let Some(table) = self.store.get(&call.table_key()) else { return Err(not_found(self)) };
        if !has_keys && call.method.returns.is_object() && call.method.returns.properties.is_empty() {
            return Ok(Answer::of(options(call, table, id)));
        }
        Ok(Answer::about(vec![id], self.show(call, table, id)))
    }

    pub(super) fn list(&mut self, call: &Call<'_>) -> Result<Answer, Refusal> {
        self.table(call)?;
        let merged = self.merged(call)?;
        let table = match &merged {
            Some(merged) => merged,
            None => match self.store.get(&call.table_key()) {
                Some(table) => table,
                None => return Ok(Answer::of(json!([]))),
            },
        };
        let mut filter = self.filter(call)?;
        let mut part = self.part(call)?;
        let mut order = order(call);
        if let Some(cursor) = Cursor::of(call) {
            if filter.names().contains(&cursor.field()) {
                return Err(self.refuse(call, Problem::Filter(cursor.field())));
            }
            filter = Filter::All(vec![filter, cursor.filter()]);
            (order, part) = (cursor.order(), cursor.part());
        }
        self.check_order(call, &order)?;
        let page = page(call, table, &filter, &order, &part);
        let own;
        let schema = match call.method.row() {
            Some(schema) => schema,
            None => {
                own = call.family.row();
                &own
            }
        };
        let writer = Writer::new(self, *call, schema, table);
        let rows = |is_map: bool| {
            if is_map && page.ids.is_empty() {
                return json!([]);
            }
            self.rows_value(&writer, &page.ids, is_map)
        };
        let result = self.in_envelope(call, &rows, &page);
        Ok(Answer { total: page.total, next: page.next, ..Answer::about(page.ids, result) })
    }

    /// The rows of two tables that meet the conditions, where a list has both.
    fn merged(&mut self, call: &Call<'_>) -> Result<Option<Table>, Refusal> {
        let Some(other) = &call.operation.with else { return Ok(None) };
        let key = TableKey::of(other);
        self.ensure_table(&key)?;
        let mut merged = Table::default();
        for table in [call.table_key(), key].iter().filter_map(|key| self.store.get(key)) {
            for id in call.matching(table) {
                let fields = table.fields(id).into_iter().flatten();
                let fields = fields.map(|(name, value)| (fold(&name).into(), name.into(), value));
                let id = if merged.row(id).is_some() { merged.next_id() } else { id };
                merged.restore_fields(id, fields);
            }
        }
        Ok(Some(merged))
    }

    /// The conditions of a list.
    fn filter(&self, call: &Call<'_>) -> Result<Filter, Refusal> {
        let params = &call.operation.list;
        let given = params.filter.as_ref().and_then(|name| call.param(&fold(name)));
        let mut parts = vec![match given {
            Some(Value::Object(conditions)) if call.method.api == Api::V2 => Filter::of_object(conditions),
            Some(Value::Array(list)) if call.method.api == Api::V2 => {
                let groups: Map<String, Value> =
                    list.iter().enumerate().map(|(at, group)| (at.to_string(), group.clone())).collect();
                Filter::of_object(&groups)
            }
            Some(Value::Array(list)) => {
                Filter::of_list(list).ok_or_else(|| self.refuse(call, unreadable(list)))?
            }
            Some(Value::Object(map)) if !map.is_empty() => {
                return Err(self.refuse(call, Problem::Filter("filter")));
            }
            _ => Filter::All(Vec::new()),
        }];
        self.check_names(call, &parts)?;
        if let Some(given) = parts.first().filter(|_| !call.operation.conditioned.is_empty()) {
            self.check_conditioned(call, given)?;
        }
        let mut equal = |name: &String| {
            if let Some(value) = call.param(&fold(name)) {
                let condition = Map::from_iter([(format!("={name}"), value.clone())]);
                parts.push(Filter::of_object(&condition));
            }
        };
        params.conditions.iter().for_each(&mut equal);
        for key in &call.operation.keys {
            match (&key.column, &call.family.id) {
                (Column::Field(name), _) if !params.conditions.iter().any(|one| fold(one) == *name) => {
                    equal(&key.param)
                }
                _ => {}
            }
        }
        let conditions = call.conditions.iter().cloned().map(|(field, value)| {
            let value = if value.is_array() { value } else { json!([value]) };
            Filter::of_object(&Map::from_iter([(format!("={field}"), value)]))
        });
        parts.extend(conditions);
        parts.extend(self.compared(call));
        let searched = call.operation.search.iter();
        let text = |source| self.value_of(call, source, &Context::default());
        parts.extend(searched.filter_map(|(source, names)| Some(contains(names, &text(source)?))));
        Ok(Filter::All(parts))
    }

    /// REST 3, and lists whose pages have an error for it, refuse conditions on fields that rows do not have.
    fn check_names(&self, call: &Call<'_>, parts: &[Filter]) -> Result<(), Refusal> {
        if !call.is_strict() {
            return Ok(());
        }
        let mut names = parts.iter().flat_map(Filter::names);
        if let Some(unknown) = names.clone().find(|name| !call.has_field(&fold(name))) {
            let is_v2 = call.method.api == Api::V2;
            let problem = if is_v2 { Problem::Filter(unknown) } else { Problem::Unknown(unknown) };
            return Err(self.refuse(call, problem));
        }
        let described = self.families.described_fields(&self.spec, &call.family.table);
        let is_refused = |name: &&str| described.iter().any(|field| field.name == *name && !field.filterable);
        let refused = names.find(is_refused).filter(|_| described.iter().any(|field| field.filterable));
        refused.map_or(Ok(()), |name| Err(self.refuse(call, Problem::WrongType(name))))
    }

    /// They refuse orders by such fields, too, and directions that are none.
    fn check_order(&self, call: &Call<'_>, order: &[(String, bool)]) -> Result<(), Refusal> {
        if !call.is_strict() {
            return Ok(());
        }
        let given = call.operation.list.order.as_ref().and_then(|name| call.param(&fold(name)));
        let mut directions = given.and_then(Value::as_object).into_iter().flatten();
        let is_v2 = call.method.api == Api::V2;
        let is_direction = |value: &Value| {
            let text = php::text(value).to_ascii_lowercase();
            matches!(text.as_str(), "asc" | "desc") || is_v2 && text.is_empty()
        };
        if let Some((name, _)) = directions.find(|(_, value)| !is_direction(value)) {
            return Err(self.refuse(call, Problem::Order(name)));
        }
        match order.iter().find(|(folded, _)| !call.has_field(folded)) {
            Some((name, _)) if is_v2 => Err(self.refuse(call, Problem::Order(name))),
            Some((name, _)) => Err(self.refuse(call, Problem::UnknownOrder(name))),
            None => Ok(()),
        }
    }

    /// The rows where the result has them.
    fn in_envelope(&self, call: &Call<'_>, rows: &dyn Fn(bool) -> Value, page: &Page) -> Value {
        let path = call.method.rows.as_deref().unwrap_or_default();
        let last = page.ids.last().copied();
        let list = |schema: &Schema| rows(schema.items.is_none() && schema.map_values().is_some());
        let steps: Vec<&str> = path.split('/').skip(1).collect();
        self.envelope(call, &call.method.returns, &steps, &list, (page, last))
    }

    fn envelope(
        &self,
        call: &Call<'_>,
        schema: &Schema,
        steps: &[&str],
        list: &dyn Fn(&Schema) -> Value,
        page: (&Page, Option<i64>),
    ) -> Value {
        let Some((step, rest)) = steps.split_first() else { return list(schema) };
        let mut result = Map::new();
        let row = call.method.row().and_then(|row| row.entity.as_deref()).map(fold);
        // Some pages have the rows under several names.
        let has_rows = |part: &Schema| {
            let item = part.items.as_deref();
            let entity = item.and_then(|item| item.entity.as_deref().or(item.format.as_deref()));
            entity.is_some() && entity.map(fold) == row
        };
        for (name, part) in
            schema.properties.iter().filter(|(name, part)| name.as_str() == *step || !has_rows(part))
        {
            let folded = fold(name);
            let value = if name == step {
                self.envelope(call, part, rest, list, page)
            } else if folded.starts_with("hasmore") || folded.starts_with("hasnext") {
                page.0.more.into()
            } else if matches!(folded.as_str(), "total" | "totalcount" | "count") && part.is_scalar() {
                page.0.all.into()
            } else if let Some((_, value)) =
                call.conditions.iter().find(|(field, _)| *field == folded).cloned()
            {
                let form = Form::of(call.method.api, &call.method.name);
                write(part, &call.method.returns.defs, form, value, (name, self.seed))
            } else if folded == "nextcursor" {
                match page.1.filter(|_| page.0.more) {
                    Some(id) => json!({"position": id, "id": id}),
                    None => Value::Null,
                }
            } else if part.is_scalar() {
                let form = Form::of(call.method.api, &call.method.name);
                Maker { defs: &call.method.returns.defs, form }.value(part, name, self.seed.part(name))
            } else {
                json!([])
            };
            result.insert(name.clone(), value);
        }
        Value::Object(result)
    }
}

/// Why conditions cannot be read: one may have another operator.
fn unreadable(list: &[Value]) -> Problem<'_> {
    let wrong = list.iter().find(|part| Filter::of_list(from_ref(part)).is_none());
    match wrong.and_then(Value::as_array).map(Vec::as_slice) {
        Some([Value::String(_), Value::String(operator), _]) => Problem::Operator(operator),
        _ => Problem::Filter("filter"),
    }
}

/// The condition that one of several fields contains a text.
fn contains(names: &[String], text: &Value) -> Filter {
    let one = |name: &String| (format!("%{name}"), text.clone());
    let any = ("LOGIC".to_owned(), json!("OR"));
    Filter::of_object(&names.iter().map(one).chain([any]).collect())
}

/// All values that were set, by name; or one of them, if a parameter names it.
fn options(call: &Call<'_>, table: &Table, id: i64) -> Value {
    let Some(row) = table.row(id) else { return json!([]) };
    let named: Vec<(usize, &str)> = table.columns().enumerate().map(|(at, (_, name))| (at, name)).collect();
    let wanted = call.params.values().find_map(Value::as_str);
    if let Some((at, _)) = wanted.and_then(|wanted| named.iter().find(|(_, name)| *name == wanted)) {
        return row.value(*at).unwrap_or_default();
    }
    let all = named.iter().filter_map(|(at, name)| Some(((*name).to_owned(), row.value(*at)?)));
    php::array(all)
}
