//! The schema of each place in a result: of the types that the witnesses give, the first that every example fits.

use std::collections::hash_map::Entry;
use std::collections::{HashMap, HashSet};

use indexmap::IndexMap;
use serde_json::Value;

use crate::descriptor::{AdditionalProperties, JsonType, Schema, TypeSet};
use crate::extract::diagnostics::PageDiagnostics;
use crate::extract::evidence::{Evidence, Leaf};
use crate::extract::lexicon::results::MEASURES;
use crate::extract::register::Rule;
use crate::extract::register::returns::{
    EXAMPLE_CONTRADICTS_TYPESCRIPT, IDENTIFIER_IS_INTEGER, MEASURE_IS_NUMBER, MOMENT_IS_DATE_TIME,
    RESULT_IN_ENVELOPE, SEVERAL_KINDS_IN_EXAMPLES, TABLE_TYPE_WHERE_THE_EXAMPLE_FITS,
    TYPE_WORD_BECOMES_FORMAT, TYPESCRIPT_RESULT_TYPE, WHOLE_TYPESCRIPT_NUMBER_IS_INTEGER,
};
use crate::extract::resolve::{Decision, Verdict, resolve};
use crate::extract::rules::returns::tree::{Inner, Node};
use crate::schema::accepts::{accepts, is_empty_form};
use crate::schema::example;
use crate::schema::join::{join, readable};

/// The lines of the examples and of the TypeScript type; 0 where there is none.
#[derive(Clone, Copy)]
pub(super) struct Lines {
    pub(super) example: usize,
    pub(super) typescript: usize,
}

/// The schema of a whole result.
pub(super) fn result(
    root: &Node<'_>,
    method: &str,
    lines: Lines,
    diagnostics: &mut PageDiagnostics,
) -> Schema {
    let mut resolver = Resolver {
        lines,
        path: Vec::new(),
        description: description_name(method),
        defs: IndexMap::new(),
        diagnostics,
    };
    let mut schema = resolver.schema(root, "result");
    resolver.make_nullable(root, &mut schema);
    if schema.is_unknown() && !root.samples.is_empty() && root.samples.iter().all(|value| value.is_null()) {
        schema = Schema::of(JsonType::Null);
    }
    schema.defs = resolver.defs;
    schema
}

/// The name of the schema that all descriptions of fields in a result share. Beside `fields` an entity may have further
/// methods of the kind, whose descriptions say more or less.
fn description_name(method: &str) -> String {
    let last = method.rsplit('.').next().unwrap_or_default();
    let mut letters = last.chars();
    let first = letters.next().map(|first| first.to_ascii_uppercase());
    match last {
        "fields" => "FieldDescription".to_owned(),
        _ => format!("{}{}Description", first.map(String::from).unwrap_or_default(), letters.as_str()),
    }
}

struct Resolver<'t> {
    lines: Lines,
    /// The names on the way to the place that is being resolved.
    path: Vec<String>,
    /// The name of the shared description of a field.
    description: String,
    defs: IndexMap<String, Schema>,
    diagnostics: &'t mut PageDiagnostics,
}

