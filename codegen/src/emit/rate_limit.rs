//! The rate limit of a method: its call in `MethodInfo`, and its sentence in the documentation.

use proc_macro2::{Literal, TokenStream};
use quote::quote;

use crate::descriptor::{CountedBy, RateLimit};

/// The call that sets the rate limit of a method.
pub(super) fn of_method(limit: &RateLimit) -> TokenStream {
    let requests = Literal::u32_unsuffixed(limit.requests);
    let seconds = Literal::u64_unsuffixed(limit.seconds.into());
    let counted_by = match limit.counted_by {
        CountedBy::Portal => None,
        CountedBy::Address => Some(quote! { Address }),
        CountedBy::Application => Some(quote! { Application }),
        CountedBy::User => Some(quote! { User }),
    };
    let counted_by = counted_by.map(|by| quote! { .counted_by(b24::rate_limit::CountedBy::#by) });
    quote! { .with_rate_limit(b24::rate_limit::RateLimit::new(#requests, #seconds) #counted_by) }
}

/// The sentence on the rate limit of a method.
pub(super) fn sentence(limit: &RateLimit) -> String {
    let requests = if limit.requests == 1 { "request" } else { "requests" };
    let per = match limit.seconds {
        1 => "second".to_owned(),
        60 => "minute".to_owned(),
        3_600 => "hour".to_owned(),
        86_400 => "day".to_owned(),
        604_800 => "week".to_owned(),
        seconds => format!("{seconds} seconds"),
    };
    let counted = match limit.counted_by {
        CountedBy::Portal => "for the whole portal",
        CountedBy::Address => "for each IP address",
        CountedBy::Application => "for each application or webhook",
        CountedBy::User => "for each user whom it concerns; the client does not count it",
    };
    format!("Rate limit: {} {requests} per {per} {counted}.", limit.requests)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_limit_is_one_sentence() {
        for (requests, seconds, counted_by, expected) in [
            (2, 1, CountedBy::Portal, "2 requests per second for the whole portal"),
            (1, 3_600, CountedBy::Application, "1 request per hour for each application or webhook"),
            (5, 90, CountedBy::Address, "5 requests per 90 seconds for each IP address"),
        ] {
            let limit = RateLimit { requests, seconds, counted_by };
            assert_eq!(sentence(&limit), format!("Rate limit: {expected}."));
        }
    }
}
