//! The type of a value with nothing known inside of it.

use serde_json::Value;

use crate::descriptor::{JsonType, Schema, TypeSet};
use crate::extract::evidence::{Evidence, Leaf};
use crate::extract::lexicon::events::DATA;
use crate::extract::register::Rule;
use crate::extract::register::events::EVENT_EMPTY_TEXT;
use crate::extract::register::returns::{
    EXAMPLE_CONTRADICTS_TYPESCRIPT, FLAGS_SIDE_BY_SIDE, IDENTIFIER_IS_INTEGER, MEASURE_IS_NUMBER,
    MOMENT_IS_DATE_TIME, NAME_OF_AN_EMPTY_VALUE, SEVERAL_KINDS_IN_EXAMPLES, SEVERAL_TABLE_TYPES_ARE_ONE,
    SPELLINGS_OF_ONE_VALUE, TABLE_TYPE_WHERE_THE_EXAMPLE_FITS, TYPE_WORD_BECOMES_FORMAT,
    TYPESCRIPT_RESULT_TYPE, WHOLE_TYPESCRIPT_NUMBER_IS_INTEGER,
};
use crate::extract::resolve::{Decision, Verdict, resolve};
use crate::extract::rules::returns::resolve::names::FieldName;
use crate::extract::rules::returns::resolve::{Resolver, meaning};
use crate::extract::rules::returns::tree::Node;
use crate::extract::rules::returns::tree::forms::{is_left_out, names_type};
use crate::schema::accepts::{accepts, is_empty_form};
use crate::schema::example;
use crate::schema::join::{join, readable};

impl Resolver<'_> {
    /// The first type that every example fits.
    pub(super) fn leaf(&mut self, node: &Node<'_>, name: &str) -> Schema {
        let shows = |value: &&Value| !is_empty_form(value) && !is_left_out(value);
        let live: Vec<&Value> = node.samples.iter().copied().filter(shows).collect();
        let typed = node.typed.as_ref().and_then(readable);
        let words = FieldName::of(name);
        let table = node.from_table.as_ref().and_then(|found| self.readable_table(found, &live, &words));
        let has_table = table.is_some();
        let mut evidence: Vec<Evidence<Schema>> = table.into_iter().collect();
        for further in &node.further_tables {
            evidence.extend(self.readable_table(further, &live, &words));
        }
        evidence.extend(self.typed_and_shown(node, typed.as_ref(), &live, &words));
        if evidence.is_empty() {
            evidence.extend(self.by_name(node, &words));
        }
        if evidence.is_empty() && self.sources.root == DATA && is_empty_text(&node.samples) {
            let text = Schema::of(JsonType::String);
            evidence.push(Evidence::new(&EVENT_EMPTY_TEXT, text, self.sources.lines.example));
        }
        let documented = node.from_table.as_ref().map(|found| &found.value);
        let meaning = meaning::of(&words, &live, documented, &evidence);
        let at_table = usize::from(meaning.is_some());
        evidence.splice(
            ..0,
            meaning.map(|(schema, rule)| Evidence::new(rule, schema, self.sources.lines.example)),
        );
        let decision = resolve(&evidence, |schema| live.iter().all(|value| fits(schema, value)));
        let verdict_of_table = decision.verdicts.get(at_table).filter(|_| has_table);
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
            self.claim(&SEVERAL_KINDS_IN_EXAMPLES, self.sources.lines.example, "type", &schema);
            let message = format!("the examples show values of several kinds for {name}");
            self.log.contradiction(self.sources.lines.example, message, "one kind; all of them were used");
        }
        self.fire_on_empty_forms(node, &schema);
        self.add_format(schema, node, typed.as_ref(), &live, &words)
    }

    /// The evidence of the TypeScript type and of the examples, in this order.
    fn typed_and_shown(
        &mut self,
        node: &Node<'_>,
        typed: Option<&Schema>,
        live: &[&Value],
        words: &FieldName,
    ) -> Vec<Evidence<Schema>> {
        let typed = typed.map(|typed| {
            let counted = self.counted(typed.clone(), live, words);
            Evidence::new(&TYPESCRIPT_RESULT_TYPE, counted, self.sources.lines.typescript)
        });
        let (example_rule, example) = self.sources.of_samples(&node.samples);
        // An empty form shows the type of a whole result, beside which there is nothing.
        let is_whole = self.path.is_empty();
        let values = if live.is_empty() && is_whole { &node.samples } else { live };
        let shown =
            shown(values).map(|(shown, rule)| Evidence::new(rule.unwrap_or(example_rule), shown, example));
        let mut evidence: Vec<Evidence<Schema>> = typed.into_iter().chain(shown).collect();
        for found in &mut evidence {
            if found.value.types.single() == Some(JsonType::Integer) && words.may_be_fraction() {
                self.log.fire(&MEASURE_IS_NUMBER);
                found.value = Schema::of(JsonType::Number);
            }
        }
        evidence
    }

    /// What the name of a field, or the flags beside it, say of a value that is empty in every example.
    fn by_name(&self, node: &Node<'_>, words: &FieldName) -> Option<Evidence<Schema>> {
        let documented = node.from_table.as_ref().map(|found| &found.value);
        let has_word = documented
            .is_some_and(|documented| documented.types.0 != [JsonType::Null] && !documented.is_unknown());
        let line = self.sources.lines.example;
        if has_word || self.path.is_empty() || node.samples.is_empty() {
            None
        } else if self.among_flags {
            Some(Evidence::new(&FLAGS_SIDE_BY_SIDE, Schema::of(JsonType::Boolean), line))
        } else {
            words.schema(&node.samples).map(|schema| Evidence::new(&NAME_OF_AN_EMPTY_VALUE, schema, line))
        }
    }

    /// The type in a table, several types as the one that reads them all. A flag among them stands for nothing unless an example
    /// shows `true`. A documented integer may be a fraction where the name is that of money, a quantity or a share.
    fn readable_table(
        &mut self,
        found: &Evidence<Schema>,
        live: &[&Value],
        words: &FieldName,
    ) -> Option<Evidence<Schema>> {
        let Evidence { value, rule, line } = found;
        let are_several = value.types.0.len() > 1;
        let is_true = live.iter().any(|value| value.as_bool() == Some(true));
        let mut value = value.clone();
        if value.types.single().is_none() && !is_true {
            value.types.0.retain(|kind| *kind != JsonType::Boolean);
        }
        match readable(&value) {
            Some(one) if are_several => Some(Evidence::new(&SEVERAL_TABLE_TYPES_ARE_ONE, one, *line)),
            Some(_) if value == Schema::of(JsonType::Integer) && words.is_measure() => {
                Some(Evidence::new(&MEASURE_IS_NUMBER, Schema::of(JsonType::Number), *line))
            }
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
                self.log.contradiction(self.sources.lines.example, message, "the same type in both");
            }
            (Some(Verdict::Chosen), _) if node.samples.iter().any(|value| !is_empty_form(value)) => {
                self.log.fire(&TABLE_TYPE_WHERE_THE_EXAMPLE_FITS);
            }
            _ => {}
        }
    }

    /// The TypeScript type, with integers, which TypeScript does not have: the examples show them, or else the name of an
    /// identifier.
    fn counted(&mut self, typed: Schema, live: &[&Value], words: &FieldName) -> Schema {
        let whole = Schema::of(JsonType::Integer);
        let is_whole = typed.types.single() == Some(JsonType::Number)
            && (!live.is_empty() || words.identifies())
            && live.iter().all(|value| accepts(&whole, value));
        if !is_whole {
            return typed;
        }
        let by_name = live.is_empty();
        self.log.fire(if by_name { &IDENTIFIER_IS_INTEGER } else { &WHOLE_TYPESCRIPT_NUMBER_IS_INTEGER });
        whole
    }

    /// Adds the format of a date, or the word of a table that stands for no JSON type.
    fn add_format(
        &mut self,
        mut schema: Schema,
        node: &Node<'_>,
        typed: Option<&Schema>,
        live: &[&Value],
        words: &FieldName,
    ) -> Schema {
        let before = schema.format.is_some();
        let mut rule = &TYPE_WORD_BECOMES_FORMAT;
        if schema.types.single() == Some(JsonType::String) && !before {
            schema.format = meaning::date(words, typed, live).map(str::to_owned);
            rule = &MOMENT_IS_DATE_TIME;
        }
        let schema = with_word(schema, node.from_table.as_ref().map(|found| &found.value));
        if let Some(format) = schema.format.as_ref().filter(|_| !before) {
            let line = node.from_table.as_ref().map_or(self.sources.lines.example, |found| found.line);
            let path = &self.path;
            let leaf = || Leaf::schema(self.sources.root, path.iter().map(String::as_str), "format");
            self.log.ledger.claim(rule, line, leaf, format);
        }
        schema
    }
}

