//! The dialect of REST 2: `{">ID": 7, "@STAGE_ID": ["NEW", "WON"]}`.

use serde_json::{Map, Value, json};

use crate::wire::ToWire;

/// Conditions for a list of REST 2, all of which must hold.
///
/// Use it as the filter of a request. Each field can have one value for each comparison: setting it again replaces the value,
/// as in the object that is sent. Fields are named as on the method's page, case included.
///
/// ```
/// use bitrix24_core::filter::Filter;
/// use bitrix24_core::json;
///
/// let filter = Filter::new().equal("CATEGORY_ID", 3).above("ID", 900).one_of("STAGE_ID", ["NEW", "WON"]);
/// assert_eq!(filter.to_json(), json!({"=CATEGORY_ID": 3, ">ID": 900, "@STAGE_ID": ["NEW", "WON"]}));
/// ```
///
/// Values are anything that converts to JSON: numbers, strings, [`YesNo`](crate::wire::YesNo),
/// [`DateTime`](crate::wire::DateTime).
///
/// Some older methods accept only field names without a comparison: use [`field`](Self::field) for them. The page of a method
/// says what it does with unknown comparisons; many methods ignore them.
#[derive(Clone, Debug, Default, PartialEq)]
#[must_use = "a filter does nothing until a request takes it"]
pub struct Filter(Map<String, Value>);

impl Filter {
    /// No condition: every row that the caller may see.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a field without a comparison. Its meaning is up to the method; usually it is equality.
    pub fn field(self, field: &str, value: impl Into<Value>) -> Self {
        self.with("", field, value)
    }

    /// The field equals the value.
    pub fn equal(self, field: &str, value: impl Into<Value>) -> Self {
        self.with("=", field, value)
    }

    /// The field does not equal the value.
    pub fn not_equal(self, field: &str, value: impl Into<Value>) -> Self {
        self.with("!=", field, value)
    }

    /// The field is greater or later than the value.
    pub fn above(self, field: &str, value: impl Into<Value>) -> Self {
        self.with(">", field, value)
    }

    /// The field is equal to the value, or greater or later.
    pub fn at_least(self, field: &str, value: impl Into<Value>) -> Self {
        self.with(">=", field, value)
    }

    /// The field is less or earlier than the value.
    pub fn below(self, field: &str, value: impl Into<Value>) -> Self {
        self.with("<", field, value)
    }

    /// The field is equal to the value, or less or earlier.
    pub fn at_most(self, field: &str, value: impl Into<Value>) -> Self {
        self.with("<=", field, value)
    }

    /// The field is between both values, inclusive; the same as [`at_least`](Self::at_least) and [`at_most`](Self::at_most).
    pub fn between(self, field: &str, low: impl Into<Value>, high: impl Into<Value>) -> Self {
        self.at_least(field, low).at_most(field, high)
    }

    /// The field is one of the values.
    pub fn one_of(self, field: &str, values: impl IntoIterator<Item = impl Into<Value>>) -> Self {
        self.with_list("@", field, values)
    }

    /// The field is none of the values.
    pub fn none_of(self, field: &str, values: impl IntoIterator<Item = impl Into<Value>>) -> Self {
        self.with_list("!@", field, values)
    }

    /// The text contains this part.
    pub fn contains(self, field: &str, part: &str) -> Self {
        self.with("%", field, part)
    }

    /// The text does not contain this part.
    pub fn not_contains(self, field: &str, part: &str) -> Self {
        self.with("!%", field, part)
    }

    /// The text matches the pattern, in which `%` stands for any characters.
    pub fn like(self, field: &str, pattern: &str) -> Self {
        self.with("=%", field, pattern)
    }

    /// The text does not match the pattern, in which `%` stands for any characters.
    pub fn not_like(self, field: &str, pattern: &str) -> Self {
        self.with("!=%", field, pattern)
    }

    /// At least one of the filters holds. The methods of `crm.item` support it; most others do not.
    ///
    /// ```
    /// use bitrix24_core::filter::Filter;
    /// use bitrix24_core::json;
    /// let filter = Filter::new().any_of([Filter::new().equal("stageId", "NEW"), Filter::new().above("opportunity", 1000)]);
    /// let expected = json!({"0": {"logic": "OR", "0": {"=stageId": "NEW"}, "1": {">opportunity": 1000}}});
    /// assert_eq!(filter.to_json(), expected);
    /// ```
    pub fn any_of(mut self, filters: impl IntoIterator<Item = Self>) -> Self {
        let mut group = Map::from_iter([("logic".to_owned(), json!("OR"))]);
        group.extend(
            filters.into_iter().enumerate().map(|(place, filter)| (place.to_string(), filter.to_json())),
        );
        let place = (0..).find(|place: &usize| !self.0.contains_key(&place.to_string())).unwrap_or_default();
        self.0.insert(place.to_string(), Value::Object(group));
        self
    }

    /// The conditions as they are sent.
    pub fn to_json(&self) -> Value {
        Value::Object(self.0.clone())
    }

    fn with(mut self, comparison: &str, field: &str, value: impl Into<Value>) -> Self {
        self.0.insert(format!("{comparison}{field}"), value.into());
        self
    }

    fn with_list(
        self,
        comparison: &str,
        field: &str,
        values: impl IntoIterator<Item = impl Into<Value>>,
    ) -> Self {
        let values: Vec<Value> = values.into_iter().map(Into::into).collect();
        self.with(comparison, field, Value::Array(values))
    }
}

impl From<Filter> for Map<String, Value> {
    fn from(filter: Filter) -> Self {
        filter.0
    }
}

impl From<Filter> for Value {
    fn from(filter: Filter) -> Self {
        Value::Object(filter.0)
    }
}

impl ToWire for Filter {
    fn to_wire(&self) -> Value {
        self.to_json()
    }
}

/// The conditions one by one, as setters of requests take them.
impl IntoIterator for Filter {
    type Item = (String, Value);
    type IntoIter = serde_json::map::IntoIter;

    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}
