//! A documentation and the descriptors of its methods, for tests that send what its pages send.
#![allow(dead_code, unreachable_pub, reason = "each test uses a part of it")]

use std::collections::BTreeMap;
use std::path::Path;

use bitrix24_codegen::descriptor::{Api, Descriptor, Spec};
use bitrix24_codegen::extract::{MethodExamples, examples, read_documents};
use bitrix24_portal::Portal;
use serde_json::Value;

/// The pages of the documentation in the folder that `BITRIX24_DOCS` names. `None`: there is none.
pub fn pages() -> Option<Vec<MethodExamples>> {
    let docs = std::env::var_os("BITRIX24_DOCS")?;
    Some(examples(&read_documents(Path::new(&docs)).expect("a documentation")))
}

/// The descriptors by interface and name, and what calls them.
pub struct Methods {
    known: BTreeMap<(Api, String), Descriptor>,
    http: reqwest::Client,
}

impl Methods {
    pub fn load() -> Self {
        let project = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
        let (spec, _) = Spec::load(&project, Path::new("spec"));
        let methods = spec.methods.into_iter().map(|file| file.content);
        let known = methods.map(|method| ((method.api, method.method.to_ascii_lowercase()), method));
        Self { known: known.collect(), http: reqwest::Client::new() }
    }

    pub fn find(&self, api: Api, name: &str) -> Option<&Descriptor> {
        self.known.get(&(api, name.to_ascii_lowercase()))
    }

    /// The status and the body of a call.
    pub async fn call(&self, portal: &Portal, api: Api, method: &str, params: &Value) -> (u16, Value) {
        let path = if api == Api::V3 { "rest/api" } else { "rest" };
        let token = portal.issue_tokens().access_token;
        let request = self.http.post(format!("{}/{path}/{method}", portal.origin()));
        let response = request.bearer_auth(&token).json(params).send().await.expect("a response");
        (response.status().as_u16(), response.json().await.expect("a body of JSON"))
    }
}

/// A portal on which every row that is asked for exists.
pub async fn portal() -> Portal {
    Portal::builder().sample_rows(3).rows_on_demand(true).start().await.expect("a portal")
}

/// Whether an identifier is a text that the reader has to replace: `**put_id_here**`, `your_invoice_id`.
pub fn has_placeholder_id(params: &Value) -> bool {
    let is_id = |name: &str| name.to_ascii_lowercase().ends_with("id");
    let is_placeholder = |text: &str| text.starts_with("**") || text.starts_with("your_");
    let params = params.as_object().into_iter().flatten();
    params.into_iter().any(|(name, value)| is_id(name) && value.as_str().is_some_and(is_placeholder))
}
