//! The words in the names of fields that say what a field holds. Words are in lower case and singular.

use crate::extract::lexicon::phrases::Phrases;

/// The last words of the names of money, quantities and shares, which may be fractions whatever an example shows.
pub(crate) const MEASURES: Phrases = Phrases(&[
    "amount",
    "balance",
    "brutto",
    "budget",
    "coefficient",
    "cost",
    "discount",
    "fee",
    "gross",
    "latitude",
    "longitude",
    "netto",
    "opportunity",
    "percent",
    "percentage",
    "price",
    "quantity",
    "rate",
    "ratio",
    "revenue",
    "sum",
    "tax",
    "vat",
    "volume",
    "weight",
]);

/// The last words of the names of measures that many systems count in whole numbers: a documented integer is one.
pub(crate) const LENGTHS: Phrases = Phrases(&[
    "duration", "factor", "height", "lat", "length", "lng", "lon", "paid", "score", "value", "width",
]);

/// The words before a length that count letters, rows or dots on a screen.
pub(crate) const OF_SCREENS: Phrases = Phrases(&["field", "image", "list", "max", "min"]);

/// The words behind a measure that do not change what it is: `priceDelivery`, `PRICE_EXCLUSIVE`, `TAX_VALUE`.
pub(crate) const OF_MEASURES: Phrases = Phrases(&[
    "account",
    "base",
    "brutto",
    "common",
    "delivery",
    "exclusive",
    "from",
    "gross",
    "inclusive",
    "max",
    "min",
    "net",
    "netto",
    "paid",
    "reserved",
    "return",
    "sum",
    "to",
    "total",
    "value",
]);

/// The last words of the names of counts, positions and numbered kinds, which are integers although a portal writes them as
/// texts.
pub(crate) const COUNTS: Phrases = Phrases(&[
    "cnt",
    "count",
    "counter",
    "day",
    "decimal",
    "delay",
    "direction",
    "duration",
    "estimate",
    "height",
    "hour",
    "index",
    "level",
    "margin",
    "minute",
    "offset",
    "port",
    "priority",
    "repeat",
    "second",
    "size",
    "sort",
    "status",
    "ttl",
    "type",
    "width",
]);

/// The names of numbers of things.
pub(crate) const TALLIES: Phrases = Phrases(&["cnt", "count", "counter"]);

/// The words before `id` in the names of identifiers that are texts, even where an example shows digits.
pub(crate) const TEXT_KEYS: Phrases = Phrases(&[
    "auth",
    "call",
    "currency",
    "dialog",
    "document",
    "external",
    "guid",
    "lang",
    "language",
    "locale",
    "module",
    "origin",
    "originator",
    "uuid",
    "xml",
]);

/// The pairs of words before `id` that are the name of a text.
pub(crate) const PAIRED_TEXT_KEYS: &[(&str, &str)] = &[
    ("external", "order"),
    ("iblock", "type"),
    ("ps", "invoice"),
    ("provider", "group"),
    ("rq", "company"),
    ("site", "template"),
    ("user", "type"),
];

/// The names of identifiers of things of any kind: the entity of a chat, the object of an event.
pub(crate) const TEXT_KEYS_IN_FULL: &[&str] = &["entity_id", "itemId"];

/// The words before `id` in the names of identifiers that are numbers on every portal.
pub(crate) const NUMBERED_THINGS: Phrases = Phrases(&[
    "activity",
    "addr",
    "agreement",
    "attachment",
    "author",
    "bot",
    "catalog",
    "category",
    "chat",
    "comment",
    "company",
    "contact",
    "copied",
    "creator",
    "customer",
    "deal",
    "department",
    "element",
    "epic",
    "file",
    "flow",
    "folder",
    "form",
    "forum",
    "group",
    "iblock",
    "image",
    "landing",
    "lead",
    "location",
    "node",
    "order",
    "owner",
    "parent",
    "product",
    "quote",
    "responsible",
    "section",
    "sprint",
    "store",
    "task",
    "template",
    "topic",
    "user",
]);

/// The words before `by` in the names of fields that hold the identifier of a user.
pub(crate) const DONE_BY: Phrases = Phrases(&[
    "activity", "added", "approved", "assigned", "canceled", "changed", "closed", "created", "deleted",
    "edited", "locked", "modified", "modify", "moved", "started", "toggled", "updated",
]);