impl Resolver<'_> {
    /// The schema of a place, but for the question whether nothing may stand there.
    fn schema(&mut self, node: &Node<'_>, name: &str) -> Schema {
        let schema = match &node.inner {
            Inner::Leaf => return self.leaf(node, name),
            Inner::Object(fields) => {
                let field = |(name, field): (&String, &Node<'_>)| {
                    self.path.push(name.clone());
                    let schema = self.schema(field, name);
                    self.path.pop();
                    (name.clone(), schema)
                };
                let mut properties = fields.iter().map(field).collect();
                self.leave_out_namesakes(&mut properties);
                Schema { properties, ..Schema::any_object() }
            }
            Inner::List(items) => {
                let items = Some(Box::new(self.full(items, name))).filter(|items| !items.is_unknown());
                Schema { items, ..Schema::of(JsonType::Array) }
            }
            Inner::Map(values) => of_values(self.full(values, name)),
            Inner::Fields(values) => {
                let description = self.full(values, name);
                of_values(self.shared(description))
            }
        };
        self.record_structure(node, &schema);
        self.compare(node, &schema, name);
        schema
    }

    /// Of fields that differ in case or in marks alone, only one can have a name; the others stay unlisted.
    fn leave_out_namesakes(&mut self, properties: &mut IndexMap<String, Schema>) {
        let mut by_letters: HashMap<String, String> = HashMap::new();
        let mut names: Vec<&String> = properties.keys().collect();
        names.sort_by_key(|name| !name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_'));
        let mut left_out = Vec::new();
        for name in names {
            match by_letters.entry(letters(name)) {
                Entry::Occupied(known) => left_out.push((name.clone(), known.get().clone())),
                Entry::Vacant(free) => {
                    free.insert(name.clone());
                }
            }
        }
        for (name, known) in &left_out {
            let message = format!("the field {name} differs from {known} in case or marks alone");
            self.diagnostics.add(
                self.lines.example,
                message,
                "names that can be documented apart; it was left out",
            );
        }
        let left_out: HashSet<String> = left_out.into_iter().map(|(name, _)| name).collect();
        properties.retain(|name, _| !left_out.contains(name));
    }

    /// The schema of a place that is no field, so that it must say itself whether nothing may stand there.
    fn full(&mut self, node: &Node<'_>, name: &str) -> Schema {
        let mut schema = self.schema(node, name);
        self.make_nullable(node, &mut schema);
        schema
    }

    fn make_nullable(&mut self, node: &Node<'_>, schema: &mut Schema) {
        let nothing = |value: &&Value| is_empty_form(value) && !accepts(schema, value);
        let nullable = node.samples.iter().any(nothing)
            || node.typed.as_ref().is_some_and(|typed| typed.types.nullable());
        if nullable && schema.types.single().is_some() && !schema.types.nullable() {
            schema.types.0.push(JsonType::Null);
        }
    }

    /// A description of a field as it is shared; one that differs from the shared one stands in its own place.
    fn shared(&mut self, description: Schema) -> Schema {
        let shared = self.defs.entry(self.description.clone()).or_insert_with(|| description.clone());
        if *shared != description {
            return description;
        }
        Schema { reference: Some(format!("#/$defs/{}", self.description)), ..Schema::default() }
    }

    /// A place that has nothing inside that is known: the first type that every example fits.
    fn leaf(&mut self, node: &Node<'_>, name: &str) -> Schema {
        let live: Vec<&Value> = node.samples.iter().copied().filter(|value| !is_empty_form(value)).collect();
        let typed = node.typed.as_ref().and_then(readable);
        let evidence = self.leaf_evidence(node, typed.as_ref(), &live, name);
        let decision = resolve(&evidence, |schema| live.iter().all(|value| accepts(schema, value)));
        let rejected = |source: &Rule| {
            let of_source = |found: &Evidence<Schema>| found.rule == source;
            let index = evidence.iter().position(of_source)?;
            decision.verdicts.get(index).map(|verdict| *verdict == Verdict::Rejected)
        };
        let table = node.from_table.as_ref().map(|found| found.rule);
        if table.and_then(rejected) == Some(true) {
            self.contradicts(node, name, "its table tells");
        } else if rejected(&TYPESCRIPT_RESULT_TYPE) == Some(true) {
            self.diagnostics.fire(&EXAMPLE_CONTRADICTS_TYPESCRIPT);
            let message = format!("the example shows another type of {name} than the TypeScript tells");
            self.diagnostics.add(self.lines.example, message, "the same type in both");
        }
        let chosen = decision.chosen.and_then(|chosen| evidence.get(chosen));
        let mut schema = chosen.map(|found| found.value.clone()).unwrap_or_default();
        self.record(&evidence, &decision);
        if !live.is_empty() && schema.is_unknown() {
            self.diagnostics.fire(&SEVERAL_KINDS_IN_EXAMPLES);
            let message = format!("the examples show values of several kinds for {name}");
            self.diagnostics.add(self.lines.example, message, "one kind; all of them were given");
            // That there are several is known, unlike a place of which nothing is.
            schema.types = kinds(&live);
        }
        self.add_format(schema, node, typed.as_ref(), &live)
    }

    /// What the table, the TypeScript type and the examples say of a place, in this order.
    fn leaf_evidence(
        &mut self,
        node: &Node<'_>,
        typed: Option<&Schema>,
        live: &[&Value],
        name: &str,
    ) -> Vec<Evidence<Schema>> {
        let table = node
            .from_table
            .as_ref()
            .and_then(|found| Some(Evidence::new(found.rule, readable(&found.value)?, found.line)));
        let typed = typed.map(|typed| {
            let counted = self.counted(typed.clone(), live, name);
            Evidence::new(&TYPESCRIPT_RESULT_TYPE, counted, self.lines.typescript)
        });
        let shown = shown(live, &node.samples)
            .map(|shown| Evidence::new(&RESULT_IN_ENVELOPE, shown, self.lines.example));
        let mut evidence: Vec<Evidence<Schema>> = Vec::with_capacity(3);
        for mut found in typed.into_iter().chain(shown) {
            if found.value.types.single() == Some(JsonType::Integer) && measures(name) {
                self.diagnostics.fire(&MEASURE_IS_NUMBER);
                found.value = Schema::of(JsonType::Number);
            }
            evidence.push(found);
        }
        table.into_iter().chain(evidence).collect()
    }

    /// TypeScript knows no integers; the examples do, and where they show nothing, the name of an identifier.
    fn counted(&mut self, typed: Schema, live: &[&Value], name: &str) -> Schema {
        let whole = Schema::of(JsonType::Integer);
        let is_whole = typed.types.single() == Some(JsonType::Number)
            && (!live.is_empty() || identifies(name))
            && live.iter().all(|value| accepts(&whole, value));
        if !is_whole {
            return typed;
        }
        let by_name = live.is_empty();
        self.diagnostics.fire(if by_name {
            &IDENTIFIER_IS_INTEGER
        } else {
            &WHOLE_TYPESCRIPT_NUMBER_IS_INTEGER
        });
        whole
    }

    /// Adds the format of a moment, or the word of the documentation beside a type that JSON has no type for.
    fn add_format(
        &mut self,
        mut schema: Schema,
        node: &Node<'_>,
        typed: Option<&Schema>,
        live: &[&Value],
    ) -> Schema {
        let before = schema.format.is_some();
        let is_text = schema.types.single() == Some(JsonType::String) && !before;
        let mut rule = &TYPE_WORD_BECOMES_FORMAT;
        if is_text && is_moment(typed, live) {
            schema.format = Some("date-time".to_owned());
            rule = &MOMENT_IS_DATE_TIME;
        }
        let schema = with_word(schema, node.from_table.as_ref().map(|found| &found.value));
        if let Some(format) = schema.format.as_ref().filter(|_| !before) {
            let line = node.from_table.as_ref().map_or(self.lines.example, |found| found.line);
            let path = &self.path;
            let leaf = || Leaf::schema("returns", path.iter().map(String::as_str), "format");
            self.diagnostics.ledger.claim(rule, line, leaf, format);
        }
        schema
    }

    fn record(&mut self, evidence: &[Evidence<Schema>], decision: &Decision) {
        let path = &self.path;
        let leaf = || Leaf::schema("returns", path.iter().map(String::as_str), "type");
        self.diagnostics.ledger.decided(evidence, decision, leaf);
    }

    /// Records what stands inside of a place that is no leaf, and what its table calls it.
    fn record_structure(&mut self, node: &Node<'_>, schema: &Schema) {
        let kind = Schema { types: schema.types.clone(), ..Schema::default() };
        let (rule, line) = match node.samples.is_empty() {
            false => (&RESULT_IN_ENVELOPE, self.lines.example),
            true => (&TYPESCRIPT_RESULT_TYPE, self.lines.typescript),
        };
        let mut evidence = vec![Evidence::new(rule, kind, line)];
        evidence.extend(node.from_table.clone());
        let decision = resolve(&evidence, |_| true);
        self.record(&evidence, &decision);
    }

    /// Says where a table tells another kind of value than stands there.
    fn compare(&mut self, node: &Node<'_>, schema: &Schema, name: &str) {
        let Some(Evidence { value: documented, .. }) = &node.from_table else { return };
        let kind = |schema: &Schema| schema.types.single();
        let (Some(documented), Some(found)) = (kind(documented), kind(schema)) else { return };
        // PHP writes lists with gaps as objects, and so do tables of types; only a single value is another thing.
        let structured = |kind| matches!(kind, JsonType::Array | JsonType::Object);
        let differs = structured(documented) != structured(found);
        let swapped = documented != found && !matches!(node.inner, Inner::Map(_) | Inner::Fields(_));
        if node.samples.iter().any(|value| !is_empty_form(value)) && (differs || swapped) {
            self.contradicts(node, name, "its table tells");
        }
    }

    fn contradicts(&mut self, node: &Node<'_>, name: &str, who: &str) {
        // A type out of the dictionary stands in no line of this document.
        let line = node.from_table.as_ref().map(|found| found.line).filter(|line| *line > 0);
        let line = line.unwrap_or(self.lines.example);
        self.diagnostics.fire(&TABLE_TYPE_WHERE_THE_EXAMPLE_FITS);
        let message = format!("the example shows another type of {name} than {who}");
        self.diagnostics.add(line, message, "the same type in both");
    }
}

