//! The book: `docs/src/`. `cargo test --doc --package bitrix24-book` compiles the code of each chapter.

/// Makes each chapter the documentation of a module, for rustdoc's tests.
#[cfg(doctest)]
macro_rules! chapters {
    ($($name:ident: $file:literal,)*) => {
        $(
            #[doc = include_str!($file)]
            mod $name {}
        )*
    };
}

#[cfg(doctest)]
chapters! {
    introduction: "src/introduction.md",
    first_call: "src/first_call.md",
    values: "src/values.md",
    errors: "src/errors.md",
    lists: "src/lists.md",
    batches: "src/batches.md",
    files: "src/files.md",
    custom_fields: "src/custom_fields.md",
    applications: "src/applications.md",
    events: "src/events.md",
    offline_events: "src/offline_events.md",
    fleets: "src/fleets.md",
    observation: "src/observation.md",
    testing: "src/testing.md",
    own_methods: "src/own_methods.md",
    coming_from: "src/coming_from.md",
    maintaining: "src/maintaining.md",
}
