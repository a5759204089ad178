//! Values for results: plausible ones of any schema, and stored ones in the form of the wire.

mod empty;
mod fits;
mod plausible;
mod samples;
mod shaped;
mod stored;
mod wire_form;

pub(crate) use empty::Empty;
pub(crate) use fits::fits;
pub(crate) use plausible::{Maker, RESULT};
pub(crate) use samples::{Fnv, Seed, Topic};
pub(crate) use shaped::shape;
pub(crate) use stored::write;
pub(crate) use wire_form::{Decimal, Form, json_number};
