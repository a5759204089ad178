//! The parameters of the requests for pages.

use bitrix24_core::list::Paginator;
use bitrix24_core::{Api, ErrorKind, MethodInfo, Pagination, Value, json};

use super::walk::{counted, list, map, page, rows, walk};

#[test]
fn a_result_that_is_a_list_is_read_as_rows_without_a_rows_pointer() {
    let info = MethodInfo::new(Api::V2, "stock.list").with_pagination(Pagination::Unknown);
    let page = |ids, total| json!({"result": rows(ids), "total": total});
    let walked = walk(info, json!({}), &[page(0..50, 70), page(50..70, 70)]);
    assert_eq!(Value::Array(walked.requests), json!([{}, {"start": 50}]));
    assert_eq!((walked.new_pages, walked.failure.is_none()), (2, true));
}

#[test]
fn a_nested_page_parameter_is_set_in_its_place() {
    let offset = list(Pagination::LimitOffset).with_page_pointer("/params/offset");
    let third = list(Pagination::Page).with_positional().with_page_pointer("/2/NAV_PARAMS/iNumPage");
    let cases = [
        (
            offset,
            json!({"Params": {"limit": 50, "offset": 10}}),
            vec![page(10..60), page(60..70), page(0..0)],
            json!([
                {"Params": {"limit": 50, "offset": 10}},
                {"Params": {"limit": 50, "offset": 60}},
                {"Params": {"limit": 50, "offset": 70}},
            ]),
        ),
        (
            third,
            json!({}),
            vec![page(0..50), page(50..60), page(0..0)],
            json!([
                {},
                {"0": [], "1": [], "2": {"NAV_PARAMS": {"iNumPage": 2}}},
                {"0": [], "1": [], "2": {"NAV_PARAMS": {"iNumPage": 3}}},
            ]),
        ),
        (
            third,
            json!({"0": {"ID": "asc"}, "1": [], "2": {"NAV_PARAMS": {"nPageSize": 20, "iNumPage": 4}}, "3": ["ID"]}),
            vec![page(60..80), page(0..0)],
            json!([
                {"0": {"ID": "asc"}, "1": [], "2": {"NAV_PARAMS": {"nPageSize": 20, "iNumPage": 4}}, "3": ["ID"]},
                {"0": {"ID": "asc"}, "1": [], "2": {"NAV_PARAMS": {"nPageSize": 20, "iNumPage": 5}}, "3": ["ID"]},
            ]),
        ),
    ];
    for (info, params, pages, expected) in cases {
        let walked = walk(info, params, &pages);
        // As text, because the order of positions matters.
        assert_eq!(Value::Array(walked.requests).to_string(), expected.to_string());
        assert_eq!(walked.new_pages, pages.len());
        assert!(walked.failure.is_none(), "{:?}", walked.failure);
    }
}

#[test]
fn positional_parameters_without_a_page_pointer_fail_after_one_page() {
    let info = list(Pagination::Unknown).with_positional();
    let walked = walk(info, json!({"0": {"ID": "asc"}}), &[counted(0..50, json!(50), json!(99))]);
    assert_eq!(walked.new_pages, 1);
    assert!(walked.failure.unwrap().to_string().contains("positional parameters"));
}

#[test]
fn an_invalid_start_of_a_list_is_refused_before_anything_is_sent() {
    let unknown = MethodInfo::new(Api::V2, "stock.list").with_pagination(Pagination::Page);
    let cases = [
        (list(Pagination::Start), json!({"start": -1}), "by identifier"),
        (list(Pagination::Start), json!({"START": "first"}), "`start` is the start of the list"),
        (
            list(Pagination::LimitOffset),
            json!({"OFFSET": -5}),
            "expected a number that is not negative, found -5",
        ),
        (list(Pagination::Page), json!({"page": {"a": 1}}), "expected a number that is not negative"),
        (list(Pagination::V3), json!({"pagination": 7}), "expected an object, found 7"),
        (list(Pagination::V3), json!({"pagination": {"page": "x"}}), "`page`"),
        (list(Pagination::Cursor), json!({"pagination": [1]}), "expected an object"),
        (
            list(Pagination::Page).with_page_pointer("/nav/page"),
            json!({"nav": {"page": "x"}}),
            "`page` is the start",
        ),
        (list(Pagination::Page).with_page_pointer("/nav/page"), json!({"nav": 7}), "has no `page`"),
        (unknown, json!({}), "rows_pointer"),
    ];
    for (info, params, text) in cases {
        let failure = Paginator::new(info, map(params.clone())).unwrap_err();
        assert_eq!(failure.kind(), ErrorKind::Request, "{params}");
        assert!(failure.to_string().contains(text), "{params}: {failure}");
    }
}
