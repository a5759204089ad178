//! Placements: the places of the interface that show an application, typed.
//!
//! A program binds a placement with options of a type ([`PlacementType`]), and reads what the portal sends when a user opens it as a
//! type ([`Opened`]).
//!
//! ```
//! use std::borrow::Cow;
//! use bitrix24_core::oauth::{AppRequest, IncomingRequest};
//! use bitrix24_core::placements::{NoOptions, Opened, PlacementContext, PlacementType};
//! use bitrix24_core::wire::{Fields, FromFields};
//!
//! /// A tab of a cage.
//! #[derive(Debug, PartialEq)]
//! struct CageTab;
//!
//! #[derive(Debug, Default)]
//! struct Cage {
//!     id: Option<i64>,
//! }
//!
//! impl FromFields for Cage {
//!     fn from_fields(fields: &mut Fields<'_>) -> Self {
//!         Self { id: fields.optional("ID") }
//!     }
//! }
//!
//! impl PlacementType for CageTab {
//!     const CODE: &'static str = "ZOO_CAGE_TAB";
//!     type Options = NoOptions;
//! }
//!
//! impl PlacementContext for CageTab {
//!     type Context = Cage;
//!     fn from_code(code: &str) -> Option<Self> {
//!         (code == Self::CODE).then_some(Self)
//!     }
//!     fn code(&self) -> Cow<'static, str> {
//!         Self::CODE.into()
//!     }
//! }
//!
//! let body = b"AUTH_ID=t0ken&DOMAIN=zoo.example&PLACEMENT=ZOO_CAGE_TAB&PLACEMENT_OPTIONS=%7B%22ID%22%3A%227%22%7D";
//! let page = AppRequest::parse(&IncomingRequest::new(body), 1_800_000_000)?;
//! let opened = Opened::<CageTab>::of(&page).expect("another placement");
//! assert_eq!(opened.context.id, Some(7));
//! # Ok::<(), bitrix24_core::oauth::ParseError>(())
//! ```

use std::borrow::Cow;
use std::ops::Deref;

use crate::Map;
use crate::Value;
use crate::oauth::AppRequest;
use crate::wire::{FromWire, Mismatches, ToWire, decode};

/// A place for widgets with a fixed code. The generated types of placements implement it, and so may a type of the program.
pub trait PlacementType {
    /// The code as documented: `CRM_DEAL_DETAIL_TAB`. For a family, the code with a placeholder: `CRM_DYNAMIC_XXX_DETAIL_TAB`.
    const CODE: &'static str;
    /// The options of `placement.bind` for this place; written as an object.
    type Options: ToWire;
}

/// A place whose handler receives a typed context.
pub trait PlacementContext: PlacementType + Sized {
    /// What the handler receives as `PLACEMENT_OPTIONS`. `()`: nothing.
    type Context: FromWire + Default;

    /// The placement of a code; `None` for the code of another one. A code of a family has a value in it: `CRM_DYNAMIC_183_DETAIL_TAB`.
    fn from_code(code: &str) -> Option<Self>;

    /// The code of the placement, with the value of a family.
    fn code(&self) -> Cow<'static, str>;
}

/// The options of a placement that has none.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[allow(clippy::exhaustive_structs, reason = "it stays without fields, and programs write its name")]
pub struct NoOptions;

impl ToWire for NoOptions {
    fn to_wire(&self) -> Value {
        Value::Object(Map::new())
    }
}

/// A placement that a user has opened, with its context, whose fields are used as if they were its own.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Opened<P: PlacementContext> {
    /// The placement.
    pub placement: P,
    /// What the portal says of the place: the identifier of the thing that is open there.
    pub context: P::Context,
    /// The values of the context that are of another type than documented. Each costs its field.
    pub mismatches: Mismatches,
}

impl<P: PlacementContext> Opened<P> {
    /// Reads the placement of a page that a user has opened; `None` if it is another one. A browser sends such a request: see
    /// [`AppRequest`] for what may be trusted.
    pub fn of(page: &AppRequest) -> Option<Self> {
        let placement = P::from_code(page.placement().code())?;
        let (context, mismatches) = match decode::<P::Context>(page.placement().options()) {
            Ok(decoded) => (decoded.value, decoded.mismatches),
            Err(error) => {
                let mut mismatches = Mismatches::new();
                mismatches.push(error.into());
                (P::Context::default(), mismatches)
            }
        };
        Some(Self { placement, context, mismatches })
    }
}

impl<P: PlacementContext> Deref for Opened<P> {
    type Target = P::Context;

    fn deref(&self) -> &P::Context {
        &self.context
    }
}

/// The part of a code that differs in a family; `None` for a code that is not of the family, or whose part is no such value.
#[doc(hidden)]
pub fn family_part<T: std::str::FromStr>(code: &str, before: &str, after: &str) -> Option<T> {
    let part = code.strip_prefix(before)?.strip_suffix(after)?;
    Some(part).filter(|part| !part.is_empty())?.parse().ok()
}
