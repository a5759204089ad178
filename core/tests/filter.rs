//! Conditions as a portal reads them.

use bitrix24_core::filter::{Conditions, Filter};
use bitrix24_core::json;
use bitrix24_core::wire::YesNo;

#[test]
fn each_comparison_stands_before_the_name_in_rest_2() {
    let new = Filter::new;
    let cases = [
        (new(), json!({})),
        (new().field("ACTIVE", YesNo::from(true)), json!({"ACTIVE": "Y"})),
        (new().equal("ID", 7), json!({"=ID": 7})),
        (new().not_equal("STAGE_ID", "LOSE"), json!({"!=STAGE_ID": "LOSE"})),
        (new().above("ID", 7).below("ID", 9), json!({">ID": 7, "<ID": 9})),
        (new().between("OPPORTUNITY", 1.5, 2.5), json!({">=OPPORTUNITY": 1.5, "<=OPPORTUNITY": 2.5})),
        (new().one_of("ID", [1, 2]), json!({"@ID": [1, 2]})),
        (new().none_of("STAGE_ID", ["A", "B"]), json!({"!@STAGE_ID": ["A", "B"]})),
        (new().contains("TITLE", "100%"), json!({"%TITLE": "100%"})),
        (new().not_contains("TITLE", "x"), json!({"!%TITLE": "x"})),
        (new().like("TITLE", "Żółw%"), json!({"=%TITLE": "Żółw%"})),
        (new().not_like("TITLE", "%old"), json!({"!=%TITLE": "%old"})),
        (new().equal("CLOSED", json!(null)), json!({"=CLOSED": null})),
        (new().equal("A", 1).equal("A", 2), json!({"=A": 2})),
        (
            new().any_of([new().equal("a", 1)]).any_of([new().equal("b", 2), new().above("c", 3)]),
            json!({"0": {"logic": "OR", "0": {"=a": 1}}, "1": {"logic": "OR", "0": {"=b": 2}, "1": {">c": 3}}}),
        ),
    ];
    for (filter, expected) in cases {
        assert_eq!(filter.to_json(), expected);
        let collected: serde_json::Map<_, _> = filter.into_iter().collect();
        assert_eq!(json!(collected), expected);
    }
}

#[test]
fn each_condition_is_a_triple_in_rest_3() {
    let new = Conditions::new;
    let cases = [
        (new(), json!([])),
        (new().equal("status", "NEW"), json!([["status", "=", "NEW"]])),
        (new().not_equal("status", "NEW"), json!([["status", "!=", "NEW"]])),
        (new().above("id", 7).above("id", 8), json!([["id", ">", 7], ["id", ">", 8]])),
        (new().at_least("id", 7).at_most("id", 9), json!([["id", ">=", 7], ["id", "<=", 9]])),
        (new().between("id", 7, 9), json!([["id", "between", [7, 9]]])),
        (new().one_of("id", [7, 9]), json!([["id", "in", [7, 9]]])),
        (
            new().any_of([new().below("id", 3), new().equal("a", 1).equal("b", 2)]),
            json!([{"logic": "or", "conditions": [
                ["id", "<", 3],
                {"logic": "and", "conditions": [["a", "=", 1], ["b", "=", 2]]},
            ]}]),
        ),
    ];
    for (conditions, expected) in cases {
        assert_eq!(conditions.to_json(), expected);
        assert_eq!(json!(conditions.into_iter().collect::<Vec<_>>()), expected);
    }
}
