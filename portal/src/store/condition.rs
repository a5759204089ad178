//! Conditions on rows, in both dialects.

mod parse;

use std::cmp::Ordering;

use serde_json::Value;

use super::compare::{View, compare, like};
use crate::php;

/// Conditions that are combined.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Filter {
    All(Vec<Filter>),
    Any(Vec<Filter>),
    Not(Box<Filter>),
    One(Condition),
}

/// One condition on one field.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Condition {
    /// The field as it was given.
    pub(crate) name: String,
    /// The folded name.
    field: String,
    pub(crate) operator: Operator,
    pub(crate) value: Value,
}

/// What a condition compares.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Operator {
    Equal,
    Greater,
    GreaterOrEqual,
    Less,
    LessOrEqual,
    Between,
    /// Contains the text.
    Contains,
    /// Matches a pattern with `%`.
    Like,
}

impl Filter {
    /// The names of all fields with conditions.
    pub(crate) fn names(&self) -> Vec<&str> {
        match self {
            Self::All(parts) | Self::Any(parts) => parts.iter().flat_map(Self::names).collect(),
            Self::Not(part) => part.names(),
            Self::One(condition) => vec![&condition.name],
        }
    }

    /// The fields with conditions, folded.
    pub(crate) fn fields(&self) -> Vec<&str> {
        match self {
            Self::All(parts) | Self::Any(parts) => parts.iter().flat_map(Self::fields).collect(),
            Self::Not(part) => part.fields(),
            Self::One(condition) => vec![&condition.field],
        }
    }

    /// Whether a row meets the conditions. `field` finds the value of a field by its folded name: `None` if no row has the field,
    /// whose conditions are then ignored.
    pub(crate) fn meets<'v>(&self, field: &dyn Fn(&str) -> Option<View<'v>>) -> bool {
        match self {
            Self::All(parts) => parts.iter().all(|part| part.meets(field)),
            Self::Any(parts) => parts.is_empty() || parts.iter().any(|part| part.meets(field)),
            Self::Not(part) => match part.as_ref() {
                Self::One(condition) => field(&condition.field).is_none_or(|found| !condition.holds(found)),
                part => !part.meets(field),
            },
            Self::One(condition) => field(&condition.field).is_none_or(|found| condition.holds(found)),
        }
    }

    /// The bounds of the identifier that all rows must meet, so that others need no look.
    pub(crate) fn id_range(&self, id: &str) -> (i64, i64) {
        match self {
            Self::All(parts) => parts
                .iter()
                .map(|part| part.id_range(id))
                .fold((0, i64::MAX), |(low, high), (from, to)| (low.max(from), high.min(to))),
            Self::One(condition) if condition.field == id && !condition.value.is_array() => {
                let value = php::integer(&condition.value);
                match condition.operator {
                    Operator::Greater => (value.saturating_add(1), i64::MAX),
                    Operator::GreaterOrEqual => (value, i64::MAX),
                    Operator::Less => (0, value.saturating_sub(1)),
                    Operator::LessOrEqual => (0, value),
                    Operator::Equal => (value, value),
                    _ => (0, i64::MAX),
                }
            }
            _ => (0, i64::MAX),
        }
    }

    /// Whether all rows within [`id_range`](Self::id_range) meet the conditions, so that none needs a look.
    pub(crate) fn is_id_range(&self, id: &str) -> bool {
        match self {
            Self::All(parts) => parts.iter().all(|part| part.is_id_range(id)),
            Self::One(condition) => condition.field == id && condition.is_bound(),
            _ => false,
        }
    }
}

impl Condition {
    /// Whether it compares with one whole number.
    fn is_bound(&self) -> bool {
        let is_whole = match &self.value {
            Value::Number(number) => number.is_i64(),
            Value::String(text) => text.parse::<i64>().is_ok(),
            _ => false,
        };
        is_whole && !matches!(self.operator, Operator::Between | Operator::Contains | Operator::Like)
    }

    /// Whether the value of a field meets the condition. A list of values is met by any of them, and a field with several values by
    /// any of its own.
    fn holds(&self, found: View<'_>) -> bool {
        if let View::Json(Value::Array(several)) = found
            && !several.is_empty()
        {
            return several.iter().any(|one| self.holds(View::of(one)));
        }
        // Values that a row has several of, such as phone numbers.
        if let View::Json(Value::Object(one)) = found
            && let Some(value) = one.get("VALUE")
        {
            return self.holds(View::of(value));
        }
        let holds = |wanted: &Value| self.holds_one(found, wanted);
        match &self.value {
            Value::Array(range) if self.operator == Operator::Between => match range.as_slice() {
                [low, high] => {
                    compare(found, View::of(low)) != Ordering::Less
                        && compare(found, View::of(high)) != Ordering::Greater
                }
                _ => false,
            },
            Value::Array(several) => several.iter().any(holds),
            wanted => holds(wanted),
        }
    }

