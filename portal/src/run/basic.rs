//! Methods whose result says something about the portal itself.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::Machine;
use crate::exchange::Params;
use crate::families::find;
use crate::moment::now;
use crate::php;
use crate::spec::{Api, Method};

impl Machine {
    /// The result of a method about the portal.
    pub(super) fn basic(&mut self, method: &Method, params: &Params) -> Option<Value> {
        if method.api == Api::V3 {
            return None;
        }
        Some(match method.name.as_str() {
            "methods" => self.methods(find(params, "scope").map(php::text)),
            "scope" => self.scopes().into(),
            "server.time" => now().into(),
            "profile" => self.profile(method)?,
            "user.current" => self.administrator()?,
            "method.get" => {
                let name = find(params, "name").map(php::text).unwrap_or_default();
                let exists = self.spec.method(Api::V2, &name).is_some();
                json!({"isExisting": exists, "isAvailable": exists})
            }
            name => self.families.result(name)?.clone(),
        })
    }

    /// The user whose webhook and application call.
    fn administrator(&mut self) -> Option<Value> {
        let get = self.spec.method(Api::V2, "user.get")?;
        let params = Params::from_iter([("ID".to_owned(), json!(1))]);
        // What is read here is used as a value.
        let is_direct = self.texts.is_active();
        self.texts.stop();
        let users = self.call(&get, &params);
        if is_direct {
            self.texts.begin();
        }
        let users = users.ok()?.result;
        users.get(0).cloned()
    }

    fn profile(&mut self, method: &Method) -> Option<Value> {
        let user = self.administrator()?;
        let field = |name: &String| match name.as_str() {
            "ADMIN" => (name.clone(), true.into()),
            _ => (name.clone(), user.get(name).cloned().unwrap_or_default()),
        };
        Some(Value::Object(method.returns.properties.keys().map(field).collect()))
    }

    fn methods(&self, scope: Option<String>) -> Value {
        let of_scope = |name: &&str| {
            let Some(scope) = scope.as_deref().filter(|scope| !scope.is_empty()) else { return true };
            let method = self.spec.method(Api::V2, name);
            method.is_some_and(|method| method.scope.iter().any(|one| one.eq_ignore_ascii_case(scope)))
        };
        self.spec.names(Api::V2).filter(of_scope).collect()
    }

    /// The scopes of all methods, sorted.
    pub(crate) fn scopes(&self) -> Vec<String> {
        let methods = self.spec.names(Api::V2).filter_map(|name| self.spec.method(Api::V2, name));
        let scopes: BTreeSet<String> = methods.flat_map(|method| method.scope.clone()).collect();
        scopes.into_iter().collect()
    }
}
