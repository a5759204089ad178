//! Objects whose keys are data of a portal. A page shows them with the keys of its example.

use crate::descriptor::Schema;
use crate::schema::join::join;

/// The schema of the values, if all keys are data.
pub(super) fn of_data(schema: &Schema) -> Option<Schema> {
    let is_of_data = !schema.properties.is_empty() && schema.properties.keys().all(|key| is_data(key));
    is_of_data.then(|| schema.properties.values().cloned().reduce(join)).flatten()
}

/// Whether a key is a value and not the name of a field: it begins with a digit, or stands for a value, as `<user_id>` does.
fn is_data(key: &str) -> bool {
    let is_placeholder = |(open, close): (char, char)| key.starts_with(open) && key.ends_with(close);
    key.starts_with(|c: char| c.is_ascii_digit())
        || [('<', '>'), ('{', '}'), ('[', ']')].into_iter().any(is_placeholder)
}
