//! `spec/names.yaml`: the names in Rust that callers use and that the descriptors alone do not give.
//!
//! Only exceptions are listed: a name that stays although a page changed what it follows from, and the earlier spelling of a name
//! that became better. Everything else follows from the descriptors.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{Api, is_default};

/// The frozen names, sorted.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FrozenNames {
    /// The modules.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub modules: Vec<FrozenModule>,
    /// The methods, with their requests, results and errors.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub methods: Vec<FrozenMethod>,
}

/// The frozen name of a module.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FrozenModule {
    /// The words of method names before its methods, compared without case: `crm.item`.
    pub module: String,
    /// The interface.
    #[serde(default, skip_serializing_if = "is_default")]
    pub api: Api,
    /// The name. Default: the one that follows from the descriptors.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Earlier names, which are deprecated.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub aliases: Vec<String>,
    /// The version of the crate in which the module is gone. The entry goes with the next one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub gone: Option<String>,
}

/// The frozen name of a function, a request or an error enumeration.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FrozenName {
    /// The name. Default: the one that follows from the descriptors.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Earlier names, which are deprecated.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub aliases: Vec<String>,
}

impl FrozenName {
    /// Whether nothing is frozen.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

/// The frozen names of a method.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FrozenMethod {
    /// The method, compared without case.
    pub method: String,
    /// The interface.
    #[serde(default, skip_serializing_if = "is_default")]
    pub api: Api,
    /// The function.
    #[serde(default, skip_serializing_if = "FrozenName::is_empty")]
    pub function: FrozenName,
    /// The request type.
    #[serde(default, skip_serializing_if = "FrozenName::is_empty")]
    pub request: FrozenName,
    /// The error enumeration.
    #[serde(default, skip_serializing_if = "FrozenName::is_empty")]
    pub error: FrozenName,
    /// The variants of the error enumeration.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub errors: Vec<FrozenError>,
    /// The fields of the request, by wire name.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub params: BTreeMap<String, String>,
    /// The types in the request and the result.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub types: Vec<FrozenType>,
    /// The version of the crate in which the method, or what is frozen of it, is gone. The entry goes with the next one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub gone: Option<String>,
}

/// The frozen name of an error.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FrozenError {
    /// The code, compared without case.
    pub code: String,
    /// The message, if the code does not distinguish the error. Only letters and digits are compared.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub message: Option<String>,
    /// The variant.
    pub name: String,
}

/// The frozen names of a type.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FrozenType {
    /// A place where the type is used: `params` or `returns`, and the names of the fields that lead to it. Only letters and
    /// digits are compared.
    pub at: String,
    /// The name. Default: the one that follows from the descriptors.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Earlier names, which are deprecated. For a name in another module, with its path: `crm::Phone`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub aliases: Vec<String>,
    /// The fields that its constructor takes, by wire name. Default: the required ones.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub args: Option<Vec<String>>,
    /// The fields, by wire name.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub fields: BTreeMap<String, String>,
    /// The variants of documented values, by value. One that is no longer documented is kept.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub values: BTreeMap<String, String>,
}

impl FrozenMethod {
    /// Whether nothing is frozen.
    pub fn is_empty(&self) -> bool {
        let Self { function, request, error, errors, params, types, .. } = self;
        let names = [function, request, error];
        names.iter().all(|names| names.is_empty())
            && errors.is_empty()
            && params.is_empty()
            && types.is_empty()
    }
}
