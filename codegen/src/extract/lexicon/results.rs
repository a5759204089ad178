//! The names by which results show what their fields hold.

use crate::extract::lexicon::phrases::Phrases;

/// The last words of the names of measures, which may be fractions.
pub(crate) const MEASURES: Phrases = Phrases(&[
    "amount",
    "balance",
    "budget",
    "cost",
    "discount",
    "duration",
    "height",
    "length",
    "opportunity",
    "percent",
    "price",
    "quantity",
    "rate",
    "ratio",
    "score",
    "sum",
    "tax",
    "value",
    "vat",
    "volume",
    "weight",
    "width",
    "netto",
    "brutto",
    "latitude",
    "longitude",
    "lat",
    "lon",
    "lng",
    "coefficient",
    "factor",
    "paid",
]);

/// The keys of a field description beside the type.
pub(crate) const OF_A_FIELD: &[&str] = &[
    "isRequired",
    "isReadOnly",
    "isImmutable",
    "isMultiple",
    "isDynamic",
    "title",
    "required",
    "multiple",
    "editable",
    "primary",
    "MULTIPLE",
    "MANDATORY",
];

/// The keys beside `result` in the envelope.
pub(crate) const OF_ENVELOPE: [&str; 5] = ["time", "total", "next", "error", "error_description"];

/// The last words of methods that describe the fields of an entity.
pub(crate) const DESCRIBING_VERBS: [&str; 2] = ["fields", "getFields"];

/// The parameters that choose rows, fields and their order.
pub(crate) const SELECTING: [&str; 4] = ["filter", "order", "select", "pagination"];

/// The last word of methods that return one thing.
pub(crate) const ONE_THING: &str = "get";

/// The last words of methods that return a list of things.
pub(crate) const MANY_THINGS: [&str; 2] = ["list", "getList"];
