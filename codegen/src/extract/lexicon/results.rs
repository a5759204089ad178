//! The names by which results tell what their fields hold.

/// The last words of the names of fields that measure, so that fractions may come.
pub(crate) const MEASURES: &[&str] = &[
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
];

/// What a description of a field says beside the type.
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

/// What stands beside `result` in the envelope.
pub(crate) const OF_ENVELOPE: [&str; 5] = ["time", "total", "next", "error", "error_description"];
