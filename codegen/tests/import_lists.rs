//! What pages say of reading: whether a method changes something, how its pages are asked for, where the rows are, and whether
//! they can be read by ascending identifier. The pages are our own.

use bitrix24_codegen::descriptor::{Descriptor, Keyset, Pagination};
use bitrix24_codegen::extract::{Document, Import, import};

/// A page, in the parts that tell of reading.
struct Page<'a> {
    method: &'a str,
    title: &'a str,
    text: &'a str,
    parameters: String,
    code: &'a str,
    answer: String,
}

impl Default for Page<'_> {
    fn default() -> Self {
        Self {
            method: "zoo.animal.list",
            title: "Get Animals",
            text: "The method returns animals.",
            parameters: String::new(),
            code: "",
            answer: answer("[{\"id\": 1}]", ""),
        }
    }
}

impl Page<'_> {
    fn import(&self) -> Import {
        let Self { method, title, text, parameters, code, answer } = self;
        let table = if parameters.is_empty() {
            String::new()
        } else {
            format!("#|\n|| **Name**\n`type` | **Description** ||\n{parameters}|#\n\n")
        };
        let page = format!(
            "# {title} {method}\n\n> Scope: [`zoo`](s.md)\n\n{text}\n\n## Method Parameters\n\n{table}## Code Examples\n\n```js\n{code}\n```\n\n\
             ## Response Handling\n\n{answer}\n\n## Error Handling\n\nNone.\n"
        );
        let path = format!("{}.md", method.replace('.', "-"));
        import(&[Document { path, bytes: page.into_bytes() }], &[], None, &[])
    }

    fn descriptor(&self) -> Descriptor {
        self.import().descriptors.remove(0)
    }
}

/// An example of an answer with what stands beside the result.
fn answer(result: &str, beside: &str) -> String {
    format!("```json\n{{\"result\": {result}{beside}, \"time\": {{\"start\": 1, \"finish\": 2}}}}\n```\n")
}

fn parameter(name: &str, of: &str) -> String {
    format!("|| **{name}**\n`{of}` | Something ||\n")
}

fn numbers(names: &[&str]) -> String {
    names.iter().map(|name| parameter(name, "integer")).collect()
}

#[test]
fn a_method_only_reads_where_its_name_and_its_page_agree() {
    for (method, title, text, changes) in [
        ("zoo.animal.get", "Get Animal", "The method returns an animal.", false),
        ("zoo.animal.get", "Animal", "The `zoo.animal.get` method is designed to retrieve an animal.", false),
        ("zoo.animal.isAsleep", "Check Sleep", "It tells whether the animal sleeps.", false),
        ("zoo.animal.status", "Get Status", "The method returns how the animal is.", false),
        ("zoo.animal.status", "Get Status", "How the animal is.", true),
        (
            "zoo.animal.get",
            "Get Link",
            "The method returns a link. Where there is none, it creates one.",
            true,
        ),
        ("zoo.animal.get", "Get News", "The method marks news as read.", true),
        ("zoo.animal.get", "Create Animal", "The method returns the animal.", true),
        ("zoo.animal.send", "Return Animal", "The method returns an animal to its cage.", true),
        ("zoo.animal.add", "Add Animal", "The method adds an animal.", true),
    ] {
        let descriptor = Page { method, title, text, ..Page::default() }.descriptor();
        assert_eq!(descriptor.changes, changes, "{method} {title} {text}");
        let told = descriptor.sources.iter().any(|source| source.decided.iter().any(|key| key == "changes"));
        assert_eq!(told, !changes, "{method} {title} {text}");
    }
}

#[test]
fn a_dispute_about_what_a_method_does_is_told() {
    for (method, text, told) in [
        ("zoo.animal.get", "The method deletes news.", true),
        ("zoo.animal.send", "The method returns an animal.", true),
        ("zoo.animal.get", "The method returns an animal.", false),
        ("zoo.animal.add", "The method adds an animal.", false),
    ] {
        let imported = Page { method, text, ..Page::default() }.import();
        let said: Vec<String> = imported.report.diagnostics.iter().map(ToString::to_string).collect();
        assert_eq!(said.iter().any(|said| said.contains("only reads")), told, "{method} {said:?}");
    }
}

#[test]
fn parameters_and_answers_tell_how_pages_are_asked_for() {
    let list = "[{\"id\": 1}]";
    let inside = "|| **params**\n`object` | [(detailed description)](#params) ||\n|#\n\n### Params {#params}\n\n#|\n|| **Name**\n\
                  `type` | **Description** ||\n|| **limit**\n`integer` | So many ||\n|| **offset**\n`integer` | From there ||\n";
    for (parameters, code, result, beside, pagination, page_at) in [
        (numbers(&["start"]), "", list, "", Pagination::Start, None),
        (parameter("start", "string"), "", list, ", \"total\": 1", Pagination::Start, None),
        (parameter("start", "string"), "", list, "", Pagination::None, None),
        (parameter("start", "datetime"), "", list, ", \"total\": 1", Pagination::Unknown, None),
        (numbers(&["start"]), "", "true", "", Pagination::None, None),
        (numbers(&["id"]), "", list, ", \"next\": 50", Pagination::Start, None),
        (numbers(&["id"]), "{ start: 0 }", list, ", \"total\": 1", Pagination::Start, None),
        (numbers(&["id"]), "{ start: 0 }", list, "", Pagination::None, None),
        (numbers(&["id"]), "", list, ", \"total\": 1", Pagination::Unknown, None),
        (numbers(&["id"]), "", "{\"animals\": [], \"total\": 1}", "", Pagination::None, None),
        (numbers(&["id"]), "", "{\"animal\": {\"id\": 1, \"name\": \"A\"}}", "", Pagination::None, None),
        (numbers(&["LIMIT", "OFFSET"]), "", list, "", Pagination::LimitOffset, None),
        (
            numbers(&["limit", "offset"]),
            "",
            "{\"animals\": [{\"id\": 1}], \"nextOffset\": 9}",
            "",
            Pagination::Unknown,
            None,
        ),
        (inside.to_owned(), "", list, "", Pagination::LimitOffset, Some("/params/offset")),
        (numbers(&["LAST_ID", "LIMIT"]), "", "{\"result\": {\"items\": []}}", "", Pagination::LastId, None),
        (numbers(&["page"]), "", list, "", Pagination::Page, None),
        (parameter("page", "string"), "", list, "", Pagination::None, None),
        (numbers(&["limit"]), "", list, "", Pagination::None, None),
    ] {
        let answer = answer(result, beside);
        let descriptor = Page { parameters, code, answer, ..Page::default() }.descriptor();
        let told = (descriptor.pagination, descriptor.page_at.as_deref());
        assert_eq!(told, (pagination, page_at), "{:?} {code} {result} {beside}", descriptor.params);
    }
}

