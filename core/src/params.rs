//! The parameters of a request as they are on the wire.

use serde_json::{Map, Value};

use crate::wire::{ToWire, YesNo, ZeroOne};

/// The value of a skipped positional parameter: optional parameters in the middle are arrays, and an empty one has no effect.
pub(crate) const SKIPPED: Value = Value::Array(Vec::new());

/// Parameters under their wire names. The order matters: some methods read parameters by position, and the order of keys in
/// `order` is the sort order.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Params(Map<String, Value>);

impl Params {
    /// No parameters.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a parameter; replaces one with the same name.
    pub fn put<T: ToWire + ?Sized>(&mut self, name: &str, value: &T) {
        self.0.insert(name.to_owned(), value.to_wire());
    }

    /// Adds a parameter if it has a value.
    pub fn put_some<T: ToWire>(&mut self, name: &str, value: &Option<T>) {
        if let Some(value) = value {
            self.put(name, value);
        }
    }

    /// Adds a flag as `"Y"` or `"N"`.
    pub fn put_flag(&mut self, name: &str, flag: bool) {
        self.put(name, &YesNo::from(flag));
    }

    /// Adds a flag as `"Y"` or `"N"` if it has a value.
    pub fn put_some_flag(&mut self, name: &str, flag: Option<bool>) {
        if let Some(flag) = flag {
            self.put_flag(name, flag);
        }
    }

    /// Adds a flag as `1` or `0`.
    pub fn put_digit(&mut self, name: &str, flag: bool) {
        self.put(name, &ZeroOne::from(flag));
    }

    /// Adds a flag as `1` or `0` if it has a value.
    pub fn put_some_digit(&mut self, name: &str, flag: Option<bool>) {
        if let Some(flag) = flag {
            self.put_digit(name, flag);
        }
    }

    /// Adds all of `extra`; replaces parameters with the same names.
    pub fn put_all(&mut self, extra: &Map<String, Value>) {
        for (name, value) in extra {
            self.0.insert(name.clone(), value.clone());
        }
    }

    /// Renames the parameters to their positions, for methods with positional parameters: `{"0": …, "1": …}`.
    ///
    /// A parameter that is missing in the middle becomes an empty list, as documented, so that the following ones keep their
    /// positions; at the end it is dropped, and so is an empty list, which means the same. Generated requests of such methods
    /// put every parameter, set or not.
    pub fn into_positional(self) -> Self {
        let mut values: Vec<Value> = self.0.into_iter().map(|(_, value)| value).collect();
        while values.last().is_some_and(|last| last.is_null() || *last == SKIPPED) {
            values.pop();
        }
        for skipped in values.iter_mut().filter(|value| value.is_null()) {
            *skipped = SKIPPED;
        }
        Self::by_position(values)
    }

    fn by_position(values: Vec<Value>) -> Self {
        Self(values.into_iter().enumerate().map(|(place, value)| (place.to_string(), value)).collect())
    }

    /// The parameters as a JSON object.
    pub fn as_map(&self) -> &Map<String, Value> {
        &self.0
    }

    /// The parameters as a JSON object.
    pub fn into_map(self) -> Map<String, Value> {
        self.0
    }
}

impl From<Map<String, Value>> for Params {
    fn from(map: Map<String, Value>) -> Self {
        Self(map)
    }
}

/// Later parameters replace earlier ones with the same name.
///
/// ```
/// use bitrix24_core::Params;
/// let params: Params = [("ID", 7), ("LIMIT", 50)].into_iter().collect();
/// assert_eq!(params.as_map()["LIMIT"], 50);
/// ```
impl<N: Into<String>, V: Into<Value>> FromIterator<(N, V)> for Params {
    fn from_iter<I: IntoIterator<Item = (N, V)>>(parameters: I) -> Self {
        let mut params = Self::new();
        params.extend(parameters);
        params
    }
}

impl<N: Into<String>, V: Into<Value>> Extend<(N, V)> for Params {
    fn extend<I: IntoIterator<Item = (N, V)>>(&mut self, parameters: I) {
        self.0.extend(parameters.into_iter().map(|(name, value)| (name.into(), value.into())));
    }
}

/// The parameters in their order.
impl IntoIterator for Params {
    type Item = (String, Value);
    type IntoIter = serde_json::map::IntoIter;

    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}

/// An object contains parameters by name, a list contains them by position, `null` contains none, and any other value is a list
/// of one. PHP reads them in the same way.
impl From<Value> for Params {
    fn from(value: Value) -> Self {
        match value {
            Value::Object(map) => Self(map),
            Value::Null => Self::new(),
            Value::Array(values) => Self::by_position(values),
            single => Self::by_position(vec![single]),
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn positional_parameters_keep_their_places() {
        let cases = [
            (json!({"TASKID": 7, "ITEMID": 3}), json!({"0": 7, "1": 3})),
            (
                json!({"TASKID": 7, "ORDER": null, "FILTER": {"ID": 1}}),
                json!({"0": 7, "1": [], "2": {"ID": 1}}),
            ),
            (json!({"TASKID": 7, "ORDER": null, "FILTER": null}), json!({"0": 7})),
            (json!({"TASKID": 7, "ORDER": {}, "FILTER": null, "SELECT": []}), json!({"0": 7, "1": {}})),
            (json!({"TASKID": null, "SELECT": []}), json!({})),
            (json!({}), json!({})),
        ];
        for (given, expected) in cases {
            assert_eq!(Value::Object(Params::from(given).into_positional().into_map()), expected);
        }
    }

    #[test]
    fn flags_are_letters_or_digits() {
        let mut params = Params::new();
        params.put_flag("OPENED", true);
        params.put_some_flag("CLOSED", Some(false));
        params.put_some_flag("ACTIVE", None);
        params.put_digit("SHOW", true);
        params.put_some_digit("NOTIFY", Some(false));
        params.put_some_digit("CREATE", None);
        let written = json!({"OPENED": "Y", "CLOSED": "N", "SHOW": 1, "NOTIFY": 0});
        assert_eq!(Value::Object(params.into_map()), written);
    }

    #[test]
    fn parameters_are_collected_in_their_order() {
        let mut params: Params = [("b", 1), ("a", 2)].into_iter().collect();
        params.extend([("b", "3"), ("c", "4")]);
        let names: Vec<String> = params.clone().into_iter().map(|(name, _)| name).collect();
        assert_eq!(names, ["b", "a", "c"]);
        assert_eq!(Value::Object(params.into_map()), json!({"b": "3", "a": 2, "c": "4"}));
    }

    #[test]
    fn any_json_is_read_as_php_would() {
        let cases = [
            (json!({"b": 1, "a": 2}), json!({"b": 1, "a": 2})),
            (json!([7, {"ID": 1}]), json!({"0": 7, "1": {"ID": 1}})),
            (json!(7), json!({"0": 7})),
            (json!(null), json!({})),
        ];
        for (given, expected) in cases {
            assert_eq!(Value::Object(Params::from(given).into_map()), expected);
        }
    }
}
