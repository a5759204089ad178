//! Responses of a realistic size.

use serde_json::{Value, json};

/// A response with `count` deals, each with the fields that a portal returns by default.
pub(crate) fn page(count: i64) -> Value {
    let rows: Value = (1..=count).map(deal).collect();
    json!({
        "result": rows,
        "total": 100_000,
        "next": 50,
        "time": {
            "start": 1_790_000_000.125, "finish": 1_790_000_000.5, "duration": 0.375, "processing": 0.25,
            "date_start": "2026-09-21T10:13:20+03:00", "date_finish": "2026-09-21T10:13:20+03:00",
            "operating_reset_at": 1_790_000_600, "operating": 0.25,
        },
    })
}

fn deal(id: i64) -> Value {
    let text = |id: i64| id.to_string();
    json!({
        "ID": text(id), "TITLE": format!("Garden furniture, order {id}"), "TYPE_ID": "SALE",
        "CATEGORY_ID": text(id % 3), "STAGE_ID": "C1:PREPARATION", "STAGE_SEMANTIC_ID": "P", "IS_NEW": "N",
        "IS_RECURRING": "N", "IS_RETURN_CUSTOMER": "Y", "IS_REPEATED_APPROACH": "N", "PROBABILITY": text(id % 100),
        "CURRENCY_ID": "EUR", "OPPORTUNITY": format!("{id}.50"), "IS_MANUAL_OPPORTUNITY": "Y", "TAX_VALUE": "0.00",
        "COMPANY_ID": text(id * 3), "CONTACT_ID": text(id * 7), "QUOTE_ID": null, "LEAD_ID": null,
        "BEGINDATE": "2026-09-01T03:00:00+03:00", "CLOSEDATE": "2026-09-08T03:00:00+03:00", "OPENED": "Y",
        "CLOSED": "N", "COMMENTS": "To be delivered after the 8th; the gate is on the left.", "ASSIGNED_BY_ID": "1",
        "CREATED_BY_ID": "1", "MODIFY_BY_ID": "1", "DATE_CREATE": "2026-09-01T10:15:44+03:00",
        "DATE_MODIFY": "2026-09-02T11:40:02+03:00", "SOURCE_ID": "WEB", "SOURCE_DESCRIPTION": "", "LOCATION_ID": null,
        "ADDITIONAL_INFO": null, "ORIGINATOR_ID": null, "ORIGIN_ID": null, "MOVED_BY_ID": "1",
        "MOVED_TIME": "2026-09-02T11:40:02+03:00", "UTM_SOURCE": null, "UTM_MEDIUM": null, "UTM_CAMPAIGN": null,
    })
}
