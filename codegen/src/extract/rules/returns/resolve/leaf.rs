//! The type of a value with nothing known inside of it.

use serde_json::Value;

use crate::descriptor::{JsonType, Schema, TypeSet};
use crate::extract::evidence::{Evidence, Leaf};
use crate::extract::register::Rule;
use crate::extract::register::returns::{
    EXAMPLE_CONTRADICTS_TYPESCRIPT, IDENTIFIER_IS_INTEGER, MEASURE_IS_NUMBER, MOMENT_IS_DATE_TIME,
    SEVERAL_KINDS_IN_EXAMPLES, SEVERAL_TABLE_TYPES_ARE_ONE, SPELLINGS_OF_ONE_VALUE,
    TABLE_TYPE_WHERE_THE_EXAMPLE_FITS, TYPE_WORD_BECOMES_FORMAT, TYPESCRIPT_RESULT_TYPE,
    WHOLE_TYPESCRIPT_NUMBER_IS_INTEGER,
};
use crate::extract::resolve::{Decision, Verdict, resolve};
use crate::extract::rules::returns::resolve::Resolver;
use crate::extract::rules::returns::resolve::names::{identifies, measures};
use crate::extract::rules::returns::tree::Node;
use crate::schema::accepts::{accepts, is_empty_form};
use crate::schema::example;
use crate::schema::join::{join, readable};

impl Resolver<'_> {
    /// The first type that every example fits.
    pub(super) fn leaf(&mut self, node: &Node<'_>, name: &str) -> Schema {
        let live: Vec<&Value> = node.samples.iter().copied().filter(|value| !is_empty_form(value)).collect();
        let typed = node.typed.as_ref().and_then(readable);
        let table = self.table_evidence(node);
        let has_table = table.is_some();
        let mut evidence: Vec<Evidence<Schema>> = table.into_iter().collect();
        evidence.extend(self.typed_and_shown(node, typed.as_ref(), &live, name));
        let decision = resolve(&evidence, |schema| live.iter().all(|value| accepts(schema, value)));
        let verdict_of_table = decision.verdicts.first().filter(|_| has_table);
        self.report_verdicts(
            node,
            name,
            verdict_of_table.copied(),
            verdict_of_typescript(&evidence, &decision),
        );
        let chosen = decision.chosen.and_then(|chosen| evidence.get(chosen));
        let mut schema = chosen.map(|found| found.value.clone()).unwrap_or_default();
        self.record(node, &evidence, &decision);
        if !live.is_empty() && schema.is_unknown() {
            // Several types are documented: an empty set would mean that the type is unknown.
            schema.types = kinds(&live);
            self.claim(&SEVERAL_KINDS_IN_EXAMPLES, self.sources.example, "type", &schema);
            let message = format!("the examples show values of several kinds for {name}");
            self.log.add(self.sources.example, message, "one kind; all of them were used");
        }
        self.fire_on_empty_forms(node, &schema);
        self.add_format(schema, node, typed.as_ref(), &live)
    }

    /// The evidence of the TypeScript type and of the examples, in this order.
    fn typed_and_shown(
        &mut self,
        node: &Node<'_>,
        typed: Option<&Schema>,
        live: &[&Value],
        name: &str,
    ) -> Vec<Evidence<Schema>> {
        let typed = typed.map(|typed| {
            let counted = self.counted(typed.clone(), live, name);
            Evidence::new(&TYPESCRIPT_RESULT_TYPE, counted, self.sources.typescript)
        });
        let (example_rule, example) = self.sources.of_samples(&node.samples);
        let shown = shown(live, &node.samples)
            .map(|(shown, rule)| Evidence::new(rule.unwrap_or(example_rule), shown, example));
        let mut evidence: Vec<Evidence<Schema>> = typed.into_iter().chain(shown).collect();
        for found in &mut evidence {
            if found.value.types.single() == Some(JsonType::Integer) && measures(name) {
                self.log.fire(&MEASURE_IS_NUMBER);
                found.value = Schema::of(JsonType::Number);
            }
        }
        evidence
    }

    /// The type in the table, several types as the one that reads them all.
    fn table_evidence(&mut self, node: &Node<'_>) -> Option<Evidence<Schema>> {
        let Evidence { value, rule, line } = node.from_table.as_ref()?;
        let are_several = value.types.0.len() > 1;
        match readable(value) {
            Some(one) if are_several => Some(Evidence::new(&SEVERAL_TABLE_TYPES_ARE_ONE, one, *line)),
            Some(one) => Some(Evidence::new(rule, one, *line)),
            None => {
                if are_several {
                    self.log.fire(&SEVERAL_TABLE_TYPES_ARE_ONE);
                }
                None
            }
        }
    }

    /// Reports a table or a TypeScript type that the examples contradict.
    fn report_verdicts(
        &mut self,
        node: &Node<'_>,
        name: &str,
        of_table: Option<Verdict>,
        of_typescript: Option<Verdict>,
    ) {
        match (of_table, of_typescript) {
            (Some(Verdict::Rejected), _) => self.report_contradicted_table(node, name),
            (_, Some(Verdict::Rejected)) => {
                self.log.fire(&EXAMPLE_CONTRADICTS_TYPESCRIPT);
                let message = format!("the example shows another type of {name} than its TypeScript type");
                self.log.add(self.sources.example, message, "the same type in both");
            }
            (Some(_), _) if node.samples.iter().any(|value| !is_empty_form(value)) => {
                self.log.fire(&TABLE_TYPE_WHERE_THE_EXAMPLE_FITS);
            }
            _ => {}
        }
    }

    /// The TypeScript type, with integers, which TypeScript does not have: the examples show them, or else the name of an
    /// identifier.
    fn counted(&mut self, typed: Schema, live: &[&Value], name: &str) -> Schema {
        let whole = Schema::of(JsonType::Integer);
        let is_whole = typed.types.single() == Some(JsonType::Number)
            && (!live.is_empty() || identifies(name))
            && live.iter().all(|value| accepts(&whole, value));
        if !is_whole {
            return typed;
        }
        let by_name = live.is_empty();
        self.log.fire(if by_name { &IDENTIFIER_IS_INTEGER } else { &WHOLE_TYPESCRIPT_NUMBER_IS_INTEGER });
        whole
    }

    /// Adds the format of a date-time, or the word of a table that stands for no JSON type.
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
            let line = node.from_table.as_ref().map_or(self.sources.example, |found| found.line);
            let path = &self.path;
            let leaf = || Leaf::schema("returns", path.iter().map(String::as_str), "format");
            self.log.ledger.claim(rule, line, leaf, format);
        }
        schema
    }
}