    fn holds_one(&self, found: View<'_>, wanted: &Value) -> bool {
        let wanted = View::of(wanted);
        let order = || compare(found, wanted);
        match self.operator {
            Operator::Equal if wanted.is_nothing() || found.is_nothing() => {
                wanted.is_nothing() == found.is_nothing()
            }
            Operator::Equal => order() == Ordering::Equal,
            _ if found.is_nothing() => false,
            Operator::Greater => order() == Ordering::Greater,
            Operator::GreaterOrEqual => order() != Ordering::Less,
            Operator::Less => order() == Ordering::Less,
            Operator::LessOrEqual => order() != Ordering::Greater,
            Operator::Between => false,
            Operator::Contains => lower(found).contains(lower(wanted).trim_matches('%')),
            Operator::Like => like(&lower(found), &lower(wanted)),
        }
    }
}

fn lower(value: View<'_>) -> String {
    value.text().to_lowercase()
}

#[cfg(test)]
mod tests {
    use serde_json::{Map, json};

    use super::*;
    use crate::families::fold;

    fn meets(filter: Value, row: &Value) -> bool {
        let filter = match &filter {
            Value::Object(map) => Filter::of_object(map),
            Value::Array(list) => Filter::of_list(list).expect("a filter"),
            other => panic!("{other}"),
        };
        let row: Map<String, Value> =
            row.as_object().into_iter().flatten().map(|(name, value)| (fold(name), value.clone())).collect();
        filter.meets(&|name| row.get(name).map(View::of))
    }

    #[test]
    fn the_operators_of_rest_2() {
        let row = json!({"ID": 7, "TITLE": "North gate", "SUM": 100.5, "CLOSED": false, "UNIT": null, "TAGS": ["a", "b"]});
        for (filter, wanted) in [
            (json!({}), true),
            (json!({">ID": 6, "<=ID": "7"}), true),
            (json!({"!ID": [1, 7]}), false),
            (json!({"@ID": [1, 7]}), true),
            (json!({"!@ID": ["1", "2"]}), true),
            (json!({"%TITLE": "gate"}), true),
            (json!({"%=TITLE": "north%"}), true),
            (json!({"=%TITLE": "%south%"}), false),
            (json!({"!%TITLE": "gate"}), false),
            (json!({"=CLOSED": "N"}), true),
            (json!({"<>ID": 7, "=!ID": 7}), true),
            (json!({"CLOSED": "Y"}), false),
            (json!({"UNIT": ""}), true),
            (json!({"!UNIT": null}), false),
            (json!({"><SUM": [100, 101]}), true),
            (json!({"!><SUM": [100, 101]}), false),
            (json!({"TAGS": "b"}), true),
            (json!({"UNKNOWN": 1}), true),
            (json!({"0": {"LOGIC": "OR", "0": {"ID": 1}, "1": {"ID": 7}}}), true),
            (json!({"logic": "or", "ID": 1, "SUM": 2}), false),
        ] {
            assert_eq!(meets(filter.clone(), &row), wanted, "{filter}");
        }
    }

    #[test]
    fn the_conditions_of_rest_3() {
        let row = json!({"id": 7, "title": "gate"});
        for (filter, wanted) in [
            (json!([["id", 7]]), true),
            (json!([["id", "between", [1, 6]]]), false),
            (json!([["id", "in", [1, 7]], ["title", "!=", "door"]]), true),
            (json!([{"logic": "or", "conditions": [["id", 1], ["title", "gate"]]}]), true),
            (json!([{"negative": true, "conditions": [["id", 7]]}]), false),
        ] {
            assert_eq!(meets(filter.clone(), &row), wanted, "{filter}");
        }
        assert!(Filter::of_list(&[json!(["id", "~", 1])]).is_none());
        assert!(Filter::of_list(&[json!("id")]).is_none());
    }

    #[test]
    fn conditions_on_the_identifier_are_a_range() {
        let range = |filter: Value| Filter::of_object(filter.as_object().expect("an object")).id_range("id");
        assert_eq!(range(json!({">ID": 50, "<ID": 60, "TITLE": "x"})), (51, 59));
        assert_eq!(range(json!({"LOGIC": "OR", ">ID": 50})), (0, i64::MAX));
        assert_eq!(range(json!({"ID": "8"})), (8, 8));
    }

    #[test]
    fn a_range_needs_no_look_at_rows_if_it_says_all() {
        for (filter, wanted) in [
            (json!({}), true),
            (json!({">ID": 50, "<=ID": "60"}), true),
            (json!({"=ID": 8}), true),
            (json!({">ID": 5.5}), false),
            (json!({">=ID": "5x"}), false),
            (json!({"@ID": [1, 2]}), false),
            (json!({"!ID": 8}), false),
            (json!({"%ID": 8}), false),
            (json!({">ID": 50, "TITLE": "x"}), false),
            (json!({"LOGIC": "OR", ">ID": 50}), false),
        ] {
            let of = Filter::of_object(filter.as_object().expect("an object"));
            assert_eq!(of.is_id_range("id"), wanted, "{filter}");
        }
    }
}
