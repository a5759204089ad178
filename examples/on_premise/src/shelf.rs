//! A type that the generator does not know: the address of a shelf.

use bitrix24::Value;
use bitrix24::wire::{FromWire, FromWireError, JsonRef, Mismatches, ToWire};

/// The address of a shelf, which the module writes as `7-3`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shelf {
    /// The number of the aisle.
    pub aisle: u32,
    /// The height, counted from the floor.
    pub level: u32,
}

impl Shelf {
    fn parse(text: &str) -> Option<Self> {
        let (aisle, level) = text.split_once('-')?;
        Some(Self { aisle: aisle.parse().ok()?, level: level.parse().ok()? })
    }
}

impl FromWire for Shelf {
    fn from_wire(json: JsonRef<'_>, _: &mut Mismatches) -> Result<Self, FromWireError> {
        let shelf = json.string().and_then(|text| Self::parse(&text));
        shelf.ok_or_else(|| FromWireError::new("a shelf such as 7-3", json))
    }
}

impl ToWire for Shelf {
    fn to_wire(&self) -> Value {
        format!("{}-{}", self.aisle, self.level).into()
    }
}
