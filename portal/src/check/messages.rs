//! Messages of errors in several languages. REST 3 has them in the language of the portal.

use super::problem::Problem;

/// Messages of a language. `{}` is the name of a parameter or field.
struct Messages {
    language: &'static str,
    missing: &'static str,
    wrong_type: &'static str,
    unknown: &'static str,
    not_found: &'static str,
    pagination: &'static str,
    filter: &'static str,
    order: &'static str,
}

const ENGLISH: Messages = Messages {
    language: "en",
    missing: "The required parameter {} is missing",
    wrong_type: "The parameter {} has a value of another type",
    unknown: "There is no field {}",
    not_found: "Not found",
    pagination: "The pagination is invalid",
    filter: "The condition on {} is invalid",
    order: "Rows cannot be sorted by {}",
};

const OTHERS: [Messages; 2] = [
    Messages {
        language: "de",
        missing: "Der Pflichtparameter {} fehlt",
        wrong_type: "Der Parameter {} hat einen Wert anderen Typs",
        unknown: "Es gibt kein Feld {}",
        not_found: "Nicht gefunden",
        pagination: "Die Angabe der Seite ist ungültig",
        filter: "Die Bedingung für {} ist ungültig",
        order: "Nach {} kann nicht sortiert werden",
    },
    Messages {
        language: "ru",
        missing: "Не задан обязательный параметр {}",
        wrong_type: "Значение параметра {} другого типа",
        unknown: "Поля {} нет",
        not_found: "Не найдено",
        pagination: "Страница указана неверно",
        filter: "Условие для {} неверно",
        order: "Сортировать по {} нельзя",
    },
];

/// The message for a problem, in English if the language has none.
pub(super) fn text(problem: Problem<'_>, language: &str) -> String {
    let found = OTHERS.iter().find(|messages| messages.language.eq_ignore_ascii_case(language));
    let messages = found.unwrap_or(&ENGLISH);
    match problem {
        Problem::Missing(name) => messages.missing.replace("{}", name),
        Problem::WrongType(name) => messages.wrong_type.replace("{}", name),
        Problem::Unknown(name) => messages.unknown.replace("{}", name),
        Problem::NotFound => messages.not_found.to_owned(),
        Problem::Pagination => messages.pagination.to_owned(),
        Problem::Filter(name) | Problem::Operator(name) => messages.filter.replace("{}", name),
        Problem::Order(name) | Problem::UnknownOrder(name) => messages.order.replace("{}", name),
    }
}
