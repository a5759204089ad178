//! What a document contains.

/// Which types values have.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Values {
    /// Results have every form that a portal sends: numbers as texts, flags as `"Y"`, `[]` for nothing. Enumerations are open.
    #[default]
    Wire,
    /// Requests and results have the documented types only. A portal also sends values that do not fit them.
    Documented,
}

/// The version of OpenAPI.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum OpenApiVersion {
    /// 3.1, with JSON Schema 2020-12.
    #[default]
    V3_1,
    /// 3.0, with its own form of schemas.
    V3_0,
}

/// Who calls.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Credentials {
    /// An application with OAuth 2.
    #[default]
    Application,
    /// A webhook, whose user and secret are a part of the path. Methods that reject webhooks are left out.
    Webhook,
}

/// What an OpenAPI document contains.
#[derive(Clone, Debug, Default)]
pub struct OpenApiOptions {
    /// The version of OpenAPI.
    pub version: OpenApiVersion,
    /// Which types values have.
    pub values: Values,
    /// Who calls.
    pub credentials: Credentials,
    /// The scopes whose methods are exported. Empty: all methods, and all entities.
    pub scopes: Vec<String>,
}

/// What JSON Schema documents contain.
#[derive(Clone, Debug, Default)]
pub struct JsonSchemaOptions {
    /// Which types values have.
    pub values: Values,
    /// The scopes whose methods are exported. Empty: all methods, and all entities.
    pub scopes: Vec<String>,
    /// The URL below which the documents are published, for `$id`. Default: URNs.
    pub base_url: Option<String>,
}

/// Whether a method has one of the wanted scopes. A scope is compared without case.
pub(super) fn has_scope(scopes: &[String], wanted: &[String]) -> bool {
    wanted.is_empty()
        || wanted.iter().any(|wanted| scopes.iter().any(|scope| scope.eq_ignore_ascii_case(wanted)))
}
