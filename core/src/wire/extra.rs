//! Fields that a type does not know.

use serde_json::{Map, Value};

use super::{FromWire, Mismatch, decode_strict};

/// Typed access to fields that only one portal knows (`UF_CRM_…`, `ufCrm…`, `parentId…`, `PROPERTY_…`): they are in the `extra`
/// of each result.
///
/// ```
/// use bitrix24_core::wire::{DateTime, ExtraFields};
/// use bitrix24_core::{Map, json};
///
/// // The `extra` of a deal.
/// let extra = Map::from_iter([
///     ("UF_CRM_AREA".to_owned(), json!("12.5")),
///     ("UF_CRM_VISIT".to_owned(), json!("")),
///     ("UF_CRM_TAGS".to_owned(), json!(["17", "21"])),
/// ]);
/// assert_eq!(extra.field::<f64>("UF_CRM_AREA")?, Some(12.5));
/// assert_eq!(extra.field::<DateTime>("UF_CRM_VISIT")?, None);
/// assert_eq!(extra.field::<Vec<i64>>("UF_CRM_TAGS")?, Some(vec![17, 21]));
/// assert_eq!(extra.field::<String>("UF_CRM_NEW")?, None);
///
/// let error = extra.field::<bool>("UF_CRM_AREA").unwrap_err();
/// assert_eq!(error.to_string(), r#"`UF_CRM_AREA`: expected true or false, found "12.5""#);
/// # Ok::<(), bitrix24_core::wire::Mismatch>(())
/// ```
///
/// Requests set such fields with `extra(name, value)`.
pub trait ExtraFields {
    /// The value of a field; `None` if the field is absent or in one of PHP's empty forms.
    ///
    /// # Errors
    /// A [`Mismatch`] with the name of the field if its value has another type.
    fn field<T: FromWire>(&self, name: &str) -> Result<Option<T>, Mismatch>;
}

impl ExtraFields for Map<String, Value> {
    fn field<T: FromWire>(&self, name: &str) -> Result<Option<T>, Mismatch> {
        let Some(value) = self.get(name) else { return Ok(None) };
        decode_strict::<Option<T>>(value).map_err(|mismatch| mismatch.under(name))
    }
}