/// A name without what its spelling varies in. What has no letter of ASCII is compared as it stands.
pub(super) fn letters(name: &str) -> String {
    let letters: String =
        name.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_lowercase()).collect();
    if letters.is_empty() { name.to_owned() } else { letters }
}

fn of_values(values: Schema) -> Schema {
    let additional =
        Some(AdditionalProperties::Of(Box::new(values.clone()))).filter(|_| !values.is_unknown());
    Schema { additional, ..Schema::any_object() }
}

/// What the examples alone show. Where there is nothing but empty forms, they say little, yet something.
fn shown(live: &[&Value], all: &[&Value]) -> Option<Schema> {
    let values = if live.is_empty() { all } else { live };
    let values: Vec<&&Value> = values.iter().filter(|value| !value.is_null()).collect();
    let first = values.first()?;
    let joined = values.iter().map(|value| example::schema_of(value)).reduce(join)?;
    if let Some(kind) = joined.types.single() {
        return Some(Schema { format: joined.format, ..Schema::of(kind) });
    }
    if live.is_empty() || first.is_array() || first.is_object() {
        return None;
    }
    let kinds = [JsonType::Boolean, JsonType::Integer, JsonType::Number, JsonType::String];
    kinds.into_iter().map(Schema::of).find(|schema| live.iter().all(|value| accepts(schema, value)))
}

