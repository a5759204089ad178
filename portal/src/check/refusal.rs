//! The documented error for what is wrong with a request.

use serde_json::{Value, json};

use super::messages::text;
use super::names::has_exact_names;
use super::problem::Problem;
use crate::families::fold;
use crate::spec::{Api, DocumentedError, Method, System};

/// An error response of a method.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Refusal {
    /// The HTTP status.
    pub status: u16,
    /// The error code.
    pub code: String,
    /// The description.
    pub message: String,
    /// Fields with what is wrong with each, in REST 3.
    pub validation: Vec<(String, String)>,
}

/// The language of messages of REST 2.
const ENGLISH: &str = "en";

/// The prefix of the codes of REST 3.
const V3: &str = "BITRIX_REST_V3_EXCEPTION_";

/// The ends of codes of REST 3.
const OF_REQUEST: &str = "VALIDATION_REQUESTVALIDATIONEXCEPTION";
const OF_DTO: &str = "VALIDATION_DTOVALIDATIONEXCEPTION";
const INVALID_SELECT: &str = "INVALIDSELECTEXCEPTION";
const NOT_FOUND: &str = "ENTITYNOTFOUNDEXCEPTION";
const UNKNOWN_FIELD: &str = "UNKNOWNDTOPROPERTYEXCEPTION";
const UNKNOWN_OPERATOR: &str = "UNKNOWNFILTEROPERATOREXCEPTION";
const NO_ACCESS: &str = "ACCESSDENIEDEXCEPTION";

impl Refusal {
    /// An error with a code that all methods have.
    pub(crate) fn system(system: &System, code: &str, message: impl Into<String>) -> Self {
        let error = system.error(code);
        Self {
            status: error.status.unwrap_or(400),
            code: error.code,
            message: message.into(),
            validation: Vec::new(),
        }
    }

    /// An error.
    pub fn new(status: u16, code: impl Into<String>, message: impl Into<String>) -> Self {
        Self { status, code: code.into(), message: message.into(), validation: Vec::new() }
    }

    /// The body of the response.
    pub(crate) fn body(&self, api: Api) -> Value {
        if api == Api::V2 {
            return json!({"error": self.code, "error_description": self.message});
        }
        let mut error = json!({"code": self.code, "message": self.message});
        if !self.validation.is_empty() {
            let entry = |(field, message): &(String, String)| json!({"field": field, "message": message});
            error["validation"] = self.validation.iter().map(entry).collect();
        }
        json!({"error": error})
    }
}

/// The error of a method for what is wrong with a request.
pub(crate) fn refuse(method: &Method, system: &System, problem: Problem<'_>) -> Refusal {
    match method.api {
        Api::V2 => refuse_v2(method, system, problem),
        Api::V3 => refuse_v3(method, system, problem),
    }
}

fn refuse_v2(method: &Method, system: &System, problem: Problem<'_>) -> Refusal {
    let known = method.errors.iter().filter(|error| !error.historical);
    let scored = known.map(|error| (score(method, error, problem), error)).filter(|(score, _)| *score > 0);
    // The first of the best: documents list the likely ones first.
    let best = scored.reduce(|best, next| if next.0 > best.0 { next } else { best });
    let Some((score, error)) = best else {
        return match problem {
            Problem::NotFound => Refusal::new(400, "", "Not found"),
            _ => Refusal::system(system, "INVALID_REQUEST", text(problem, ENGLISH)),
        };
    };
    Refusal {
        status: error.status.unwrap_or(400),
        code: error.code.clone(),
        // An error that is chosen for its code alone says something else.
        message: error
            .message
            .clone()
            .filter(|_| score > GENERAL)
            .unwrap_or_else(|| said(method, &error.code, problem)),
        validation: Vec::new(),
    }
}

/// The message of an error whose documented one is none.
fn said(method: &Method, code: &str, problem: Problem<'_>) -> String {
    match problem {
        // What the framework says whose methods bind parameters by name, whatever the language of the portal is.
        Problem::Missing(name) if code == "100" || has_exact_names(method) => {
            format!("Could not find value for parameter {{{name}}}")
        }
        Problem::NotFound if has_exact_names(method) => "Could not find entity with id".to_owned(),
        _ => text(problem, ENGLISH),
    }
}

/// The score of an error that many problems have.
const GENERAL: u32 = 2;

