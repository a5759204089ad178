//! A caller that shows results as they are on the wire.
#![allow(dead_code, unreachable_pub, reason = "each test uses a part of it")]

use bitrix24_portal::Portal;
use serde_json::Value;

/// Calls methods of a portal with JSON.
pub struct Caller {
    http: reqwest::Client,
    /// The address before the name of a method.
    url: String,
    /// The access token. Without one, the address authorizes.
    token: Option<String>,
}

impl Caller {
    /// A caller by the webhook.
    pub fn new(portal: &Portal) -> Self {
        Self { http: reqwest::Client::new(), url: portal.webhook(), token: None }
    }

    /// A caller as the application.
    pub fn application(portal: &Portal) -> Self {
        let token = Some(portal.issue_tokens().access_token);
        Self { http: reqwest::Client::new(), url: format!("{}/rest/", portal.origin()), token }
    }

    /// The status and the response.
    async fn send(&self, url: &str, method: &str, params: &Value) -> (u16, Value) {
        let mut request = self.http.post(format!("{url}{method}")).json(params);
        if let Some(token) = &self.token {
            request = request.bearer_auth(token);
        }
        let response = request.send().await.expect("a response");
        (response.status().as_u16(), response.json().await.expect("JSON"))
    }

    /// The whole response.
    pub async fn whole(&self, method: &str, params: Value) -> Value {
        let (status, body) = self.send(&self.url, method, &params).await;
        assert!(status == 200 && body.get("error").is_none(), "{method} {params}: {status} {body}");
        body
    }

    /// The result.
    pub async fn call(&self, method: &str, params: Value) -> Value {
        self.whole(method, params).await["result"].clone()
    }

    /// The code of the error of a method.
    pub async fn refused(&self, method: &str, params: Value) -> String {
        // Some errors are documented with the status 200.
        let (_, body) = self.send(&self.url, method, &params).await;
        assert!(body.get("result").is_none(), "{method} {params}: {body}");
        body["error"].as_str().unwrap_or_default().to_owned()
    }

    /// The status and the response of a method of REST 3.
    pub async fn v3_whole(&self, method: &str, params: Value) -> (u16, Value) {
        self.send(&self.url.replacen("/rest/", "/rest/api/", 1), method, &params).await
    }

    /// The result of a method of REST 3.
    pub async fn v3(&self, method: &str, params: Value) -> Value {
        let (status, body) = self.v3_whole(method, params.clone()).await;
        assert_eq!(status, 200, "{method} {params}: {body}");
        body["result"].clone()
    }
}
