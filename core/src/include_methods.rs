//! The macro that includes generated methods.

/// Includes the methods that the build script of this crate has generated with `bitrix24_codegen::Builder`.
///
/// Without an argument it is the file with the default name, `methods.rs` in `OUT_DIR`. The argument is the name that
/// `Builder::file_name` has set, without `.rs`.
///
/// ```ignore
/// pub mod warehouse {
///     bitrix24::include_methods!();
/// }
/// ```
#[macro_export]
macro_rules! include_methods {
    () => {
        $crate::include_methods!("methods");
    };
    ($name:literal) => {
        include!(concat!(env!("OUT_DIR"), "/", $name, ".rs"));
    };
}