fn verdict_of_typescript(evidence: &[Evidence<Schema>], decision: &Decision) -> Option<Verdict> {
    let index = evidence.iter().position(|found| *found.rule == TYPESCRIPT_RESULT_TYPE)?;
    decision.verdicts.get(index).copied()
}

/// The type that the examples show, with the rule where several kinds are one type. Empty forms alone show at most a kind.
fn shown(live: &[&Value], all: &[&Value]) -> Option<(Schema, Option<&'static Rule>)> {
    let values = if live.is_empty() { all } else { live };
    let values: Vec<&&Value> = values.iter().filter(|value| !value.is_null()).collect();
    let first = values.first()?;
    let joined = values.iter().map(|value| example::schema_of(value)).reduce(join)?;
    if let Some(kind) = joined.types.single() {
        return Some((Schema { format: joined.format, ..Schema::of(kind) }, None));
    }
    if live.is_empty() || first.is_array() || first.is_object() {
        return None;
    }
    let kinds = [JsonType::Boolean, JsonType::Integer, JsonType::Number, JsonType::String];
    let mut schemas = kinds.into_iter().map(Schema::of);
    let one = schemas.find(|schema| live.iter().all(|value| accepts(schema, value)))?;
    Some((one, Some(&SPELLINGS_OF_ONE_VALUE)))
}

/// The kinds of value that examples show.
fn kinds(live: &[&Value]) -> TypeSet {
    let joined = live.iter().map(|value| example::schema_of(value)).reduce(join);
    joined.map(|joined| joined.types).unwrap_or_default()
}

/// Whether a text is a date-time: the TypeScript type is one, or each example.
fn is_moment(typed: Option<&Schema>, live: &[&Value]) -> bool {
    let moment = |schema: &Schema| schema.format.as_deref() == Some("date-time");
    typed.is_some_and(moment) && live.iter().all(|value| value.is_string())
        || !live.is_empty() && live.iter().all(|value| moment(&example::schema_of(value)))
}

/// The type of a scalar with the word of its table as the format, if the word stands for no JSON type.
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
