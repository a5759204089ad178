//! What the path of a request asks for.

use crate::spec::Api;
use crate::state::Caller;

/// What a path asks for.
#[derive(Debug)]
pub(super) enum Route {
    /// A method. The caller is known unless a token is sent elsewhere.
    Method { api: Api, name: String, webhook: Option<Caller> },
    /// The authorization server.
    Tokens,
    /// The control address: what follows it.
    Control(String),
    /// The page for people, or what it asks for: the parts of the path after `page`.
    Page(Vec<String>),
    /// The content of a file.
    Download,
    /// The second request of an upload.
    Upload,
    /// Nothing that a portal has.
    Unknown,
}

impl Route {
    /// The route of a path. Double slashes, a slash at the end and the suffix `.json` mean nothing.
    pub(super) fn of(path: &str) -> Self {
        let parts: Vec<&str> = path.split('/').filter(|part| !part.is_empty()).collect();
        let (api, parts) = match parts.as_slice() {
            [] => return Self::Page(Vec::new()),
            ["page", rest @ ..] if !rest.is_empty() => {
                return Self::Page(rest.iter().map(|part| (*part).to_owned()).collect());
            }
            ["oauth", "token"] => return Self::Tokens,
            ["rest", "download" | "download.json"] => return Self::Download,
            ["rest", "upload" | "upload.json"] => return Self::Upload,
            ["control", rest @ ..] => return Self::Control(rest.join("/")),
            ["rest", "api", rest @ ..] => (Api::V3, rest),
            ["rest", rest @ ..] => (Api::V2, rest),
            _ => return Self::Unknown,
        };
        let (webhook, name) = match parts {
            [user, secret, name] => (Some(Caller::Webhook((*user).to_owned(), (*secret).to_owned())), name),
            [name] => (None, name),
            _ => return Self::Unknown,
        };
        let name = name.strip_suffix(".json").unwrap_or(name);
        let decoded = form_urlencoded::parse(format!("name={}", name.replace('+', "%2B")).as_bytes())
            .next()
            .map(|(_, name)| name.into_owned());
        Self::Method { api, name: decoded.unwrap_or_default(), webhook }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_read_as_portals_do() {
        for (path, wanted) in [
            ("/rest/1/secret/crm.deal.list", "V2 crm.deal.list webhook"),
            ("/rest/1/secret/crm.deal.list.json", "V2 crm.deal.list webhook"),
            ("/rest//1/secret//crm.deal.list/", "V2 crm.deal.list webhook"),
            ("/rest//profile", "V2 profile"),
            ("/rest/api/tasks.task.get", "V3 tasks.task.get"),
            ("/rest/api/1/secret/tasks.task.get", "V3 tasks.task.get webhook"),
            ("/oauth/token/", "tokens"),
            ("/rest/download/", "download"),
            ("/rest/upload/", "upload"),
            ("/control/fail/", "control fail"),
            ("/rest/1/secret/", "unknown"),
            ("/", "page []"),
            ("/page/rows", "page [\"rows\"]"),
            ("/page", "unknown"),
            ("/rest", "unknown"),
        ] {
            let found = match Route::of(path) {
                Route::Tokens => "tokens".to_owned(),
                Route::Download => "download".to_owned(),
                Route::Upload => "upload".to_owned(),
                Route::Control(path) => format!("control {path}"),
                Route::Unknown => "unknown".to_owned(),
                Route::Page(parts) => format!("page {parts:?}"),
                Route::Method { api, name, webhook } => {
                    format!("{api:?} {name}{}", if webhook.is_some() { " webhook" } else { "" })
                }
            };
            assert_eq!(found, wanted, "{path}");
        }
    }
}
