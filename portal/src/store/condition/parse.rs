//! Conditions as requests have them, in the dialects of both interfaces.

use serde_json::{Map, Value};

use super::{Condition, Filter, Operator};
use crate::families::fold;
use crate::php;

/// The prefixes of REST 2, longer ones first, without those that negate.
const PREFIXES: [(&str, Operator); 11] = [
    ("><", Operator::Between),
    (">=", Operator::GreaterOrEqual),
    ("<=", Operator::LessOrEqual),
    ("=%", Operator::Like),
    ("%=", Operator::Like),
    (">", Operator::Greater),
    ("<", Operator::Less),
    ("@", Operator::Equal),
    ("%", Operator::Contains),
    ("?", Operator::Contains),
    ("=", Operator::Equal),
];

impl Filter {
    /// A filter of REST 2: an object of fields with operators before them, and groups with `LOGIC`.
    pub(crate) fn of_object(conditions: &Map<String, Value>) -> Self {
        let logic = conditions.iter().find(|(key, _)| key.eq_ignore_ascii_case("logic"));
        let any = logic.is_some_and(|(_, logic)| php::text(logic).eq_ignore_ascii_case("or"));
        let rest = conditions.iter().filter(|(key, _)| !key.eq_ignore_ascii_case("logic"));
        let parts = rest.map(|(key, value)| Self::of_entry(key, value)).collect();
        if any { Self::Any(parts) } else { Self::All(parts) }
    }

    fn of_entry(key: &str, value: &Value) -> Self {
        if key.parse::<u32>().is_ok() {
            return match value {
                Value::Object(group) => Self::of_object(group),
                _ => Self::All(Vec::new()),
            };
        }
        let (negated, key) = key.strip_prefix('!').map_or((false, key), |rest| (true, rest));
        let found =
            PREFIXES.iter().find_map(|(prefix, operator)| Some((key.strip_prefix(prefix)?, *operator)));
        let (name, operator) = found.unwrap_or((key, Operator::Equal));
        // `<>NAME` is the operator `<` and a field `>NAME`, which there is not: such conditions are ignored.
        if !name.starts_with(|first: char| first.is_alphanumeric() || first == '_') {
            return Self::All(Vec::new());
        }
        let one = Self::triple(name, operator, value);
        if negated { Self::Not(Box::new(one)) } else { one }
    }

    /// A filter of REST 3: a list of triples and groups. `None`: a part is neither, or its operator is unknown.
    pub(crate) fn of_list(conditions: &[Value]) -> Option<Self> {
        conditions.iter().map(Self::of_part).collect::<Option<Vec<_>>>().map(Self::All)
    }

    fn of_part(part: &Value) -> Option<Self> {
        match part {
            Value::Object(group) => {
                let parts = group.get("conditions")?.as_array()?;
                let Self::All(parts) = Self::of_list(parts)? else { return None };
                let any = group.get("logic").is_some_and(|logic| php::text(logic).eq_ignore_ascii_case("or"));
                let all = if any { Self::Any(parts) } else { Self::All(parts) };
                let negated = group.get("negative").is_some_and(php::is_true);
                Some(if negated { Self::Not(Box::new(all)) } else { all })
            }
            Value::Array(parts) => match parts.as_slice() {
                [Value::String(name), value] => Some(Self::triple(name, Operator::Equal, value)),
                [Value::String(name), Value::String(operator), value] => {
                    Self::of_triple(name, operator, value)
                }
                _ => None,
            },
            _ => None,
        }
    }

    fn of_triple(name: &str, operator: &str, value: &Value) -> Option<Self> {
        let operator = match operator.to_ascii_lowercase().as_str() {
            "=" | "in" => Operator::Equal,
            "!=" => return Some(Self::Not(Box::new(Self::triple(name, Operator::Equal, value)))),
            ">" => Operator::Greater,
            ">=" => Operator::GreaterOrEqual,
            "<" => Operator::Less,
            "<=" => Operator::LessOrEqual,
            "between" => Operator::Between,
            _ => return None,
        };
        Some(Self::triple(name, operator, value))
    }

    fn triple(name: &str, operator: Operator, value: &Value) -> Self {
        Self::One(Condition { name: name.to_owned(), field: fold(name), operator, value: value.clone() })
    }
}