/// The kinds of value that examples show.
fn kinds(live: &[&Value]) -> TypeSet {
    let joined = live.iter().map(|value| example::schema_of(value)).reduce(join);
    joined.map(|joined| joined.types).unwrap_or_default()
}

/// Whether the last word of a name is that of an identifier: `ID`, `cageId`, `CAGE_IDS`, but not `paid`.
fn identifies(name: &str) -> bool {
    let ends = ["Id", "ID", "Ids", "IDS", "_id", "_ids"];
    matches!(name, "id" | "ids") || ends.iter().any(|end| name.ends_with(end))
}

/// Whether the name of a field says that it measures: one example without a fraction does not make it an integer.
fn measures(name: &str) -> bool {
    let word_begins = |at: usize, c: char| {
        let before = at.checked_sub(1).and_then(|before| name.as_bytes().get(before));
        c.is_ascii_uppercase() && before.is_some_and(u8::is_ascii_lowercase)
    };
    let begin =
        name.char_indices().filter(|(at, c)| *c == '_' || word_begins(*at, *c)).map(|(at, _)| at).next_back();
    let last = name.get(begin.unwrap_or(0)..).unwrap_or_default().trim_start_matches('_').to_lowercase();
    MEASURES.contains(&last.as_str())
}

/// Whether a text is a moment: TypeScript says so, or each example is one.
fn is_moment(typed: Option<&Schema>, live: &[&Value]) -> bool {
    let moment = |schema: &Schema| schema.format.as_deref() == Some("date-time");
    typed.is_some_and(moment) && live.iter().all(|value| value.is_string())
        || !live.is_empty() && live.iter().all(|value| moment(&example::schema_of(value)))
}

/// The word of the documentation beside a type that it gives no type of JSON for.
fn with_word(mut chosen: Schema, documented: Option<&Schema>) -> Schema {
    let word = documented
        .filter(|documented| documented.types.is_empty())
        .and_then(|documented| documented.format.clone());
    let scalar =
        matches!(chosen.types.single(), Some(JsonType::Integer | JsonType::Number | JsonType::String));
    if scalar && chosen.format.is_none() {
        chosen.format = word;
    }
    chosen
}
