//! What the descriptors say of lists and errors.

use std::path::Path;

use bitrix24_codegen::descriptor::{Api, Pagination, Spec};

#[test]
fn lists_of_the_descriptors() {
    let (spec, problems) = Spec::load(Path::new(env!("CARGO_MANIFEST_DIR")), Path::new("spec"));
    assert_eq!(problems, []);
    // Fact, method, pagination, rows, and the names of the identifier in conditions and in rows.
    type ListFacts =
        (u32, Api, &'static str, Pagination, Option<&'static str>, Option<(&'static str, &'static str)>);
    let rows: [ListFacts; 12] = [
        (55, Api::V2, "crm.address.list", Pagination::Start, Some(""), None),
        (64, Api::V2, "crm.stagehistory.list", Pagination::Start, Some("/items"), Some(("ID", "ID"))),
        (65, Api::V2, "crm.deal.userfield.list", Pagination::Start, Some(""), None),
        (
            65,
            Api::V2,
            "documentgenerator.template.list",
            Pagination::Start,
            Some("/templates"),
            Some(("id", "id")),
        ),
        (65, Api::V2, "userfieldconfig.list", Pagination::Start, Some("/fields"), Some(("id", "id"))),
        (66, Api::V2, "im.recent.list", Pagination::LimitOffset, Some("/items"), None),
        (
            67,
            Api::V2,
            "socialnetwork.api.workgroup.list",
            Pagination::Start,
            Some("/workgroups"),
            Some(("ID", "id")),
        ),
        (68, Api::V2, "tasks.task.list", Pagination::Start, Some("/tasks"), Some(("ID", "id"))),
        (139, Api::V2, "catalog.product.sku.list", Pagination::Start, Some("/units"), Some(("id", "id"))),
        (139, Api::V2, "catalog.product.offer.list", Pagination::Start, Some("/offers"), Some(("id", "id"))),
        (185, Api::V3, "note.collection.list", Pagination::Cursor, Some("/items"), None),
        (187, Api::V3, "tasks.task.list", Pagination::V3, Some("/items"), Some(("id", "id"))),
    ];
    for (fact, api, method, pagination, path, keyset) in rows {
        let found = spec.methods.iter().map(|file| &file.content);
        let mut found = found.filter(|found| found.api == api && found.method.eq_ignore_ascii_case(method));
        let found = found.next().unwrap_or_else(|| panic!("{fact}: {method} is missing"));
        let own = found.keyset.as_ref().map(|keyset| (keyset.id.as_str(), keyset.row_id()));
        assert_eq!(
            (found.pagination, found.rows.as_deref(), own),
            (pagination, path, keyset),
            "{fact}: {method}"
        );
    }
}

#[test]
fn errors_of_the_descriptors() {
    let (spec, problems) = Spec::load(Path::new(env!("CARGO_MANIFEST_DIR")), Path::new("spec"));
    assert_eq!(problems, []);
    let system = &spec.system.as_ref().unwrap().content;
    // Fact, code, and the status with which a portal sends it.
    let of_every_method = [
        (1, "ALLOWED_ONLY_INTRANET_USER", Some(403)),
        (11, "APPLICATION_NOT_FOUND", Some(401)),
        (11, "ERROR_OAUTH", Some(401)),
        (11, "authorization_error", Some(401)),
        (11, "INVALID_TOKEN", Some(401)),
        (19, "insufficient_scope", Some(401)),
        (20, "INVALID_CREDENTIALS", Some(401)),
        (21, "METHOD_CONFIRM_WAITING", Some(401)),
        (21, "METHOD_CONFIRM_DENIED", Some(403)),
        (22, "ERROR_METHOD_NOT_FOUND", None),
        (25, "OPERATION_TIME_LIMIT", Some(429)),
        (26, "PAYMENT_REQUIRED", Some(401)),
        (28, "QUERY_LIMIT_EXCEEDED", Some(503)),
        (35, "WRONG_AUTH_TYPE", Some(403)),
    ];
    for (fact, code, status) in of_every_method {
        let error = system.errors.iter().find(|error| error.code == code);
        let error = error.unwrap_or_else(|| panic!("{fact}: {code} is missing"));
        let known =
            error.status == status || status.is_some_and(|status| error.other_statuses.contains(&status));
        assert!(known, "{fact}: {code} has another status");
    }
    let of_methods = [
        (12, "bizproc.workflow.template.update", ""),
        (12, "bizproc.workflow.template.delete", ""),
        (13, "crm.deal.get", ""),
        (13, "crm.lead.get", ""),
        (13, "crm.contact.get", ""),
        (13, "crm.company.get", ""),
        (13, "crm.quote.get", ""),
        (14, "crm.duplicate.findbycomm", ""),
        (15, "crm.item.get", "NOT_FOUND"),
        (16, "crm.requisite.get", ""),
        (17, "crm.type.list", "100"),
        (18, "crm.type.list", "INVALID_ARG_VALUE"),
        (21, "voximplant.user.get", "METHOD_CONFIRM_WAITING"),
        (30, "socialnetwork.api.workgroup.get", "SONET_CONTROLLER_WORKGROUP_EMPTY"),
        (32, "tasks.task.pause", "1048582"),
        (33, "telephony.externalCall.finish", ""),
        (34, "crm.deal.update", ""),
        (109, "crm.item.productrow.update", "INVALID_ARG_VALUE"),
    ];
    for (fact, method, code) in of_methods {
        let found = spec.methods.iter().find(|file| file.content.method == method);
        let found = found.unwrap_or_else(|| panic!("{fact}: {method} is missing"));
        let known = found.content.errors.iter().any(|error| error.code == code);
        assert!(known, "{fact}: {method} has no error {code:?}");
    }
}
