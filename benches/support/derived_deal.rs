//! The fields of a deal with serde's derives.
#![allow(dead_code, reason = "the fields are only read from JSON")]

use serde::Deserialize;

/// An envelope with deals.
#[derive(Deserialize)]
pub(crate) struct Envelope {
    pub(crate) result: Vec<Deal>,
    total: Option<u64>,
    next: Option<u64>,
}

/// The fields of `bitrix24::crm::deal::Deal`. Without leniency each is a text, since the page has numbers and flags as texts.
#[derive(Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub(crate) struct Deal {
    id: Option<String>,
    title: Option<String>,
    type_id: Option<String>,
    stage_id: Option<String>,
    probability: Option<String>,
    currency_id: Option<String>,
    opportunity: Option<String>,
    is_manual_opportunity: Option<String>,
    tax_value: Option<String>,
    lead_id: Option<String>,
    company_id: Option<String>,
    contact_id: Option<String>,
    quote_id: Option<String>,
    begindate: Option<String>,
    closedate: Option<String>,
    assigned_by_id: Option<String>,
    created_by_id: Option<String>,
    modify_by_id: Option<String>,
    date_create: Option<String>,
    date_modify: Option<String>,
    opened: Option<String>,
    closed: Option<String>,
    comments: Option<String>,
    additional_info: Option<String>,
    location_id: Option<String>,
    category_id: Option<String>,
    stage_semantic_id: Option<String>,
    is_new: Option<String>,
    is_recurring: Option<String>,
    is_return_customer: Option<String>,
    is_repeated_approach: Option<String>,
    source_id: Option<String>,
    source_description: Option<String>,
    originator_id: Option<String>,
    origin_id: Option<String>,
    moved_by_id: Option<String>,
    moved_time: Option<String>,
    last_activity_time: Option<String>,
    utm_source: Option<String>,
    utm_medium: Option<String>,
    utm_campaign: Option<String>,
    utm_content: Option<String>,
    utm_term: Option<String>,
    last_activity_by: Option<String>,
    contact_ids: Option<Vec<i64>>,
}