/// How well a documented error describes a problem. 0: not at all.
fn score(method: &Method, error: &DocumentedError, problem: Problem<'_>) -> u32 {
    let text = fold(&format!("{} {}", error.code, error.message.as_deref().unwrap_or_default()));
    let has = |words: &[&str]| words.iter().any(|word| text.contains(word));
    let names = |name: &str| text.contains(&fold(name));
    let is_inside = |name: &str| !method.params.properties.keys().any(|param| fold(param) == fold(name));
    let general = match error.code.as_str() {
        // The framework binds parameters, and knows nothing of what is inside them.
        "100" if matches!(problem, Problem::Missing(name) | Problem::WrongType(name) if is_inside(name)) => 1,
        "100" | "ERROR_ARGUMENT" | "INVALID_ARG_VALUE" | "WRONG_REQUEST" | "ERROR_CORE" => GENERAL,
        "" | "0" if error.message.is_none() => 1,
        _ => 0,
    };
    let particular = |name: &str, words: &[&str]| match (names(name), has(words)) {
        (true, true) => 6,
        (false, true) => 3,
        _ => general,
    };
    match problem {
        Problem::Missing(name) => particular(
            name,
            &[
                "missing",
                "couldnotfindvalue",
                "required",
                "empty",
                "notdefined",
                "notspecified",
                "notprovided",
                "mustbearray",
            ],
        ),
        Problem::WrongType(name) => particular(
            name,
            &["mustbe", "typeerror", "invalid", "notvalid", "wrong", "incorrect", "notdefined"],
        ),
        Problem::NotFound => of_absence(method, error, &text, general),
        Problem::Filter(_) | Problem::Operator(_) | Problem::Order(_) | Problem::UnknownOrder(_)
            if error.code == "INVALID_ARG_VALUE" =>
        {
            4
        }
        _ => general,
    }
}

/// The score for a row that does not exist.
fn of_absence(method: &Method, error: &DocumentedError, text: &str, general: u32) -> u32 {
    let name = error.name.as_deref().map(fold).unwrap_or_default();
    let says = |words: &[&str]| words.iter().any(|word| text.contains(word) || name.contains(word));
    if error.code.contains("METHOD") || is_about_another(method, text) || is_about_another(method, &name) {
        return general;
    }
    let is_none = error.name.as_deref().is_some_and(names_none);
    if is_none || says(&["notfound", "notexist", "doesnotexist", "isnotexists", "wrongtaskid"]) {
        // "Item not found" rather than "storage not found".
        return 6 + u32::from(own_word(method).is_some_and(|own| says(&[&own])));
    }
    match error.code.as_str() {
        code if says_wrong_id(method, code) => 5,
        // Rows that are found by the framework are constructed for the method.
        _ if says(&["couldnotconstructparameter", "constructor"]) => 4,
        "ACCESS_ERROR" | "ERROR_CORE" => GENERAL,
        _ => u32::from(general == 1),
    }
}

/// Whether the name of an error says that there is no such thing: `NoVatRateExists`, but not `NoAccess`.
fn names_none(name: &str) -> bool {
    let is_about_rights = ["Access", "Permission", "Right"].iter().any(|word| name.contains(word));
    let thing = name.strip_prefix("No").and_then(|thing| thing.chars().next());
    thing.is_some_and(|first| first.is_ascii_uppercase()) && !is_about_rights
}

/// What the method is about, folded: the last word but one of its name.
fn own_word(method: &Method) -> Option<String> {
    method.name.rsplit('.').nth(1).map(fold).filter(|own| !own.is_empty())
}

/// Whether an error is about a thing to which the method only refers: a user, or the bot that works on a chat.
fn is_about_another(method: &Method, text: &str) -> bool {
    let own = own_word(method).unwrap_or_default();
    let others = method.params.required.iter().map(|name| fold(name));
    let others = others.filter_map(|name| Some(name.strip_suffix("id")?.to_owned()));
    let mut others = others.chain(["user".to_owned()]).filter(|other| !other.is_empty() && *other != own);
    let names_own = !own.is_empty() && text.starts_with(&own);
    !names_own && others.any(|other| text.starts_with(&other) || other == "user" && text.contains("user"))
}

