//! What an error means to most callers, whichever shape a portal gives it.
//!
//! Methods express the same error as a code (`ACCESS_DENIED`), as a message beside an empty or another code (`Access denied`), or
//! as an HTTP status (403). The tables are drawn from the codes and messages that the documentation lists; a test of the generator
//! (`codegen/tests/error_meanings.rs`) shows how each of them is understood.

use super::error_code::message_key;
use super::failure::Failure;
use super::kind::ErrorKind;
use super::rejection::Rejection;
use crate::system::SystemError;

/// What a text says about the reason of an error. A few messages say both: "Access denied or flow not found".
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Verdict {
    pub(super) access_denied: bool,
    pub(super) not_found: bool,
}

/// Parts of codes, names and messages, in the form of [`message_key`], that mean missing rights.
const ACCESS_DENIED: &[&str] = &[
    "accessdenied",
    "accesserror",
    "accessexception",
    "accessisdenied",
    "accesstothetasktemplateisdenied",
    "actionnotallowed",
    "actiononthetaskisnotallowed",
    "allowedonlyintranetuser",
    "documentrights",
    "donthaveaccess",
    "insufficientpermission",
    "insufficientrights",
    "insufficientscope",
    "isnotadmin",
    "methodconfirmdenied",
    "noaccess",
    "nopermission",
    "nothaveaccess",
    "nothavepermission",
    "permissiondenied",
    "sufficientpermissions",
    "sufficientrights",
    "wrongauthtype",
    "wronguserpermission",
    "youarenotallowed",
    "вдоступеотказано",
    "доступзапрещ",
    "доступзакрыт",
    "недостаточноправ",
    "нетдоступа",
    "нетправ",
    "отказановдоступе",
];

/// Parts that mean that a record does not exist.
const NOT_FOUND: &[&str] =
    &["notexist", "notfound", "placementnoexist", "nosuchrecord", "ненайден", "несуществует"];

/// Parts that mean that something other than a record does not exist.
const NO_RECORD: &[&str] =
    &["applicationnotfound", "appnotfound", "fieldnotfoundexception", "methodnotfound", "module"];

/// Parts that mean that requests come too fast.
const LIMIT: &[&str] = &["querylimitexceeded", "toomanyrequests", "ratelimit"];

/// Parts that occur inside other words too ("Corporate limit", "Transaction not allowed"): they count from the start of a word.
const FROM_WORD_START: &[&str] = &["actionnotallowed", "нетправ", "ratelimit"];

/// Parts that are the start of other words too ("Нет правил"): they count to the end of a word.
const TO_WORD_END: &[&str] = &["нетправ"];

impl Failure {
    /// Whether the portal refused the request because of missing rights; see
    /// [`Error::is_access_denied`](super::Error::is_access_denied). The name of a documented error is not known here.
    pub fn is_access_denied(&self) -> bool {
        self.verdict(None).access_denied
    }

    /// Whether the record does not exist; see [`Error::is_not_found`](super::Error::is_not_found). The name of a documented error
    /// is not known here.
    pub fn is_not_found(&self) -> bool {
        self.verdict(None).not_found
    }

    /// Whether the portal refused the request because of its rate limits; see [`Error::is_limit`](super::Error::is_limit).
    pub fn is_limit(&self) -> bool {
        let is_portal = self.kind != ErrorKind::Authorization;
        let is_overload =
            |code| SystemError::from_code(code) == Some(SystemError::OverloadLimit) || says(code, LIMIT);
        Rejection::from_failure(self).is_some()
            || is_portal && self.status == Some(429)
            || self.portal_code().is_some_and(|code| is_overload(code) || says(&self.description, LIMIT))
    }

    /// The verdict of the first that says something: the code, the `name` of the documented error, the message, the status.
    pub(super) fn verdict(&self, name: Option<&str>) -> Verdict {
        let Some(code) = self.portal_code() else { return Verdict::default() };
        let texts = [Some(code), name, Some(&*self.description)];
        let by_text = texts.into_iter().flatten().find_map(verdict_of_text);
        by_text.unwrap_or_else(|| Verdict {
            access_denied: self.status == Some(403) || is_forbidden_number(code),
            // Only the portal's own 404 is about a record: other servers send it for a wrong address.
            not_found: self.status == Some(404),
        })
    }

    /// The code, if the portal returned the error; it may be empty.
    fn portal_code(&self) -> Option<&str> {
        self.code().filter(|_| self.kind != ErrorKind::Authorization)
    }
}

/// What a text says; `None` if it says nothing about rights and existence.
fn verdict_of_text(text: &str) -> Option<Verdict> {
    let key = message_key(text);
    let says = |parts: &[&str]| parts.iter().any(|part| contains(text, &key, part));
    let is_about_other = says(NO_RECORD);
    let verdict = Verdict {
        access_denied: says(ACCESS_DENIED),
        not_found: !is_about_other && (says(NOT_FOUND) || is_name_of_none(text)),
    };
    (is_about_other || verdict != Verdict::default()).then_some(verdict)
}

/// Whether this is the name of a numeric code, such as `NoVatRateExists`. A message may begin and end alike: "Note already exists".
fn is_name_of_none(text: &str) -> bool {
    let is_word = |rest: &str| rest.starts_with(|c: char| c.is_ascii_uppercase()) && rest != "Exists";
    text.ends_with("Exists") && text.strip_prefix("No").is_some_and(is_word)
}

