//! A value as a `Deserializer`, with the items of a list and the entries of an object.

use std::borrow::Cow;

use serde_core::de::value::{CowStrDeserializer, MapAccessDeserializer, StrDeserializer};
use serde_core::de::{DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor};

use super::absent::Absent;
use super::error::ReadError;
use super::key::Key;
use super::parts::{Parts, parts, visit_text};
use crate::wire::list::is_sparse_list;
use crate::wire::scalar::{flag, integer, number, unsigned};
use crate::wire::{JsonKind, JsonRef};

/// A value in the portal's JSON.
#[derive(Clone, Copy)]
pub(super) struct Node<'de, 's> {
    pub(super) json: JsonRef<'de>,
    pub(super) absent: &'s Absent,
}

impl<'de, 's> Node<'de, 's> {
    pub(super) fn new(json: JsonRef<'de>, absent: &'s Absent) -> Self {
        Self { json, absent }
    }

    /// The items of a list, of a sparse list, or of nothing.
    fn items(self) -> Result<Items<'de, 's>, ReadError> {
        let is_list = match self.json.kind() {
            JsonKind::Array => true,
            JsonKind::Object => is_sparse_list(self.json),
            _ => self.json.is_php_empty(),
        };
        if is_list { Ok(Items::new(self.json, self.absent)) } else { Err(self.mismatch("a list")) }
    }

    fn mismatch(self, expected: &'static str) -> ReadError {
        ReadError::new(expected, self.json)
    }
}

/// Integers by one function of the wire; the visitor checks the range of its type.
macro_rules! integers {
    ($($method:ident)*) => {
        $(fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, ReadError> {
            match (integer(self.json), unsigned(self.json)) {
                (Some(integer), _) => visitor.visit_i64(integer),
                (None, Some(integer)) => visitor.visit_u64(integer),
                (None, None) => Err(self.mismatch("an integer")),
            }
        })*
    };
}

impl<'de> Deserializer<'de> for Node<'de, '_> {
    type Error = ReadError;

    integers! {
        deserialize_i8 deserialize_i16 deserialize_i32 deserialize_i64 deserialize_i128
        deserialize_u8 deserialize_u16 deserialize_u32 deserialize_u64 deserialize_u128
    }

    /// The value as it is, for types that accept several forms. Inside it the forms are read as everywhere.
    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, ReadError> {
        match self.json.kind() {
            JsonKind::Null => visitor.visit_unit(),
            JsonKind::Bool => visitor.visit_bool(self.json.bool().unwrap_or_default()),
            JsonKind::Number => {
                let digits = self.json.number().unwrap_or_default();
                match (digits.parse(), digits.parse(), digits.parse()) {
                    (Ok(number), ..) => visitor.visit_u64(number),
                    (_, Ok(number), _) => visitor.visit_i64(number),
                    (.., number) => visitor.visit_f64(number.unwrap_or(f64::NAN)),
                }
            }
            JsonKind::String => visit_text(self.json, visitor),
            JsonKind::Array => visitor.visit_seq(Items::new(self.json, self.absent)),
            JsonKind::Object => visitor.visit_map(Entries::new(self.json, self.absent)),
        }
    }

    fn deserialize_bool<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, ReadError> {
        visitor.visit_bool(flag(self.json).ok_or_else(|| self.mismatch("true or false"))?)
    }

    fn deserialize_f32<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, ReadError> {
        self.deserialize_f64(visitor)
    }

    fn deserialize_f64<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, ReadError> {
        visitor.visit_f64(number(self.json).ok_or_else(|| self.mismatch("a number"))?)
    }

    fn deserialize_char<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, ReadError> {
        self.deserialize_str(visitor)
    }

    fn deserialize_str<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, ReadError> {
        match self.json.number() {
            Some(digits) => visitor.visit_borrowed_str(digits),
            None if self.json.kind() == JsonKind::String => visit_text(self.json, visitor),
            None => Err(self.mismatch("a text")),
        }
    }

    fn deserialize_string<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, ReadError> {
        self.deserialize_str(visitor)
    }

    fn deserialize_bytes<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, ReadError> {
        self.deserialize_any(visitor)
    }

    fn deserialize_byte_buf<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, ReadError> {
        self.deserialize_any(visitor)
    }

    /// An empty text is always `None`: it is the form in which most fields without a value come.
    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, ReadError> {
        if !self.json.is_nothing() {
            return visitor.visit_some(self);
        }
        let is_text = matches!(self.json.kind(), JsonKind::Null | JsonKind::String);
        let is_nothing = is_text && self.json.is_php_empty();
        if is_nothing || self.absent.contains::<V>(self.json) {
            return visitor.visit_none();
        }
        visitor.visit_some(self).inspect_err(|_| self.absent.add::<V>(self.json))
    }

