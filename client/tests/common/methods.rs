//! Typed methods, as the generator writes them.
#![allow(dead_code, unreachable_pub)]

use std::collections::BTreeMap;

use bitrix24_core::{Api, Method, MethodInfo, Params, RawErrorCode};

/// A method without parameters whose result is an integer.
#[derive(Clone, Debug)]
pub struct CountRows;

impl Method for CountRows {
    type Output = i64;
    type Reader = bitrix24_core::wire::WireReader;
    type Error = RawErrorCode;

    fn info(&self) -> MethodInfo<'_> {
        MethodInfo::new(Api::V2, "stock.rows.count")
    }

    fn params(&self) -> Params {
        Params::new()
    }
}

/// A method with one parameter whose result is an object of integers by name.
#[derive(Clone, Debug)]
pub struct CountByName {
    pub store: i64,
}

impl Method for CountByName {
    type Output = BTreeMap<String, Vec<i64>>;
    type Reader = bitrix24_core::wire::WireReader;
    type Error = RawErrorCode;

    fn info(&self) -> MethodInfo<'_> {
        MethodInfo::new(Api::V3, "stock.names.count")
    }

    fn params(&self) -> Params {
        let mut params = Params::new();
        params.put("store", &self.store);
        params
    }
}
