//! Work on several threads, if the feature `parallel` is enabled.

/// Applies a function to each item. The results are in the order of the items.
#[cfg(feature = "parallel")]
pub(crate) fn map<T: Send, R: Send>(items: Vec<T>, function: impl Fn(T) -> R + Sync + Send) -> Vec<R> {
    use rayon::prelude::*;

    items.into_par_iter().map(function).collect()
}

/// Applies a function to each item. The results are in the order of the items.
#[cfg(not(feature = "parallel"))]
pub(crate) fn map<T, R>(items: Vec<T>, function: impl Fn(T) -> R) -> Vec<R> {
    items.into_iter().map(function).collect()
}
