//! The words around limits: plans, units of time, and the sentences that name a limit.

use crate::descriptor::CountedBy;
use crate::extract::lexicon::phrases::Phrases;

/// Heads of the column of plans.
pub(crate) const PLAN_HEADS: Phrases =
    Phrases(&["plan", "plans", "pricing plan", "tariff", "тариф", "тарифный план"]);
/// Parts of the head of the column of requests per second.
pub(crate) const RATE_HEADS: Phrases =
    Phrases(&["decrease", "per second", "leak", "уменьшени", "в секунду", "снижени"]);
/// Parts of the head of the column of requests at once.
pub(crate) const BURST_HEADS: Phrases =
    Phrases(&["before blocking", "threshold", "at once", "до блокировки", "порог"]);
/// Words in place of a plan for all that the table does not name.
pub(crate) const OTHER_PLANS: Phrases = Phrases(&[
    "other",
    "others",
    "all other",
    "all others",
    "other plans",
    "all other plans",
    "остальные",
    "все остальные",
    "остальные тарифы",
    "другие",
]);
/// Names of plans in other spellings, each with the one of descriptors.
pub(crate) const PLAN_NAMES: &[(&str, &str)] = &[("энтерпрайз", "Enterprise")];

/// Statements that each portal has a count of its own.
pub(crate) const COUNTED_BY_PORTAL: Phrases = Phrases(&[
    "tracked separately for each",
    "counted separately for each",
    "отслеживается отдельно для каждого",
    "считается отдельно для каждого",
    "учитывается отдельно для каждого",
]);
/// Statements that requests are counted by the address that they come from.
pub(crate) const COUNTED_BY_ADDRESS: Phrases =
    Phrases(&["ip address from which", "source ip address", "ip-адрес, с которого", "ip адрес, с которого"]);

/// Words for the time that a method has taken.
pub(crate) const OPERATING_TIME: Phrases =
    Phrases(&["execution time", "operating time", "время выполнения", "время работы"]);
/// Words for going beyond a limit.
pub(crate) const EXCEEDS: Phrases = Phrases(&["exceed", "превы"]);
/// Words for the time of one request.
pub(crate) const TIME_OF_ONE_REQUEST: Phrases = Phrases(&[
    "execution time of a single request",
    "execution time of one request",
    "время выполнения одного запроса",
    "время выполнения запроса ограничено",
]);

/// Words for a batch, as words of a sentence.
pub(crate) const BATCH: Phrases = Phrases(&["batch", "пакет", "пакете", "пакета", "пакетный", "пакетного"]);
/// Words in front of the number of commands.
pub(crate) const COMMANDS_LEAD: Phrases =
    Phrases(&["limited to", "up to", "no more than", "at most", "execute", "ограничено", "не более", "до"]);
/// Parts of a sentence on the commands of a batch.
pub(crate) const COMMANDS: Phrases = Phrases(&["request", "command", "запрос", "команд"]);

/// Words for methods that return lists.
pub(crate) const LIST_METHODS: Phrases =
    Phrases(&["list methods", "*.list", "списочные методы", "списочных методов"]);
/// Words behind the number of rows of a page.
pub(crate) const ROWS_OF_A_PAGE: Phrases = Phrases(&[
    "records per request",
    "records at a time",
    "items per request",
    "rows per request",
    "записей за запрос",
    "записей за один запрос",
    "элементов за запрос",
]);

/// Names of the row on the frequency of calls in a table of limits.
pub(crate) const RATE_LIMIT_ROWS: Phrases = Phrases(&[
    "rate limit",
    "request rate",
    "request limit",
    "лимит запросов",
    "частота запросов",
    "ограничение частоты запросов",
]);
/// Parts of a sentence that limits something.
pub(crate) const LIMITS: Phrases = Phrases(&[
    "no more",
    "not more",
    "at most",
    "more than once",
    "more often than",
    "up to",
    "limited to",
    "must not exceed",
    "cannot exceed",
    "rate limit",
    "не чаще",
    "не более",
    "ограничен",
]);
/// Words for one call.
pub(crate) const ONCE: Phrases = Phrases(&["once", "one time", "один раз", "1 раз"]);
/// Words behind a number of calls.
pub(crate) const CALLS: Phrases = Phrases(&["request", "call", "time", "запрос", "вызов", "обращени", "раз"]);
/// Words in front of a period.
pub(crate) const PER: Phrases = Phrases(&[
    "per",
    "every",
    "each",
    "a",
    "in",
    "within",
    "during",
    "в",
    "за",
    "каждые",
    "каждую",
    "течение",
]);
/// Words for the number one in front of a unit.
pub(crate) const ONE: Phrases =
    Phrases(&["one", "a", "an", "the", "each", "every", "один", "одну", "каждую"]);

/// The units of time by the beginnings of their words, in seconds.
const UNITS: &[(&str, u32)] = &[
    ("sec", 1),
    ("сек", 1),
    ("min", 60),
    ("мин", 60),
    ("hour", 3_600),
    ("час", 3_600),
    ("day", 86_400),
    ("дня", 86_400),
    ("дней", 86_400),
    ("день", 86_400),
    ("сутки", 86_400),
    ("week", 604_800),
    ("недел", 604_800),
];

/// What a limit is counted for, by parts of its sentence.
const COUNTED_BY: &[(CountedBy, Phrases)] = &[
    (
        CountedBy::User,
        Phrases(&[
            "per user",
            "for each user",
            "per recipient",
            "одному пользователю",
            "для каждого пользователя",
        ]),
    ),
    (
        CountedBy::Application,
        Phrases(&[
            "per application",
            "per app",
            "for each application",
            "на приложение",
            "для каждого приложения",
        ]),
    ),
    (CountedBy::Address, Phrases(&["per ip", "for each ip", "с одного ip"])),
];

/// The seconds of a unit, by the beginning of a text.
pub(crate) fn unit(text: &str) -> Option<u32> {
    let text = text.to_lowercase();
    UNITS.iter().find(|(word, _)| text.starts_with(word)).map(|(_, seconds)| *seconds)
}

/// What the limit of a sentence is counted for. Default: the portal.
pub(crate) fn counted_by(sentence: &str) -> CountedBy {
    let found = COUNTED_BY.iter().find(|(_, phrases)| phrases.stand_in(sentence));
    found.map_or(CountedBy::Portal, |(by, _)| *by)
}
