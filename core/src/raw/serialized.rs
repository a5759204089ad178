//! Requests without a type, written and read again.

use std::marker::PhantomData;
use std::time::Duration;

use serde_core::de::Error as _;
use serde_core::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::{Map, Value, json};

use super::{Fields, RawRequest};
use crate::method::{HasKeyset, NoKeyset, RateLimit};
use crate::params::Params;
use crate::wire::{FromWire, FromWireError, JsonRef, Mismatches, ToWire, decode_strict, read_written};

/// Writes everything that was set, and the name.
impl<K> Serialize for RawRequest<K> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Self {
            api,
            name,
            params,
            side_effects,
            pagination,
            rows_pointer,
            keyset,
            rate_limit,
            support: _,
        } = self;
        let written = json!({
            "method": name, "api": api, "params": params.as_map(), "side_effects": side_effects, "pagination": pagination,
            "rows_pointer": rows_pointer, "keyset": keyset.as_ref().map(ToWire::to_wire),
            "rate_limit": rate_limit.as_ref().map(ToWire::to_wire),
        });
        written.serialize(serializer)
    }
}

/// Reads a request that was written. One with a keyset is another type.
impl<'de> Deserialize<'de> for RawRequest<NoKeyset> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let request: Self = read(deserializer)?;
        match request.keyset {
            None => Ok(request),
            Some(_) => Err(D::Error::custom(
                "`keyset`: expected null; a request with a keyset is a `RawRequest<HasKeyset>`",
            )),
        }
    }
}

/// Reads a request with a keyset that was written.
impl<'de> Deserialize<'de> for RawRequest<HasKeyset> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let request: Self = read(deserializer)?;
        match request.keyset {
            Some(_) => Ok(request),
            None => Err(D::Error::custom(
                "`keyset`: expected an object; a request without a keyset is a `RawRequest`",
            )),
        }
    }
}

fn read<'de, K, D: Deserializer<'de>>(deserializer: D) -> Result<RawRequest<K>, D::Error> {
    decode_strict(Value::deserialize(deserializer)?).map_err(D::Error::custom)
}

impl<K> FromWire for RawRequest<K> {
    fn from_wire(json: JsonRef<'_>, mismatches: &mut Mismatches) -> Result<Self, FromWireError> {
        read_written(json, mismatches, |fields| {
            Ok(Self {
                api: fields.required("api")?,
                name: fields.required("method")?,
                params: Params::from(fields.required::<Map<String, Value>>("params")?),
                side_effects: fields.required("side_effects")?,
                pagination: fields.required("pagination")?,
                rows_pointer: fields.required("rows_pointer")?,
                keyset: fields.required("keyset")?,
                rate_limit: fields.required("rate_limit")?,
                support: PhantomData,
            })
        })
    }
}

impl ToWire for Fields {
    fn to_wire(&self) -> Value {
        let Self { id, row_id, filter, order, direction } = self;
        json!({"id": id, "row_id": row_id, "filter": filter, "order": order, "direction": direction})
    }
}

impl FromWire for Fields {
    fn from_wire(json: JsonRef<'_>, mismatches: &mut Mismatches) -> Result<Self, FromWireError> {
        read_written(json, mismatches, |fields| {
            Ok(Self {
                id: fields.required("id")?,
                row_id: fields.required("row_id")?,
                filter: fields.required("filter")?,
                order: fields.required("order")?,
                direction: fields.required("direction")?,
            })
        })
    }
}

impl ToWire for RateLimit {
    fn to_wire(&self) -> Value {
        let Self { requests, period, counted_by } = self;
        json!({
            "requests": requests, "seconds": period.as_secs(), "nanoseconds": period.subsec_nanos(), "counted_by": counted_by,
        })
    }
}

impl FromWire for RateLimit {
    fn from_wire(json: JsonRef<'_>, mismatches: &mut Mismatches) -> Result<Self, FromWireError> {
        read_written(json, mismatches, |fields| {
            let requests = fields.required::<Count<u32>>("requests")?.0;
            let seconds = fields.required::<Count<u64>>("seconds")?.0;
            let nanoseconds = fields.required::<Count<u32>>("nanoseconds")?.0;
            // More nanoseconds than a second has would overflow the greatest number of seconds.
            let period =
                Duration::from_secs(seconds).saturating_add(Duration::from_nanos(nanoseconds.into()));
            let mut limit = Self::new(requests, 0).counted_by(fields.required("counted_by")?);
            limit.period = period;
            Ok(limit)
        })
    }
}

/// A number that is not negative.
struct Count<T>(T);

impl<T: TryFrom<u64>> FromWire for Count<T> {
    fn from_wire(json: JsonRef<'_>, _: &mut Mismatches) -> Result<Self, FromWireError> {
        let count = json.number().and_then(|digits| T::try_from(digits.parse().ok()?).ok());
        count.map(Self).ok_or_else(|| FromWireError::new("a number that is not negative", json))
    }
}
