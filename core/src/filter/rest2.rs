//! The dialect of REST 2: `{">ID": 7, "@STAGE_ID": ["NEW", "WON"]}`.

use serde_json::{Map, Value, json};

use crate::wire::ToWire;

/// Conditions for a list of REST 2, all of which must hold.
///
/// It goes wherever a request takes a filter. Each field can have one value for each comparison: setting it again replaces
/// what was set, as in the object that is sent. Fields are named as the method's page names them, in its letters.
///
/// ```
/// use bitrix24_core::filter::Filter;
/// use bitrix24_core::json;
///
/// let filter = Filter::new().equal("CATEGORY_ID", 3).above("ID", 900).one_of("STAGE_ID", ["NEW", "WON"]);
/// assert_eq!(filter.to_json(), json!({"=CATEGORY_ID": 3, ">ID": 900, "@STAGE_ID": ["NEW", "WON"]}));
/// ```
///
/// Values are anything that becomes JSON: numbers, texts, [`YesNo`](crate::wire::YesNo), [`DateTime`](crate::wire::DateTime).
///
/// Some older methods take field names without a comparison alone: for those there is [`field`](Self::field). What a method
/// does with a comparison that it does not know is told on its page; many ignore it.
#[derive(Clone, Debug, Default, PartialEq)]
#[must_use = "a filter does nothing until a request takes it"]
pub struct Filter(Map<String, Value>);

impl Filter {
    /// No condition: every row that the caller may see.
    pub fn new() -> Self {
        Self::default()
    }

    /// The field is as given, with no comparison before its name: what that means is up to the method, most often equality.
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

    /// The field is greater than the value, or later.
    pub fn above(self, field: &str, value: impl Into<Value>) -> Self {
        self.with(">", field, value)
    }

    /// The field is the value, or greater or later.
    pub fn at_least(self, field: &str, value: impl Into<Value>) -> Self {
        self.with(">=", field, value)
    }

    /// The field is less than the value, or earlier.
    pub fn below(self, field: &str, value: impl Into<Value>) -> Self {
        self.with("<", field, value)
    }

    /// The field is the value, or less or earlier.
    pub fn at_most(self, field: &str, value: impl Into<Value>) -> Self {
        self.with("<=", field, value)
    }

    /// The field lies between both values or is one of them; the same as [`at_least`](Self::at_least) and
    /// [`at_most`](Self::at_most).
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

    /// The text has this part somewhere.
    pub fn contains(self, field: &str, part: &str) -> Self {
        self.with("%", field, part)
    }

    /// The text has this part nowhere.
    pub fn not_contains(self, field: &str, part: &str) -> Self {
        self.with("!%", field, part)
    }

    /// The text fits the pattern, in which `%` stands for any characters.
    pub fn like(self, field: &str, pattern: &str) -> Self {
        self.with("=%", field, pattern)
    }

    /// The text does not fit the pattern, in which `%` stands for any characters.
    pub fn not_like(self, field: &str, pattern: &str) -> Self {
        self.with("!=%", field, pattern)
    }

    /// At least one of the filters holds. The methods of `crm.item` understand it; most others do not.
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