/// The first words of the names of flags.
pub(crate) const FLAG_STARTS: Phrases = Phrases(&[
    "allow",
    "allows",
    "autocomplete",
    "can",
    "contains",
    "disable",
    "enable",
    "has",
    "have",
    "hide",
    "is",
    "matches",
    "must",
    "need",
    "needs",
    "require",
    "requires",
    "show",
    "should",
    "use",
    "was",
    "with",
    "without",
]);

/// The last words of the names of flags.
pub(crate) const FLAG_ENDS: Phrases = Phrases(&[
    "active",
    "allowed",
    "deleted",
    "disabled",
    "editable",
    "enabled",
    "filterable",
    "hidden",
    "mandatory",
    "multiple",
    "opened",
    "required",
    "restricted",
    "searchable",
    "sortable",
    "visible",
]);

/// The last words of the names of flags that are also the names of other things, where an example shows `false`.
pub(crate) const FLAG_NOUNS: Phrases =
    Phrases(&["bot", "connector", "extranet", "network", "new", "replicate", "system"]);

/// The last words of the names of fields whose letters are codes: `Y` and `N` are two of several.
pub(crate) const LETTER_CODES: Phrases = Phrases(&[
    "code",
    "gender",
    "id",
    "kind",
    "mode",
    "name",
    "option",
    "options",
    "semantic",
    "semantics",
    "setting",
    "settings",
    "state",
    "status",
    "subscribe",
    "title",
    "type",
    "value",
]);

/// The last two words of such names.
pub(crate) const PAIRED_LETTER_CODES: &[(&str, &str)] =
    &[("create", "second"), ("create", "third"), ("is", "limit"), ("quantity", "trace"), ("show", "filter")];

/// The last words of the names of dates and times.
pub(crate) const DATES: Phrases =
    Phrases(&["begindate", "birthday", "closedate", "date", "datetime", "deadline", "enddate", "startdate"]);

/// The words before `time` in the names of moments, as against spans of time.
pub(crate) const EVENTS: Phrases = Phrases(&[
    "activity",
    "changed",
    "closed",
    "communication",
    "created",
    "delete",
    "deleted",
    "finished",
    "modified",
    "moved",
    "published",
    "updated",
]);

/// The words behind `date` in the names of dates.
pub(crate) const OF_DATES: Phrases = Phrases(&[
    "begin", "close", "create", "end", "finish", "from", "insert", "modify", "plan", "start", "to", "update",
]);

/// The words in the names of fields that are about a date and hold none.
pub(crate) const ABOUT_DATES: Phrases = Phrases(&[
    "allow",
    "changes",
    "count",
    "enabled",
    "field",
    "fields",
    "format",
    "formatted",
    "id",
    "is",
    "offset",
    "period",
    "reason",
    "responsible",
    "ts",
    "type",
    "utc",
]);

/// The last words of the names of texts.
pub(crate) const TEXTS: Phrases = Phrases(&[
    "address",
    "avatar",
    "caption",
    "city",
    "code",
    "color",
    "comment",
    "country",
    "coupon",
    "description",
    "email",
    "fax",
    "gender",
    "guid",
    "icon",
    "label",
    "link",
    "login",
    "message",
    "mobile",
    "name",
    "note",
    "phone",
    "position",
    "reason",
    "regexp",
    "skype",
    "street",
    "text",
    "timezone",
    "title",
    "url",
    "www",
    "zip",
]);

/// The last words of the names of fields that hold anything: what one example looks like says nothing of the next.
pub(crate) const ANYTHING: Phrases = Phrases(&[
    "code", "data", "default", "label", "name", "number", "text", "title", "value", "values", "version",
]);

/// The last words of the names of fields whose type depends on what else the object holds: on the kind of a field, for example.
pub(crate) const VARYING: Phrases = Phrases(&["data", "default", "raw", "value", "values"]);

/// The languages of portals, which are the keys of texts in several languages.
pub(crate) const LANGUAGES: Phrases = Phrases(&[
    "ar", "br", "by", "cn", "co", "de", "en", "es", "fr", "hi", "hu", "id", "in", "it", "ja", "kz", "la",
    "ms", "mx", "pl", "ro", "ru", "sc", "tc", "th", "tr", "ua", "uk", "vn",
]);