/// Whether a code says that an identifier is wrong: it is the name of the parameter, alone or with `ERROR`.
fn says_wrong_id(method: &Method, code: &str) -> bool {
    let mut ids = method.params.required.iter().filter(|name| fold(name).ends_with("id"));
    ids.any(|name| code.eq_ignore_ascii_case(name) || code.eq_ignore_ascii_case(&format!("{name}_ERROR")))
}

fn refuse_v3(method: &Method, system: &System, problem: Problem<'_>) -> Refusal {
    let documented = |name: &str| {
        let code = format!("{V3}{name}");
        method.errors.iter().find(|error| error.code == code)
    };
    let name = match problem {
        Problem::WrongType("select") if documented(INVALID_SELECT).is_some() => INVALID_SELECT,
        Problem::Missing(name) | Problem::WrongType(name) => {
            // Fields of an object that is sent are those of a DTO.
            let is_inside = !method.params.properties.contains_key(name);
            let names = if is_inside { [OF_DTO, OF_REQUEST] } else { [OF_REQUEST, OF_DTO] };
            names.into_iter().find(|name| documented(name).is_some()).unwrap_or(OF_REQUEST)
        }
        Problem::Unknown(_) => UNKNOWN_FIELD,
        // Some pages say that there is no access to a row that does not exist.
        Problem::NotFound if documented(NOT_FOUND).is_none() && documented(NO_ACCESS).is_some() => NO_ACCESS,
        Problem::NotFound => NOT_FOUND,
        Problem::Pagination => "INVALIDPAGINATIONEXCEPTION",
        Problem::Operator(_) if documented(UNKNOWN_OPERATOR).is_some() => UNKNOWN_OPERATOR,
        Problem::Filter(_) | Problem::Operator(_) => "INVALIDFILTEREXCEPTION",
        Problem::UnknownOrder(_) if documented(UNKNOWN_FIELD).is_some() => UNKNOWN_FIELD,
        Problem::Order(_) | Problem::UnknownOrder(_) => "INVALIDORDEREXCEPTION",
    };
    let status = documented(name).and_then(|error| error.status).unwrap_or(400);
    let mut refusal = Refusal::new(status, format!("{V3}{name}"), text(problem, &system.language));
    if let (true, Problem::Missing(field) | Problem::WrongType(field)) =
        (name.starts_with("VALIDATION"), problem)
    {
        refusal.validation.push((field.to_owned(), text(problem, &system.language)));
    }
    refusal
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::spec::Spec;

    #[test]
    fn a_row_that_does_not_exist_has_the_documented_code() {
        let spec = Spec::embedded();
        for (name, code) in [
            ("crm.deal.get", ""),
            ("crm.item.get", "NOT_FOUND"),
            ("sale.order.get", "201240400001"),
            ("sale.payment.delete", "200640400001"),
            ("sale.basketitem.get", "200140400001"),
            ("sale.persontype.get", "200740400001"),
            ("sale.status.get", "201340400001"),
            ("catalog.section.get", "200700300030"),
            ("catalog.section.update", "200700300030"),
            ("catalog.vat.get", "200800000000"),
            ("catalog.extra.get", "202000000000"),
            ("catalog.priceTypeLang.get", "201200000000"),
            ("catalog.store.get", "201100000000"),
            ("catalog.measure.get", "200600000020"),
            ("catalog.roundingRule.get", "200900000000"),
            ("documentgenerator.numerator.get", "100"),
            ("documentgenerator.role.delete", "100"),
            ("booking.v1.booking.get", "1021"),
            ("booking.v1.resource.get", "1009"),
            ("booking.v1.waitlist.get", "1040"),
            ("booking.v1.resourceType.get", "1013"),
            ("department.update", "ERROR_CORE"),
            ("department.delete", "ERROR_CORE"),
            ("user.update", "ERROR_CORE"),
            ("task.checklistitem.get", "ERROR_CORE"),
            ("task.commentitem.get", "ERROR_CORE"),
            ("entity.item.delete", "ERROR_ITEM_NOT_FOUND"),
            ("entity.section.delete", "ERROR_SECTION_NOT_FOUND"),
            ("entity.item.property.delete", "ERROR_PROPERTY_NOT_FOUND"),
        ] {
            let method = spec.method(Api::V2, name).unwrap_or_else(|| panic!("no {name}"));
            let refusal = refuse(&method, &spec.system, Problem::NotFound);
            assert_eq!(refusal.code, code, "{name}: {}", refusal.message);
        }
    }
}