    fn deserialize_unit<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, ReadError> {
        if self.json.is_php_empty() { visitor.visit_unit() } else { Err(self.mismatch("nothing")) }
    }

    fn deserialize_unit_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value, ReadError> {
        self.deserialize_unit(visitor)
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value, ReadError> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, ReadError> {
        visitor.visit_seq(self.items()?)
    }

    /// A list of so many items: surplus items are an error and are not lost.
    fn deserialize_tuple<V: Visitor<'de>>(self, _: usize, visitor: V) -> Result<V::Value, ReadError> {
        let mut items = self.items()?;
        let tuple = visitor.visit_seq(&mut items)?;
        if items.items.next().is_some() {
            return Err(self.mismatch("a list with fewer items"));
        }
        Ok(tuple)
    }

    fn deserialize_tuple_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        len: usize,
        visitor: V,
    ) -> Result<V::Value, ReadError> {
        self.deserialize_tuple(len, visitor)
    }

    /// An object, a list, whose indexes are then the keys, or nothing.
    fn deserialize_map<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, ReadError> {
        let is_map =
            matches!(self.json.kind(), JsonKind::Object | JsonKind::Array) || self.json.is_php_empty();
        if !is_map {
            return Err(self.mismatch("an object"));
        }
        visitor.visit_map(Entries::new(self.json, self.absent))
    }

    /// An object, or PHP's empty object `[]`.
    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, ReadError> {
        let is_empty_list = self.json.is_array() && self.json.is_empty();
        if !self.json.is_object() && !is_empty_list {
            return Err(self.mismatch("an object"));
        }
        visitor.visit_map(Entries::new(self.json, self.absent))
    }

    /// The name of a variant, a number as its digits, or an object with the name as its only key.
    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, ReadError> {
        match self.json.kind() {
            JsonKind::String => {
                let name = self.json.string().unwrap_or_default();
                visitor.visit_enum(CowStrDeserializer::new(name))
            }
            JsonKind::Number => {
                visitor.visit_enum(StrDeserializer::new(self.json.number().unwrap_or_default()))
            }
            JsonKind::Object if self.json.len() > 1 => Err(self.mismatch("an object with one key")),
            JsonKind::Object => {
                visitor.visit_enum(MapAccessDeserializer::new(Entries::new(self.json, self.absent)))
            }
            _ => Err(self.mismatch("the name of a variant")),
        }
    }

    fn deserialize_identifier<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, ReadError> {
        self.deserialize_str(visitor)
    }

    fn deserialize_ignored_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, ReadError> {
        visitor.visit_unit()
    }
}

/// The items of a list, or the values of a sparse list.
struct Items<'de, 's> {
    items: Parts<'de>,
    absent: &'s Absent,
}

impl<'de, 's> Items<'de, 's> {
    fn new(json: JsonRef<'de>, absent: &'s Absent) -> Self {
        Self { items: parts(json), absent }
    }
}

impl<'de> SeqAccess<'de> for Items<'de, '_> {
    type Error = ReadError;

    fn next_element_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<Option<T::Value>, ReadError> {
        let Some((key, item)) = self.items.next() else { return Ok(None) };
        let read = seed.deserialize(Node::new(item, self.absent)).map_err(|error| {
            let mismatch = error.into_mismatch(item);
            ReadError::Mismatch(match key.parse() {
                Ok(index) => mismatch.at(index),
                Err(_) => mismatch.under(&key),
            })
        });
        read.map(Some)
    }

    fn size_hint(&self) -> Option<usize> {
        self.items.size_hint().1
    }
}

/// The entries of an object, or of a list by index.
struct Entries<'de, 's> {
    entries: Parts<'de>,
    /// The entry whose key was read.
    current: Option<(Cow<'de, str>, JsonRef<'de>)>,
    absent: &'s Absent,
}

impl<'de, 's> Entries<'de, 's> {
    fn new(json: JsonRef<'de>, absent: &'s Absent) -> Self {
        Self { entries: parts(json), current: None, absent }
    }
}

impl<'de> MapAccess<'de> for Entries<'de, '_> {
    type Error = ReadError;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, ReadError> {
        self.current = self.entries.next();
        let Some((key, value)) = &self.current else { return Ok(None) };
        let read = seed.deserialize(Key(key));
        read.map(Some).map_err(|error| ReadError::Mismatch(error.into_mismatch(*value).under(key)))
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, ReadError> {
        let Some((key, value)) = self.current.take() else {
            return Err(ReadError::Expected("a value after its key".into()));
        };
        let read = seed.deserialize(Node::new(value, self.absent));
        read.map_err(|error| ReadError::Mismatch(error.into_mismatch(value).under(&key)))
    }

    fn size_hint(&self) -> Option<usize> {
        self.entries.size_hint().1
    }
}
