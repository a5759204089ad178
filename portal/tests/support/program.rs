//! An application with a portal of its own.
#![allow(dead_code, reason = "each test uses a part of it")]

#[path = "caller.rs"]
mod caller;

use std::ops::Deref;

use bitrix24_portal::Portal;
use caller::Caller;
use serde_json::{Value, json};

/// A program that calls methods of a portal as its application.
pub(crate) struct Program {
    caller: Caller,
    /// The portal, which ends with it.
    pub(crate) portal: Portal,
}

impl Deref for Program {
    type Target = Caller;

    fn deref(&self) -> &Caller {
        &self.caller
    }
}

impl Program {
    pub(crate) async fn start() -> Self {
        let portal = Portal::start().await.expect("a portal");
        Self { caller: Caller::application(&portal), portal }
    }

    /// Adds a user and returns the identifier.
    pub(crate) async fn user(&self, name: &str, last_name: &str) -> Value {
        let email = format!("{}@example.com", name.to_lowercase());
        self.call(
            "user.add",
            json!({"EMAIL": email, "NAME": name, "LAST_NAME": last_name, "UF_DEPARTMENT": [1]}),
        )
        .await
    }
}

/// The values of a field in all rows.
pub(crate) fn all(rows: &Value, field: &str) -> Vec<Value> {
    rows.as_array().into_iter().flatten().map(|row| row[field].clone()).collect()
}
