//! What generated types have in common, from tables of their fields and values.
//!
//! Generated code contains one invocation for each type. The macros expand to what the features of this crate ask for, so that
//! generated code has no features of its own for it: without `serde`, the tables of fields are not used. They are not public:
//! only generated code may use them.

mod events;
mod placements;
mod requests;
mod results;
mod serde;
mod values;

#[doc(hidden)]
pub use crate::{
    __error as error, __event as event, __event_info as event_info, __events as events, __fields as fields,
    __handler as handler, __integer_values as integer_values, __placement as placement,
    __placement_codes as placement_codes, __positional as positional, __request as request,
    __result as result, __sent as sent, __text_values as text_values, __whole as whole,
};
