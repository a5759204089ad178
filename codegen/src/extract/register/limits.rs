//! Rules on the limits of a portal and of methods.

use crate::extract::register::rule::register;

register! {
    /// A table with columns of plans, of requests per second and of requests at once lists the rate limit of each
    /// plan; words such as "Others" stand for the plans that it does not name.
    PLAN_TABLE: "plan_table", LimitTable, "system limits/requests";
    /// Beside such a table, a sentence that requests are tracked separately for each portal, or one on the IP
    /// address that they come from, says what has a count of its own.
    COUNTED_BY_SENTENCE: "counted_by_sentence", Sentence, "system limits/counted_by";
    /// A sentence that the execution time of requests must not exceed one period within another gives the operating
    /// time of a method.
    OPERATING_TIME_SENTENCE: "operating_time_sentence", Sentence, "system limits/operating_time";
    /// A paragraph on the execution time of a single request names the period after which a portal ends it.
    REQUEST_TIME_SENTENCE: "request_time_sentence", Sentence, "system limits/request_seconds";
    /// A sentence on a batch with a number of requests or commands behind words such as "limited to" names the
    /// maximum of a batch.
    BATCH_LENGTH_SENTENCE: "batch_length_sentence", Sentence, "system limits/batch_commands";
    /// A sentence on list methods with a number of records per request names the rows of a page.
    PAGE_ROWS_SENTENCE: "page_rows_sentence", Sentence, "system limits/page_rows";
    /// The first document that names a limit of the system decides; a document that names another value is reported.
    SEVERAL_LIMITS: "several_limits", SeveralDocuments, "system limits";
    /// A limit of the system that no document names stays as the spec has it, and is reported.
    KEPT_LIMIT: "kept_limit", SeveralDocuments, "system limits";
    /// A sentence above the first heading that limits how often something is done in a period gives the rate limit
    /// of the method; it is counted for the whole portal, or for what the sentence names.
    RATE_LIMIT_SENTENCE: "rate_limit_sentence", Sentence, "rate_limit_per_sec, rate_limit";
    /// A row such as "Rate limit" in a table of an overview gives the rate limit of the methods with pages in its
    /// folder and below; the nearest overview decides, after the page of the method.
    RATE_LIMIT_OF_A_SECTION: "rate_limit_of_a_section", LimitTable, "rate_limit_per_sec, rate_limit";
    /// A rate limit of a method that the documents do not name stays as the spec has it, with its source.
    KEPT_RATE_LIMIT: "kept_rate_limit", SeveralDocuments, "rate_limit_per_sec, rate_limit";
}
