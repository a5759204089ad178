//! Fields that a type does not know.

use serde_core::de::DeserializeOwned;
use serde_json::{Map, Value};

use super::{FromWire, Mismatch, decode_strict, own};

/// Typed access to fields that only one portal knows (`UF_CRM_…`, `ufCrm…`, `parentId…`, `PROPERTY_…`). Each generated request,
/// result and entity implements it by its `extra`, and so does a JSON object. A field that the type documents is a field of the
/// struct, and not here.
///
/// ```
/// use bitrix24_core::wire::{CustomFields, DateTime};
/// use bitrix24_core::{Map, json};
///
/// // The `extra` of a deal. `deal.custom("UF_CRM_AREA")` reads it as well.
/// let extra = Map::from_iter([
///     ("UF_CRM_AREA".to_owned(), json!("12.5")),
///     ("UF_CRM_VISIT".to_owned(), json!("")),
///     ("UF_CRM_TAGS".to_owned(), json!(["17", "21"])),
/// ]);
/// assert_eq!(extra.custom::<f64>("UF_CRM_AREA")?, Some(12.5));
/// assert_eq!(extra.custom::<DateTime>("UF_CRM_VISIT")?, None);
/// assert_eq!(extra.custom::<Vec<i64>>("UF_CRM_TAGS")?, Some(vec![17, 21]));
/// assert_eq!(extra.custom::<String>("UF_CRM_NEW")?, None);
///
/// let error = extra.custom::<bool>("UF_CRM_AREA").unwrap_err();
/// assert_eq!(error.to_string(), r#"`UF_CRM_AREA`: expected true or false, found "12.5""#);
/// # Ok::<(), bitrix24_core::wire::Mismatch>(())
/// ```
///
/// Requests set such fields with `extra(name, value)`.
pub trait CustomFields {
    /// The fields that the type does not know, by wire name.
    fn extra_fields(&self) -> &Map<String, Value>;

    /// The value of a field; `None` if the field is absent or in one of PHP's empty forms. Numbers in texts, flags as `Y` and
    /// all other forms of the wire are read as in documented fields.
    ///
    /// # Errors
    /// A [`Mismatch`] with the name of the field if its value, or a part of it, has another type.
    fn custom<T: FromWire>(&self, name: &str) -> Result<Option<T>, Mismatch> {
        let Some(value) = self.extra_fields().get(name) else { return Ok(None) };
        decode_strict::<Option<T>>(value).map_err(|mismatch| mismatch.under(name))
    }

    /// The value of a field as any type that implements `Deserialize`, in the forms of [`Method::of`](crate::Method::of); `None` if the
    /// field is absent or in an empty form that the type has no use for.
    ///
    /// # Errors
    /// A [`Mismatch`] with the name of the field if its value, or a part of it, has another form.
    fn custom_as<T: DeserializeOwned>(&self, name: &str) -> Result<Option<T>, Mismatch> {
        let Some(value) = self.extra_fields().get(name) else { return Ok(None) };
        own::read_value::<Option<T>>(value).map_err(|mismatch| mismatch.under(name))
    }
}

impl CustomFields for Map<String, Value> {
    fn extra_fields(&self) -> &Map<String, Value> {
        self
    }
}