#[test]
fn rest_3_asks_for_pages_in_an_object() {
    for (inner, pagination) in [
        (vec!["page", "limit"], Pagination::V3),
        (vec!["limit", "afterCursor"], Pagination::Cursor),
        (vec!["limit"], Pagination::Unknown),
    ] {
        let rows = numbers(&inner);
        let parameters = format!(
            "|| **pagination**\n`object` | [(detailed description)](#p) ||\n|#\n\n### Pagination {{#p}}\n\n#|\n|| **Name**\n`type` | \
             **Description** ||\n{rows}"
        );
        let code = "curl https://a.example/rest/api/zoo.animal.list";
        let descriptor = Page { parameters, code, ..Page::default() }.descriptor();
        assert_eq!(descriptor.pagination, pagination, "{inner:?}");
    }
}

/// The cell of a parameter with a list of words behind it.
fn listing(name: &str, of: &str, words: &[&str]) -> String {
    let items: String = words.iter().map(|word| format!("- `{word}` — that\n")).collect();
    format!("|| **{name}**\n`{of}` | Fields in the form `{{\"field_1\": \"value_1\"}}`:\n\n{items} ||\n")
}

#[test]
fn a_list_is_read_by_identifier_where_conditions_and_order_know_it() {
    let start = parameter("start", "integer");
    let keyset = |id: &str, row_id: Option<&str>, filter: &str, order: &str| {
        let (row_id, filter, order) = (row_id.map(str::to_owned), filter.to_owned(), order.to_owned());
        Some(Keyset { id: id.to_owned(), row_id, filter, order })
    };
    let operators = [">=", ">", "<"];
    let usual = keyset("id", None, "filter", "order");
    let order = listing("order", "object", &["asc", "desc"]);
    for (filter, order, code, expected) in [
        (listing("filter", "object", &operators), order.clone(), "", usual.clone()),
        (parameter("filter", "object"), order.clone(), "-d '{\"filter\": {\">=weight\": 7}}'", usual),
        // Nothing says that conditions compare.
        (parameter("filter", "object"), order.clone(), "", None),
        // The list of fields has another spelling, or no identifier.
        (
            listing("FILTER", "object", &[">", "field_n", "ID", "NAME"]),
            parameter("SORT", "object"),
            "",
            keyset("ID", Some("id"), "FILTER", "SORT"),
        ),
        (listing("filter", "object", &[">", "NAME"]), order.clone(), "", None),
        (
            listing("filter", "object", &operators),
            listing("ELEMENT_ORDER", "object", &["asc", "ID"]),
            "",
            keyset("ID", Some("id"), "filter", "ELEMENT_ORDER"),
        ),
        (listing("filter", "object", &operators), listing("order", "object", &["NAME"]), "", None),
        // An example has another spelling.
        (
            listing("filter", "object", &operators),
            order.clone(),
            "-d '{\"filter\": {\"<ID\": 7}, \"order\": {\"id\": \"asc\"}}'",
            keyset("ID", Some("id"), "filter", "order"),
        ),
        // The order is the name of one field, or there is none; there are no conditions.
        (listing("filter", "object", &operators), parameter("sort", "string"), "", None),
        (listing("filter", "object", &operators), String::new(), "", None),
        (String::new(), order, "", None),
    ] {
        let parameters = format!("{filter}{order}{start}");
        let descriptor = Page { parameters: parameters.clone(), code, ..Page::default() }.descriptor();
        assert_eq!(descriptor.keyset, expected, "{parameters} {code}");
    }
}

#[test]
fn what_cannot_be_walked_has_no_way_by_identifier() {
    let conditions = listing("filter", "object", &[">"]) + &parameter("order", "object");
    let paged = conditions.clone() + &parameter("start", "integer");
    for (parameters, result, text) in [
        (conditions, "[{\"id\": 1}]", "The method returns animals."),
        (paged.clone(), "[{\"name\": \"A\"}]", "The method returns animals."),
        (paged.clone(), "[{\"id\": \"cat\"}]", "The method returns animals."),
        (paged.clone(), "[{\"id\": 1, \"NAME\": \"A\"}]", "The method returns animals."),
        (paged, "[{\"id\": 1}]", "Mind the order of parameters in the request."),
    ] {
        let page = Page { parameters, text, answer: answer(result, ""), ..Page::default() };
        assert_eq!(page.descriptor().keyset, None, "{result} {text}");
    }
}
