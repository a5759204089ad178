//! The limits of a portal: an enumeration of plans, and constants.

use proc_macro2::{Literal, TokenStream};
use quote::quote;

use super::{docs, ident};
use crate::descriptor::CountedBy;
use crate::model::{Limits, Plan};

/// Emits the items of a portal's limits. A limit that is not documented has no item.
///
/// ```text
/// /// The maximum number of commands of a batch.
/// pub const MAX_BATCH_COMMANDS: usize = 50;
/// ```
pub(super) fn items(limits: &Limits) -> Vec<TokenStream> {
    let mut items = Vec::new();
    if !limits.plans.is_empty() {
        items.extend([plans(limits), quotas(&limits.plans)]);
    }
    if let Some(time) = &limits.operating_time {
        let (seconds, window) = (u64::from(time.seconds), u64::from(time.window_seconds));
        items.push(duration(
            quote! { OPERATING_TIME_LIMIT },
            seconds,
            "The time that the calls of one method may take within [`OPERATING_TIME_WINDOW`], in the cloud",
        ));
        items.push(duration(
            quote! { OPERATING_TIME_WINDOW },
            window,
            "The period over which a portal sums the time of a method",
        ));
    }
    if let Some(seconds) = limits.request_seconds {
        items.push(duration(
            quote! { REQUEST_TIME_LIMIT },
            u64::from(seconds),
            "The time after which a portal ends a request",
        ));
    }
    let batch =
        (quote! { MAX_BATCH_COMMANDS }, limits.batch_commands, "The maximum number of commands of a batch");
    let page = (quote! { PAGE_ROWS }, limits.page_rows, "The number of rows of a full page of a list");
    for (name, count, text) in [batch, page] {
        let Some(count) = count else { continue };
        let docs = docs::lines(&[format!("{text}: {count}.")]);
        let count = Literal::u32_unsuffixed(count);
        items.push(quote! { #docs pub const #name: usize = #count; });
    }
    items
}

fn duration(name: TokenStream, seconds: u64, text: &str) -> TokenStream {
    let docs = docs::lines(&[format!("{text}: {seconds} s.")]);
    let seconds = Literal::u64_unsuffixed(seconds);
    quote! { #docs pub const #name: std::time::Duration = std::time::Duration::from_secs(#seconds); }
}

/// ```text
/// /// A plan of a portal, by its rate limit.
/// #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
/// #[non_exhaustive]
/// pub enum Plan {
///     /// Every plan without a variant: 50 requests at once, 2 per second over time.
///     #[default]
///     Standard,
/// }
/// ```
fn plans(limits: &Limits) -> TokenStream {
    let variants = limits.plans.iter().map(|plan| {
        let subject = match &plan.plan {
            Some(name) => format!("The plan {}", docs::code(name)),
            None => "Every plan without a variant".to_owned(),
        };
        let Plan { burst, per_second, .. } = plan;
        let docs = docs::lines(&[format!(
            "{subject}: {burst} requests at once, {per_second} per second over time."
        )]);
        let default = plan.plan.is_none().then(|| quote! { #[default] });
        let name = ident(&plan.name);
        quote! { #docs #default #name, }
    });
    let mut text = vec!["A plan of a portal, by its rate limit.".to_owned()];
    if !limits.counted_by.is_empty() {
        let counted = limits.counted_by.iter().map(|by| match by {
            CountedBy::Portal => "portal",
            CountedBy::Address => "IP address that calls it",
            CountedBy::Application => "application or webhook",
            CountedBy::User => "user",
        });
        let counted: Vec<&str> = counted.collect();
        text.extend([
            String::new(),
            format!("Requests are counted for each {}.", counted.join(" and each ")),
        ]);
    }
    let docs = docs::lines(&text);
    quote! {
        #docs
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum Plan {
            #(#variants)*
        }
    }
}

/// ```text
/// impl Plan {
///     pub const fn burst(self) -> u32 { … }
///     pub const fn per_second(self) -> u32 { … }
/// }
/// ```
fn quotas(plans: &[Plan]) -> TokenStream {
    let names: Vec<_> = plans.iter().map(|plan| ident(&plan.name)).collect();
    let bursts = plans.iter().map(|plan| Literal::u32_unsuffixed(plan.burst));
    let rates = plans.iter().map(|plan| Literal::u32_unsuffixed(plan.per_second));
    quote! {
        impl Plan {
            /// The number of requests that a portal accepts at once.
            pub const fn burst(self) -> u32 {
                match self { #(Self::#names => #bursts,)* }
            }

            /// The number of requests per second that a portal accepts over time.
            pub const fn per_second(self) -> u32 {
                match self { #(Self::#names => #rates,)* }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_limit_that_is_not_documented_has_no_item() {
        assert!(items(&Limits::default()).is_empty());
        let limits = Limits { page_rows: Some(25), request_seconds: Some(45), ..Limits::default() };
        let text = items(&limits).iter().map(ToString::to_string).collect::<String>();
        assert!(text.contains("PAGE_ROWS : usize = 25") && text.contains("REQUEST_TIME_LIMIT"), "{text}");
        assert!(!text.contains("Plan") && !text.contains("OPERATING"), "{text}");
    }
}