/// Whether a code is a number of the catalog's scheme with 403 inside: `200040300010`.
fn is_forbidden_number(code: &str) -> bool {
    code.len() == 12 && code.bytes().all(|byte| byte.is_ascii_digit()) && code.get(4..7) == Some("403")
}

fn says(text: &str, parts: &[&str]) -> bool {
    let key = message_key(text);
    parts.iter().any(|part| contains(text, &key, part))
}

/// Whether the key of a text contains a part, between words if the part requires it.
fn contains(text: &str, key: &str, part: &str) -> bool {
    let (from_start, to_end) = (FROM_WORD_START.contains(&part), TO_WORD_END.contains(&part));
    if !key.contains(part) {
        return false;
    }
    if !from_start && !to_end {
        return true;
    }
    let edges = word_edges(text);
    let is_edge = |place| edges.binary_search(&place).is_ok();
    let is_between = |start, end| (!from_start || is_edge(start)) && (!to_end || is_edge(end));
    key.match_indices(part).any(|(start, part)| is_between(start, start + part.len()))
}

/// The places in the key of a text where a word starts or ends, in ascending order. `ActionNotAllowed` has three words.
fn word_edges(text: &str) -> Vec<usize> {
    let mut spaced = String::with_capacity(text.len());
    let mut after_lowercase = false;
    for c in text.chars() {
        if after_lowercase && c.is_uppercase() {
            spaced.push(' ');
        }
        spaced.push(c);
        after_lowercase = c.is_lowercase();
    }
    let mut edges = vec![0];
    let mut length = 0;
    for word in spaced.to_lowercase().split("<br").flat_map(|line| line.split(|c: char| !c.is_alphanumeric()))
    {
        length += word.len();
        edges.push(length);
    }
    edges
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What a failure means: `a`ccess denied, `n`ot found, `l`imit.
    fn meaning(failure: &Failure) -> String {
        let meanings =
            [(failure.is_access_denied(), 'a'), (failure.is_not_found(), 'n'), (failure.is_limit(), 'l')];
        meanings.into_iter().filter_map(|(applies, letter)| applies.then_some(letter)).collect()
    }

    #[test]
    fn a_meaning_has_three_shapes() {
        let cases = [
            (400, "ACCESS_DENIED", "", "a"),
            (400, "", "Access denied.", "a"),
            (400, "ERROR_CORE", "Access denied!<br>", "a"),
            (400, "0", "Доступ запрещён", "a"),
            (403, "SOMETHING_NEW", "", "a"),
            (400, "200040300010", "", "a"),
            (403, "BITRIX_REST_V3_EXCEPTION_ACCESSDENIEDEXCEPTION", "", "a"),
            (403, "insufficient_scope", "", "a"),
            (400, "NOT_FOUND", "", "n"),
            (400, "ERROR_ENTITY_NOT_FOUND", "", "n"),
            (400, "", "Not found", "n"),
            (400, "0", "The specified price type does not exist", "n"),
            (400, "200040400010", "NoVatRateExists", "n"),
            (400, "", "Note already exists", ""),
            (400, "", "Note already exists.", ""),
            (404, "", "Gone", "n"),
            (404, "BITRIX_REST_V3_EXCEPTION_ENTITYNOTFOUNDEXCEPTION", "", "n"),
            (400, "0", "Access denied or flow not found", "an"),
            (404, "ERROR_METHOD_NOT_FOUND", "Method not found!", ""),
            (401, "APPLICATION_NOT_FOUND", "Application not found", ""),
            (503, "QUERY_LIMIT_EXCEEDED", "Too many requests", "l"),
            (429, "OPERATION_TIME_LIMIT", "", "l"),
            (503, "OVERLOAD_LIMIT", "", "l"),
            (429, "NEW", "", "l"),
            (400, "ERROR_CORE", "Too many requests", "l"),
            (429, "BITRIX_REST_V3_EXCEPTION_RATELIMITEXCEPTION", "", "l"),
            (400, "SITE_LIMIT_REACHED", "", ""),
            (400, "", "Corporate limit reached", ""),
            (400, "", "Rate limit reached", "l"),
            (400, "RATE_LIMIT", "", "l"),
            (400, "", "Transaction not allowed", ""),
            (400, "", "TransactionNotAllowed", ""),
            (400, "", "Transaction failed: action not allowed", "a"),
            (400, "ERROR", "Sorry.<br>ActionNotAllowed", "a"),
            (400, "ACTION_NOT_ALLOWED", "", "a"),
            (400, "", "Нет правил для этого поля", ""),
            (400, "", "Интернет прав", ""),
            (400, "", "Нет прав на чтение", "a"),
            (400, "", "Нет прав.", "a"),
            (400, "CHAT_ID_EMPTY", "There is no chat without a number", ""),
            (401, "expired_token", "", ""),
        ];
        for (status, code, message, expected) in cases {
            let failure = Failure::from_response(status, code, message);
            assert_eq!(meaning(&failure), expected, "{status} {code:?} {message:?}");
        }
    }

    #[test]
    fn other_servers_do_not_speak_about_records_and_rights() {
        let page = |status| Failure::new(ErrorKind::NotJson, "the response is not JSON").with_status(status);
        assert_eq!([403, 404, 429].map(|status| meaning(&page(status))), ["", "", "l"]);
        let auth = Failure::auth(403, "ACCESS_DENIED", "Not found");
        assert_eq!(meaning(&auth), "", "the authorization server has its own codes");
    }
}
