//! The rooms in the order of their dependencies.

/// A file, together with the folder of the same name.
pub(crate) struct Room {
    /// Its path without `.rs`.
    pub(crate) path: &'static str,
    /// The rooms that it may use, together with all that those may use.
    pub(crate) over: &'static [&'static str],
    /// The rooms that it may use, without those that they may use.
    pub(crate) sees: &'static [&'static str],
}

const fn room(path: &'static str, over: &'static [&'static str]) -> Room {
    Room { path, over, sees: &[] }
}

impl Room {
    const fn seeing(self, sees: &'static [&'static str]) -> Self {
        Self { sees, ..self }
    }
}

/// All rooms. Each room is listed after those that it may use.
pub(crate) const ROOMS: &[Room] = &[
    room("codegen/src/diagnostic", &[]),
    room("codegen/src/fingerprint", &[]),
    room("codegen/src/parallel", &[]),
    room("codegen/src/transaction", &[]),
    room(
        "codegen/src/descriptor",
        &["codegen/src/diagnostic", "codegen/src/parallel", "codegen/src/transaction"],
    ),
    room("codegen/src/schema", &["codegen/src/descriptor"]),
    room("codegen/src/recorded", &["codegen/src/schema"]),
    // The generator: the model depends on neither YAML nor tokens, the emitters not on files of descriptors.
    room("codegen/src/model", &[]).seeing(&["codegen/src/descriptor"]),
    room("codegen/src/lower", &["codegen/src/model", "codegen/src/schema"]),
    room("codegen/src/frozen_names", &["codegen/src/lower"]),
    room("codegen/src/emit", &["codegen/src/model"]).seeing(&["codegen/src/parallel"]),
    // The words of the documentation: they know wire names, and names in Rust only as links.
    room("codegen/src/words", &["codegen/src/descriptor", "codegen/src/model"]),
    room("codegen/src/marked_regions", &["codegen/src/diagnostic", "codegen/src/model"]),
    room("codegen/src/staging", &["codegen/src/frozen_names"]),
    room("codegen/src/output_folder", &["codegen/src/diagnostic", "codegen/src/transaction"])
        .seeing(&["codegen/src/emit"]),
    // The entities of this crate, as other crates know them.
    room("codegen/src/known_entities", &["codegen/src/model", "codegen/src/descriptor"]),
    // The spec as a portal on one's own machine embeds it.
    room("codegen/src/portal_table", &["codegen/src/descriptor"]),
    room("codegen/src/portal_words", &["codegen/src/words"]),
    room(
        "codegen/src/regenerate",
        &[
            "codegen/src/emit",
            "codegen/src/fingerprint",
            "codegen/src/lower",
            "codegen/src/marked_regions",
            "codegen/src/output_folder",
            "codegen/src/words",
        ],
    )
    .seeing(&["codegen/src/known_entities", "codegen/src/portal_table", "codegen/src/portal_words"]),
    room(
        "codegen/src/builder",
        &["codegen/src/emit", "codegen/src/known_entities", "codegen/src/lower", "codegen/src/words"],
    ),
    room("codegen/src/baseline", &[]),
    room("codegen/src/lint", &["codegen/src/baseline", "codegen/src/lower", "codegen/src/schema"]),
    room("codegen/src/change_log", &[]),
    // The comparison of two specs.
    room("codegen/src/diff", &["codegen/src/diagnostic", "codegen/src/model"]),
    // Exports for other tools: they depend on descriptors only.
    room("codegen/src/export", &["codegen/src/descriptor"]),
    // The importer: it does not depend on types of Rust.
    room("codegen/src/extract/lexicon", &[]).seeing(&["codegen/src/descriptor"]),
    room("codegen/src/extract/register", &[]),
    room("codegen/src/extract/options", &[]).seeing(&["codegen/src/descriptor", "codegen/src/recorded"]),
    room("codegen/src/extract/recorded_results", &["codegen/src/recorded"]),
    room("codegen/src/extract/source", &[]),
    room("codegen/src/extract/report", &["codegen/src/descriptor", "codegen/src/extract/source"]),
    room("codegen/src/extract/evidence", &["codegen/src/extract/register"]),
    room("codegen/src/extract/resolve", &["codegen/src/extract/evidence"]),
    room("codegen/src/extract/ledger", &["codegen/src/extract/resolve"]),
    room("codegen/src/extract/page_log", &["codegen/src/diagnostic", "codegen/src/extract/ledger"]),
    room(
        "codegen/src/extract/syntax",
        &[
            "codegen/src/schema",
            "codegen/src/extract/page_log",
            "codegen/src/extract/lexicon",
            "codegen/src/extract/source",
        ],
    ),
    room("codegen/src/extract/tables", &["codegen/src/extract/syntax"]),
    room("codegen/src/extract/names", &["codegen/src/descriptor"]),
    room("codegen/src/extract/site_index", &["codegen/src/extract/tables"]),
    room("codegen/src/extract/classify", &["codegen/src/extract/syntax"]),
    room("codegen/src/extract/rules", &["codegen/src/extract/classify", "codegen/src/extract/site_index"])
        .seeing(&["codegen/src/recorded"]),
    room("codegen/src/extract/facts", &["codegen/src/extract/rules"])
        .seeing(&["codegen/src/extract/recorded_results"]),
    room("codegen/src/extract/events", &["codegen/src/extract/rules"]),
    room("codegen/src/extract/system", &["codegen/src/extract/facts"]),
    room("codegen/src/extract/merge", &["codegen/src/extract/facts"]),
    // What a portal sends to an application beside events.
    room("codegen/src/extract/sent", &["codegen/src/extract/facts"]),
    room("codegen/src/extract/entities", &["codegen/src/extract/rules"]),
    room(
        "codegen/src/extract/pages",
        &[
            "codegen/src/extract/entities",
            "codegen/src/extract/events",
            "codegen/src/extract/report",
            "codegen/src/extract/system",
        ],
    )
    .seeing(&["codegen/src/extract/options", "codegen/src/extract/recorded_results"]),
    room("codegen/src/extract/frozen", &["codegen/src/schema", "codegen/src/extract/page_log"]),
    room("codegen/src/extract/patch", &["codegen/src/extract/ledger", "codegen/src/extract/report"]),
    room(
        "codegen/src/extract/pipeline",
        &[
            "codegen/src/extract/frozen",
            "codegen/src/extract/merge",
            "codegen/src/extract/names",
            "codegen/src/extract/pages",
            "codegen/src/extract/patch",
            "codegen/src/extract/sent",
        ],
    ),
    room("codegen/src/extract/retained", &["codegen/src/extract/pipeline"]),
    room("codegen/src/extract/explain", &["codegen/src/extract/pipeline"]),
    room("codegen/src/extract/examples", &["codegen/src/extract/pages"]),
    room("codegen/src/extract/event_pages", &["codegen/src/extract/pages"]),
    room("codegen/src/extract/field_lists", &["codegen/src/extract/examples"]),
    room(
        "codegen/src/extract",
        &[
            "codegen/src/extract/event_pages",
            "codegen/src/extract/explain",
            "codegen/src/extract/field_lists",
            "codegen/src/extract/retained",
        ],
    ),
    room("codegen/src/conform", &["codegen/src/model", "codegen/src/recorded"]).seeing(&[
        "codegen/src/extract/event_pages",
        "codegen/src/extract/examples",
        "codegen/src/extract/field_lists",
    ]),
    room(
        "codegen/src/cli",
        &[
            "codegen/src/change_log",
            "codegen/src/conform",
            "codegen/src/diff",
            "codegen/src/export",
            "codegen/src/extract",
            "codegen/src/lint",
            "codegen/src/regenerate",
            "codegen/src/staging",
        ],
    ),
    // The core: the wire format, errors, and decisions.
    room("core/src/excerpt", &[]),
    room("core/src/include_methods", &[]),
    room("core/src/json_text", &[]),
    room("core/src/redirect", &[]),
    room("core/src/wire", &["core/src/excerpt", "core/src/json_text"]),
    room("core/src/php", &["core/src/wire"]),
    room("core/src/named", &["core/src/wire"]),
    room("core/src/raw_result", &["core/src/wire"]),
    room("core/src/file", &["core/src/wire"]),
    room("core/src/filter", &["core/src/wire"]),
    room("core/src/serialize", &["core/src/file", "core/src/filter"]),
    room("core/src/params", &["core/src/wire"]),
    room("core/src/response", &["core/src/wire"]),
    room("core/src/error", &["core/src/named", "core/src/raw_result", "core/src/wire"]),
    room("core/src/typed", &["core/src/wire"]),
    room("core/src/method", &["core/src/error", "core/src/params", "core/src/typed"]),
    room("core/src/raw", &["core/src/method"]),
    room("core/src/lenient", &["core/src/wire"]),
    room("core/src/rate_limit", &["core/src/method"]),
    room("core/src/oauth", &["core/src/error", "core/src/json_text", "core/src/php"]),
    room("core/src/events", &["core/src/oauth"]),
    room("core/src/placements", &["core/src/oauth"]),
    room("core/src/handlers", &["core/src/oauth"]),
    room(
        "core/src/tables",
        &["core/src/events", "core/src/handlers", "core/src/method", "core/src/placements"],
    ),
    room("core/src/envelope", &["core/src/error", "core/src/json_text", "core/src/response"]),
    room("core/src/retry", &["core/src/error", "core/src/rate_limit"]),
    room("core/src/batch", &["core/src/envelope", "core/src/method", "core/src/php", "core/src/rate_limit"]),
    room("core/src/list", &["core/src/batch"]),
    room("core/src/caller", &["core/src/list"]),
    room("core/src/recording", &["core/src/method", "core/src/php"]).seeing(&["core/src/batch"]),
    // The client: batches, lists and files are built from calls and do not use a transport.
    room("client/src/background_task", &[]),
    room("client/src/deadline", &[]),
    room("client/src/mismatch_report", &[]),
    room("client/src/observe", &[]),
    room("client/src/origin", &[]),
    room("client/src/overload", &[]),
    room("client/src/rate_limit", &[]),
    room("client/src/secret", &[]),
    room("client/src/webhook_url", &["client/src/origin", "client/src/secret"]),
    room("client/src/transport_error", &["client/src/origin"]),
    room("client/src/redirect", &["client/src/origin"]),
    room("client/src/http", &["client/src/transport_error"]),
    room("client/src/http_client", &[]),
    room("client/src/transport", &["client/src/http"]),
    room("client/src/oauth", &["client/src/http", "client/src/http_client", "client/src/webhook_url"]),
    room("client/src/credentials", &["client/src/oauth"]),
    room("client/src/recording", &["client/src/credentials", "client/src/observe"]),
    room(
        "client/src/client_inner",
        &[
            "client/src/mismatch_report",
            "client/src/overload",
            "client/src/rate_limit",
            "client/src/recording",
            "client/src/transport",
        ],
    ),
    room("client/src/call", &["client/src/client_inner", "client/src/deadline", "client/src/redirect"]),
    room("client/src/builder", &["client/src/client_inner", "client/src/deadline"]),
    room("client/src/client", &["client/src/builder", "client/src/call"]),
    room("client/src/portals", &["client/src/client"]),
    room("client/src/tower", &["client/src/client"]),
    room("client/src/batch", &["client/src/background_task"]).seeing(&[
        "client/src/client",
        "client/src/client_inner",
        "client/src/deadline",
    ]),
    room("client/src/bulk", &["client/src/batch"]).seeing(&[
        "client/src/call",
        "client/src/client",
        "client/src/transport_error",
    ]),
    room("client/src/rows", &["client/src/batch"]).seeing(&["client/src/call", "client/src/client"]),
    room("client/src/events", &["client/src/background_task", "client/src/batch"])
        .seeing(&["client/src/client"]),
    room("client/src/files", &["client/src/client"]),
    room("client/src/blocking", &["client/src/files", "client/src/rows"]),
    // The portal: what it stores and answers knows neither HTTP nor the pages for people.
    room("portal/src/health", &[]),
    room("portal/src/lock", &[]),
    room("portal/src/spec", &["portal/src/lock"]),
    room("portal/src/families", &["portal/src/spec"]),
    room("portal/src/php", &[]),
    room("portal/src/moment", &[]),
    room("portal/src/answer", &["portal/src/families", "portal/src/moment", "portal/src/php"]),
    room("portal/src/check", &["portal/src/families", "portal/src/php"]),
    room("portal/src/data", &["portal/src/lock"]),
    room("portal/src/exchange", &[]),
    room(
        "portal/src/store",
        &["portal/src/data", "portal/src/families", "portal/src/moment", "portal/src/php"],
    ),
    room(
        "portal/src/bindings",
        &["portal/src/answer", "portal/src/check", "portal/src/exchange", "portal/src/store"],
    ),
    room(
        "portal/src/oauth",
        &[
            "portal/src/answer",
            "portal/src/check",
            "portal/src/data",
            "portal/src/exchange",
            "portal/src/moment",
        ],
    ),
    room("portal/src/outgoing", &["portal/src/oauth"]),
    room("portal/src/batch", &["portal/src/check", "portal/src/exchange"]),
    room("portal/src/batch_v3", &["portal/src/check", "portal/src/exchange"]),
    room("portal/src/changes", &["portal/src/families"]),
    room("portal/src/deliveries", &["portal/src/outgoing"]),
    room("portal/src/fault", &["portal/src/check"]),
    room("portal/src/files", &["portal/src/answer", "portal/src/data"]),
    room("portal/src/idempotency", &["portal/src/check", "portal/src/data", "portal/src/exchange"]),
    room("portal/src/limits", &["portal/src/check"]),
    room("portal/src/uploads", &["portal/src/answer", "portal/src/data", "portal/src/exchange"]),
    room("portal/src/record", &["portal/src/exchange", "portal/src/spec"]),
    room("portal/src/script", &["portal/src/bindings"]),
    room(
        "portal/src/run",
        &["portal/src/bindings", "portal/src/changes", "portal/src/files", "portal/src/uploads"],
    ),
    room(
        "portal/src/state",
        &[
            "portal/src/batch",
            "portal/src/batch_v3",
            "portal/src/deliveries",
            "portal/src/fault",
            "portal/src/idempotency",
            "portal/src/limits",
            "portal/src/record",
            "portal/src/run",
            "portal/src/script",
        ],
    ),
    room("portal/src/application", &["portal/src/state"]),
    room("portal/src/control", &["portal/src/application"]),
    room("portal/src/page", &["portal/src/state"]),
    room("portal/src/http", &["portal/src/control", "portal/src/page"]),
    room("portal/src/portal", &["portal/src/http"]),
    room("portal/src/calls_back", &["portal/src/portal"]),
    room("portal/src/controls", &["portal/src/portal"]),
    room("portal/src/notify", &["portal/src/state"]),
];
