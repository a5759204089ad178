//! The dialect of REST 3: `[["id", ">", 7], {"logic": "or", "conditions": […]}]`.

use serde_json::{Value, json};

use crate::wire::ToWire;

/// Conditions for a list of REST 3, all of which must hold.
///
/// Use them as the filter of a request. Fields are named as on the method's page.
///
/// ```
/// use bitrix24_core::filter::Conditions;
/// use bitrix24_core::json;
///
/// let open = Conditions::new()
///     .equal("status", "NEW")
///     .any_of([Conditions::new().below("id", 10), Conditions::new().one_of("id", [30, 40])]);
/// let expected = json!([
///     ["status", "=", "NEW"],
///     {"logic": "or", "conditions": [["id", "<", 10], ["id", "in", [30, 40]]]},
/// ]);
/// assert_eq!(open.to_json(), expected);
/// ```
#[derive(Clone, Debug, Default, PartialEq)]
#[must_use = "conditions do nothing until a request takes them"]
pub struct Conditions(Vec<Value>);

impl Conditions {
    /// No condition: every row that the caller may see.
    pub fn new() -> Self {
        Self::default()
    }

    /// The field equals the value.
    pub fn equal(self, field: &str, value: impl Into<Value>) -> Self {
        self.with(field, "=", value)
    }

    /// The field does not equal the value.
    pub fn not_equal(self, field: &str, value: impl Into<Value>) -> Self {
        self.with(field, "!=", value)
    }

    /// The field is greater or later than the value.
    pub fn above(self, field: &str, value: impl Into<Value>) -> Self {
        self.with(field, ">", value)
    }

    /// The field is equal to the value, or greater or later.
    pub fn at_least(self, field: &str, value: impl Into<Value>) -> Self {
        self.with(field, ">=", value)
    }

    /// The field is less or earlier than the value.
    pub fn below(self, field: &str, value: impl Into<Value>) -> Self {
        self.with(field, "<", value)
    }

    /// The field is equal to the value, or less or earlier.
    pub fn at_most(self, field: &str, value: impl Into<Value>) -> Self {
        self.with(field, "<=", value)
    }

    /// The field is between both values, inclusive.
    pub fn between(self, field: &str, low: impl Into<Value>, high: impl Into<Value>) -> Self {
        let range: [Value; 2] = [low.into(), high.into()];
        self.with(field, "between", range.to_vec())
    }

    /// The field is one of the values.
    pub fn one_of(self, field: &str, values: impl IntoIterator<Item = impl Into<Value>>) -> Self {
        let values: Vec<Value> = values.into_iter().map(Into::into).collect();
        self.with(field, "in", values)
    }

    /// At least one of the groups holds; all conditions of a group must hold.
    pub fn any_of(mut self, groups: impl IntoIterator<Item = Self>) -> Self {
        let groups: Vec<Value> = groups.into_iter().map(Self::into_one).collect();
        self.0.push(json!({"logic": "or", "conditions": groups}));
        self
    }

    /// The conditions as they are sent.
    pub fn to_json(&self) -> Value {
        Value::Array(self.0.clone())
    }

    fn with(mut self, field: &str, comparison: &str, value: impl Into<Value>) -> Self {
        self.0.push(json!([field, comparison, value.into()]));
        self
    }

    /// A single condition with the same meaning.
    fn into_one(mut self) -> Value {
        match self.0.len() {
            1 => self.0.remove(0),
            _ => json!({"logic": "and", "conditions": self.0}),
        }
    }
}

impl From<Conditions> for Vec<Value> {
    fn from(conditions: Conditions) -> Self {
        conditions.0
    }
}

impl From<Conditions> for Value {
    fn from(conditions: Conditions) -> Self {
        Self::Array(conditions.0)
    }
}

impl ToWire for Conditions {
    fn to_wire(&self) -> Value {
        self.to_json()
    }
}

/// The conditions one by one, as setters of requests take them.
impl IntoIterator for Conditions {
    type Item = Value;
    type IntoIter = std::vec::IntoIter<Value>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}
