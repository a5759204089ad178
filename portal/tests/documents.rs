//! Documents of templates: numbers and titles, public links, fields, regions.

#[path = "support/program.rs"]
mod program;

use program::Program;
use serde_json::{Value, json};

/// Adds a template of an item of the CRM.
async fn template(caller: &Program) {
    let template =
        json!({"name": "Offer", "file": "UEsDBA==", "numeratorId": 1, "region": "de", "entityTypeId": ["2"]});
    caller.call("crm.documentgenerator.template.add", json!({"fields": template})).await;
}

#[tokio::test]
async fn a_document_has_a_number_a_title_and_a_public_link() {
    let caller = Program::start().await;
    template(&caller).await;
    let rest = json!({"name": "Letter", "file": "UEsDBA==", "numeratorId": 1, "region": "de"});
    let rest =
        caller.call("documentgenerator.template.add", json!({"fields": rest})).await["template"].clone();
    assert_eq!(rest["moduleId"], "rest", "{rest}");
    assert!(rest["download"].is_string() && rest["providers"].is_object(), "{rest}");
    for (prefix, params, title) in [
        ("crm.documentgenerator", json!({"templateId": 1, "entityTypeId": 2, "entityId": 1}), "Offer 1"),
        ("documentgenerator", json!({"templateId": 1, "value": "7", "values": {"Client": "Bo"}}), "Letter 1"),
    ] {
        let method = |verb: &str| format!("{prefix}.document.{verb}");
        let document = caller.call(&method("add"), params).await["document"].clone();
        assert_eq!((&document["title"], &document["number"]), (&json!(title), &json!("1")), "{document}");
        assert!(document["downloadUrl"].is_string(), "{document}");
        let get =
            || async { caller.call(&method("get"), json!({"id": 1})).await["document"]["publicUrl"].clone() };
        assert_eq!(get().await, Value::Null, "{prefix}");
        let url =
            caller.call(&method("enablepublicurl"), json!({"id": 1, "status": 1})).await["publicUrl"].clone();
        assert!(url.is_string(), "{prefix} {url}");
        assert_eq!(get().await, url, "{prefix}");
        caller.call(&method("enablepublicurl"), json!({"id": 1, "status": 0})).await;
        assert_eq!(get().await, Value::Null, "{prefix}");
        let fields = caller.call(&method("getfields"), json!({"id": 1})).await["documentFields"].clone();
        assert_eq!(
            (&fields["DocumentNumber"]["value"], &fields["DocumentTitle"]["value"]),
            (&json!("1"), &json!(title))
        );
        let params = json!({"id": 1, "entityTypeId": 2});
        let fields =
            caller.call(&format!("{prefix}.template.getfields"), params).await["templateFields"].clone();
        assert_eq!(fields["DocumentNumber"]["required"], "Y", "{prefix} {fields}");
    }
    let fields =
        caller.call("documentgenerator.document.getfields", json!({"id": 1})).await["documentFields"].clone();
    assert_eq!(fields["Client"]["value"], "Bo", "values that were sent are fields: {fields}");
}

#[tokio::test]
async fn a_document_is_uploaded_with_its_values() {
    let caller = Program::start().await;
    let upload = json!({
        "fileContent": "UEsDBA==", "region": "de", "entityTypeId": 2, "entityId": 1, "title": "Up", "number": "55"
    });
    let added =
        caller.call("crm.documentgenerator.document.upload", json!({"fields": upload})).await["document"]
            .clone();
    let found =
        caller.call("crm.documentgenerator.document.get", json!({"id": added["id"]})).await["document"]
            .clone();
    for document in [added, found] {
        assert_eq!((&document["title"], &document["number"]), (&json!("Up"), &json!("55")), "{document}");
    }
}

#[tokio::test]
async fn a_document_needs_a_template() {
    let caller = Program::start().await;
    for (method, params) in [
        ("crm.documentgenerator.document.add", json!({"templateId": 999, "entityTypeId": 2, "entityId": 1})),
        ("documentgenerator.document.add", json!({"templateId": 999, "value": "7"})),
    ] {
        assert_eq!(caller.refused(method, params).await, "0", "{method}");
    }
}

#[tokio::test]
async fn regions_are_those_of_the_portal_and_those_that_were_added() {
    let caller = Program::start().await;
    let region = json!({"fields": {"title": "Home", "languageId": "de"}});
    let region = caller.call("documentgenerator.region.add", region).await["region"].clone();
    assert_eq!(region["code"], "1", "{region}");
    let regions = caller.call("documentgenerator.region.list", json!({})).await["regions"].clone();
    for (code, language, title) in
        [("de", "de", "Germany"), ("uk", "en", "United Kingdom"), ("1", "de", "Home")]
    {
        let region = &regions[code];
        assert_eq!((&region["languageId"], &region["title"]), (&json!(language), &json!(title)), "{regions}");
    }
}

#[tokio::test]
async fn a_numerator_counts_by_one_unless_it_says_otherwise() {
    let caller = Program::start().await;
    const GENERATOR: &str = "/numerator/settings/Bitrix_Main_Numerator_Generator_SequentNumberGenerator/step";
    let settings = json!({"Bitrix_Main_Numerator_Generator_SequentNumberGenerator": {"start": 1, "step": 5}});
    for prefix in ["crm.documentgenerator", "documentgenerator"] {
        let plain = json!({"fields": {"name": "Plain", "template": "{NUMBER}"}});
        let own = json!({"fields": {"name": "Own", "template": "{NUMBER}", "settings": settings}});
        for (params, step) in [(plain, 1), (own, 5)] {
            let added = caller.call(&format!("{prefix}.numerator.add"), params).await;
            let id = json!({"id": added["numerator"]["id"]});
            let found = caller.call(&format!("{prefix}.numerator.get"), id).await;
            assert_eq!(found.pointer(GENERATOR), Some(&json!(step)), "{prefix} {found}");
        }
    }
}