/// Whether the examples show an empty text, and nothing else.
fn is_empty_text(samples: &[&Value]) -> bool {
    !samples.is_empty() && samples.iter().all(|value| value.as_str() == Some(""))
}

/// Whether a result of this type is read from an example, or the example names a type in place of a value.
fn fits(schema: &Schema, value: &Value) -> bool {
    accepts(schema, value) || schema.types.single() != Some(JsonType::String) && names_type(value)
}

fn verdict_of_typescript(evidence: &[Evidence<Schema>], decision: &Decision) -> Option<Verdict> {
    let index = evidence.iter().position(|found| *found.rule == TYPESCRIPT_RESULT_TYPE)?;
    decision.verdicts.get(index).copied()
}

/// The type that values show, with the rule where several kinds are one type.
fn shown(values: &[&Value]) -> Option<(Schema, Option<&'static Rule>)> {
    let values: Vec<&&Value> = values.iter().filter(|value| !value.is_null()).collect();
    let first = values.first()?;
    let joined = values.iter().map(|value| example::schema_of(value)).reduce(join)?;
    if let Some(kind) = joined.types.single() {
        return Some((Schema { format: joined.format, ..Schema::of(kind) }, None));
    }
    if values.iter().any(|value| is_empty_form(value)) || first.is_array() || first.is_object() {
        return None;
    }
    let kinds = [JsonType::Boolean, JsonType::Integer, JsonType::Number, JsonType::String];
    let mut schemas = kinds.into_iter().map(Schema::of);
    let one = schemas.find(|schema| values.iter().all(|value| accepts(schema, value)))?;
    Some((one, Some(&SPELLINGS_OF_ONE_VALUE)))
}

/// The kinds of value that examples show.
fn kinds(live: &[&Value]) -> TypeSet {
    let joined = live.iter().map(|value| example::schema_of(value)).reduce(join);
    joined.map(|joined| joined.types).unwrap_or_default()
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
