//! Requests for methods without a type.

#[cfg(feature = "serde")]
mod serialized;

use std::marker::PhantomData;

use serde_json::Value;

use crate::error::RawErrorCode;
use crate::method::{
    Api, HasKeyset, Keyset, ListMethod, Method, MethodInfo, NoKeyset, Pagination, RateLimit,
};
use crate::params::Params;
use crate::wire::WireReader;

/// A request for any method by its name; see [`raw`]. `K` is [`HasKeyset`] once a [`keyset`](RawRequest::keyset) is set.
#[derive(Clone, Debug, PartialEq)]
#[must_use = "a request does nothing until a client calls it"]
pub struct RawRequest<K = NoKeyset> {
    api: Api,
    name: String,
    params: Params,
    side_effects: bool,
    pagination: Pagination,
    rows_pointer: Option<String>,
    keyset: Option<Fields>,
    rate_limit: Option<RateLimit>,
    support: PhantomData<K>,
}

/// A [`Keyset`] that owns its names.
#[derive(Clone, Debug, PartialEq)]
struct Fields {
    id: String,
    row_id: String,
    filter: String,
    order: String,
    direction: Option<String>,
}

/// Creates a request by method name, with parameters and result as JSON: for methods that are newer than this crate.
///
/// `params` is an object of parameters by name, a list of them by position, or `null` for none.
///
/// ```
/// use bitrix24_core::{json, raw};
/// let request = raw("crm.thing.released.today", json!({"ID": 7}));
/// # let _ = request;
/// ```
///
/// With the feature `serde` a request can be stored, in a queue for instance, and read again: as an object with its name, its
/// parameters, and everything that was set, under `method`, `params`, `api`, `side_effects`, `pagination`, `rows_pointer`,
/// `keyset` and `rate_limit`.
pub fn raw(name: impl Into<String>, params: impl Into<Params>) -> RawRequest {
    RawRequest {
        api: Api::V2,
        name: name.into(),
        params: params.into(),
        side_effects: true,
        pagination: Pagination::Unknown,
        rows_pointer: None,
        keyset: None,
        rate_limit: None,
        support: PhantomData,
    }
}

impl<K> RawRequest<K> {
    /// Sends the request over REST 3.
    pub fn v3(mut self) -> Self {
        self.api = Api::V3;
        self
    }

    /// Marks the method as free of side effects, so that a client may retry a lost call.
    pub fn read_only(mut self) -> Self {
        self.side_effects = false;
        self
    }

    /// Sets the rate limit of the method, in addition to that of the portal.
    pub fn rate_limit(mut self, limit: RateLimit) -> Self {
        self.rate_limit = Some(limit);
        self
    }

    /// Sets the place of the rows in the result, as a JSON Pointer: `/items`. Default: the result itself is the list.
    pub fn rows_pointer(mut self, pointer: impl Into<String>) -> Self {
        self.rows_pointer = Some(pointer.into());
        self
    }

    /// Sets how further pages are requested. Default: a list has another page if a response contains `next`.
    ///
    /// ```
    /// use bitrix24_core::{Pagination, json, raw};
    /// let events = raw("main.eventlog.list", json!({})).v3().rows_pointer("/items").pagination(Pagination::V3).read_only();
    /// # let _ = events;
    /// ```
    pub fn pagination(mut self, pagination: Pagination) -> Self {
        self.pagination = pagination;
        self
    }

    /// Sets how the list is read by identifier. If the method ignores the filter or the order, the list is incomplete, and reading
    /// it ends with an error.
    ///
    /// ```
    /// use bitrix24_core::{Keyset, json, raw};
    /// let deals = raw("crm.deal.list", json!({"select": ["TITLE"]})).keyset(Keyset::new("ID")).read_only();
    /// # let _ = deals;
    /// ```
    pub fn keyset(self, keyset: Keyset<'_>) -> RawRequest<HasKeyset> {
        let fields = Fields {
            id: keyset.id.to_owned(),
            row_id: keyset.row_id.to_owned(),
            filter: keyset.filter.to_owned(),
            order: keyset.order.to_owned(),
            direction: keyset.direction.map(str::to_owned),
        };
        let Self { api, name, params, side_effects, pagination, rows_pointer, rate_limit, .. } = self;
        RawRequest {
            api,
            name,
            params,
            side_effects,
            pagination,
            rows_pointer,
            keyset: Some(fields),
            rate_limit,
            support: PhantomData,
        }
    }
}

impl Fields {
    fn keyset(&self) -> Keyset<'_> {
        let keyset = Keyset::new(&self.id).with_row_id(&self.row_id).with_params(&self.filter, &self.order);
        match &self.direction {
            Some(name) => keyset.with_direction(name),
            None => keyset,
        }
    }
}

impl<K> Method for RawRequest<K> {
    type Output = Value;
    type Reader = WireReader;
    type Error = RawErrorCode;

    fn info(&self) -> MethodInfo<'_> {
        let mut info = MethodInfo::new(self.api, &self.name).with_pagination(self.pagination);
        info.rows_pointer = self.rows_pointer.as_deref();
        info.keyset = self.keyset.as_ref().map(Fields::keyset);
        info.rate_limit = self.rate_limit;
        info.side_effects = self.side_effects;
        info
    }

    fn params(&self) -> Params {
        self.params.clone()
    }
}

/// A list whose rows are JSON.
impl<K> ListMethod for RawRequest<K> {
    type Row = Value;
    type Keyset = K;
}
