//! What all methods share: system errors, the `time` object and limits. A file of core, since core decides by the errors.

use proc_macro2::{Literal, TokenStream};
use quote::quote;

use super::{docs, file, ident, limits, structs};
use crate::descriptor::Ran;
use crate::model::{RustName, System, SystemError};

/// The file `core/generated/system.rs`.
pub(super) fn file(system: &System) -> String {
    let time = RustName("Time".to_owned());
    let head = docs::inner(&[
        "System errors, which any method can return, the timing of a call, and the limits of a portal."
            .to_owned(),
    ]);
    let time_docs = docs::lines(&["The timing of a call on the portal.".to_owned()]);
    let mut items = vec![
        head,
        quote! { use crate as b24; },
        declaration(&system.errors),
        implementation(&system.errors),
        structs::declaration(&time_docs, &time, &system.time, true, structs::UNREAD),
        structs::from_fields(&time, &system.time),
    ];
    items.extend(limits::items(&system.limits));
    file::print(&["spec/system.yaml"], items)
}

/// ```text
/// /// An error that any method can return.
/// #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
/// #[non_exhaustive]
/// pub enum SystemError {
///     /// `QUERY_LIMIT_EXCEEDED`, HTTP 503; the request did not run.
///     QueryLimitExceeded,
/// }
/// ```
fn declaration(errors: &[SystemError]) -> TokenStream {
    let variants = errors.iter().map(|error| {
        let statuses = error.status.iter().chain(&error.other_statuses).map(u16::to_string);
        let statuses = statuses.collect::<Vec<_>>().join(" or ");
        let status = if statuses.is_empty() { statuses } else { format!(", HTTP {statuses}") };
        let ran = match error.ran {
            Ran::No => "the request did not run",
            Ran::Maybe => "the request may have run",
            Ran::Yes => "the request ran",
        };
        let facts = format!("{}{status}; {ran}.", docs::code(&error.code));
        let words = error.text.iter().flat_map(|text| [text.clone(), String::new()]);
        let docs = docs::lines(&words.chain([facts]).collect::<Vec<_>>());
        let name = ident(&error.name);
        quote! { #docs #name, }
    });
    quote! {
        /// An error that any method can return.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum SystemError {
            #(#variants)*
        }
    }
}

/// ```text
/// impl SystemError {
///     pub fn from_code(code: &str) -> Option<Self> { … }
///     pub fn code(self) -> &'static str { … }
///     pub fn status(self) -> Option<u16> { … }
///     pub fn statuses(self) -> &'static [u16] { … }
///     pub fn executed(self) -> b24::Executed { … }
/// }
/// ```
fn implementation(errors: &[SystemError]) -> TokenStream {
    let names: Vec<_> = errors.iter().map(|error| ident(&error.name)).collect();
    let codes: Vec<_> = errors.iter().map(|error| &error.code).collect();
    let folded = errors.iter().map(|error| error.code.to_ascii_uppercase());
    let statuses = errors.iter().map(|error| match error.status.map(Literal::u16_unsuffixed) {
        Some(status) => quote! { Some(#status) },
        None => quote! { None },
    });
    let all_statuses = errors.iter().map(|error| {
        let statuses = error.status.iter().chain(&error.other_statuses);
        let statuses = statuses.map(|status| Literal::u16_unsuffixed(*status));
        quote! { &[#(#statuses),*] }
    });
    let ran = errors.iter().map(|error| match error.ran {
        Ran::No => quote! { b24::Executed::No },
        Ran::Maybe => quote! { b24::Executed::Unknown },
        Ran::Yes => quote! { b24::Executed::Yes },
    });
    quote! {
        impl SystemError {
            /// The system error with this code, compared without case.
            pub fn from_code(code: &str) -> Option<Self> {
                match code.to_ascii_uppercase().as_str() {
                    #(#folded => Some(Self::#names),)*
                    _ => None,
                }
            }

            /// The documented code.
            pub fn code(self) -> &'static str {
                match self { #(Self::#names => #codes,)* }
            }

            /// The documented HTTP status.
            pub fn status(self) -> Option<u16> {
                match self { #(Self::#names => #statuses,)* }
            }

            /// The HTTP statuses with which portals send the error; empty if none is known.
            pub fn statuses(self) -> &'static [u16] {
                match self { #(Self::#names => #all_statuses,)* }
            }

            /// Whether the portal executed the request.
            pub fn executed(self) -> b24::Executed {
                match self { #(Self::#names => #ran,)* }
            }
        }
    }
}
