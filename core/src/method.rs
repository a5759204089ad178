//! Methods and the facts about them that a client needs.

mod keyset_support;
mod rate_limit;
mod typed_request;

use serde_core::de::DeserializeOwned;

use crate::error::ErrorCode;
use crate::named::named;
use crate::params::Params;
use crate::typed::Typed;
use crate::wire::{Reader, SerdeReader};

pub use keyset_support::{HasKeyset, KeysetSupport, NoKeyset};
pub use rate_limit::{CountedBy, RateLimit};

/// A request: a plain value with the name of a method, its parameters, and the type of its result.
///
/// The generated request types implement it. [`RawRequest`](crate::RawRequest) implements it for methods without a type.
pub trait Method {
    /// The type of `result` in the portal's response.
    type Output;
    /// How the result is read: [`WireReader`](crate::wire::WireReader) unless the type is one of the program.
    type Reader: Reader<Self::Output>;
    /// The errors that the method's documentation lists.
    type Error: ErrorCode;

    /// The facts about the method.
    fn info(&self) -> MethodInfo<'_>;

    /// The parameters under their wire names, in the documented order.
    fn params(&self) -> Params;

    /// Reads the result, or each row of a list, as a type of the program: any that implements serde's `Deserialize`. It works with
    /// calls, rows, pages and batches, and on every request.
    ///
    /// Values are read in every form in which portals send them, without attributes: numbers in quotes, `Y` and `N`, a list that is
    /// an object with integer keys, one of PHP's empty forms for an empty list. `None` is `null`, an empty text, or an empty form
    /// that the type has no use for. [`lenient`](crate::lenient) has the same for other sources than calls. Types that look
    /// at the JSON first (`#[serde(untagged)]`, `#[serde(flatten)]`) see it as it is.
    ///
    /// A value that does not fit is an error of the call, of [`ErrorKind::Decode`](crate::ErrorKind::Decode), or of its row; the
    /// stream continues with the next one. [`Error::mismatch`](crate::Error::mismatch) says where.
    ///
    /// ```
    /// use bitrix24_core::{Method, json, parse_response, raw};
    ///
    /// #[derive(serde::Deserialize, Debug, PartialEq)]
    /// #[serde(rename_all = "UPPERCASE")]
    /// struct Contract {
    ///     id: u32,
    ///     title: String,
    ///     closed: bool,
    ///     #[serde(rename = "UF_CRM_AREA")]
    ///     area: Option<f64>,
    /// }
    ///
    /// let request = raw("crm.deal.get", json!({"id": 7})).of::<Contract>();
    /// // let contract = portal.call(request).await?.result;
    /// # fn read<M: Method>(_: M, json: &[u8]) -> Result<M::Output, Box<dyn std::error::Error>> {
    /// #     let response = parse_response(200, json).map_err(|failure| failure.to_string())?;
    /// #     Ok(response.decode_as::<_, M::Reader>(Default::default()).map_err(|failure| failure.to_string())?.result)
    /// # }
    /// # let contract =
    /// #     read(request, br#"{"result": {"ID": "7", "TITLE": "Chairs", "CLOSED": "N", "UF_CRM_AREA": ""}}"#)?;
    /// assert_eq!(contract, Contract { id: 7, title: "Chairs".into(), closed: false, area: None });
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    fn of<T: DeserializeOwned>(self) -> Typed<Self, T, T, SerdeReader>
    where
        Self: Sized,
    {
        Typed::new(self)
    }
}

/// A request for a list with typed rows, independent of the structure around the rows.
///
/// The generated request types of methods with a known place of their rows ([`MethodInfo::rows_pointer`]) implement it.
pub trait ListMethod: Method<Reader: Reader<Self::Row>> {
    /// The type of a row.
    type Row;
    /// [`HasKeyset`] if [`MethodInfo::keyset`] is set, else [`NoKeyset`]. A client reads lists by identifier only with the first.
    type Keyset;
}

/// The facts about a method that a client needs to execute its call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct MethodInfo<'a> {
    /// The name as documented.
    pub name: &'a str,
    /// The interface that the method belongs to.
    pub api: Api,
    /// The scopes of which the caller's key needs one; empty if none is required.
    pub scopes: &'a [&'a str],
    /// Whether parameters are positional, so that none may be added or reordered.
    pub positional: bool,
    /// The authorization that a call requires.
    pub required_auth: RequiredAuth,
    /// How further pages of a list are requested.
    pub pagination: Pagination,
    /// JSON Pointer into the parameters as sent, to the page number or the offset, if it is not a top-level parameter; the page
    /// size is next to it. If parameters are positional, the first segment is the position of the parameter.
    pub page_pointer: Option<&'a str>,
    /// JSON Pointer into `result` to the rows of a list; `Some("")` if `result` itself is the list.
    pub rows_pointer: Option<&'a str>,
    /// How the list is read by ascending identifier, if that is known to work.
    pub keyset: Option<Keyset<'a>>,
    /// The rate limit of the method, in addition to that of the portal.
    pub rate_limit: Option<RateLimit>,
    /// Whether a call may have side effects on the portal. It is `true` unless the method is known to be read-only: a lost call
    /// is retried only if repeating it is harmless.
    pub side_effects: bool,
}

impl<'a> MethodInfo<'a> {
    /// Creates the facts about a method of `api`, with every other fact at its most common value.
    pub const fn new(api: Api, name: &'a str) -> Self {
        Self {
            name,
            api,
            scopes: &[],
            positional: false,
            required_auth: RequiredAuth::Any,
            pagination: Pagination::None,
            page_pointer: None,
            rows_pointer: None,
            keyset: None,
            rate_limit: None,
            side_effects: true,
        }
    }

    /// Sets the scopes of which one is required.
    pub const fn with_scopes(mut self, scopes: &'a [&'a str]) -> Self {
        self.scopes = scopes;
        self
    }

    /// Marks the parameters as positional.
    pub const fn with_positional(mut self) -> Self {
        self.positional = true;
        self
    }

    /// Sets the authorization that a call requires.
    pub const fn with_required_auth(mut self, required_auth: RequiredAuth) -> Self {
        self.required_auth = required_auth;
        self
    }

    /// Sets how further pages are requested.
    pub const fn with_pagination(mut self, pagination: Pagination) -> Self {
        self.pagination = pagination;
        self
    }

    /// Sets the place of the page number or offset inside a parameter.
    pub const fn with_page_pointer(mut self, pointer: &'a str) -> Self {
        self.page_pointer = Some(pointer);
        self
    }

    /// Sets the place of the rows in `result`.
    pub const fn with_rows_pointer(mut self, pointer: &'a str) -> Self {
        self.rows_pointer = Some(pointer);
        self
    }

    /// Sets how the list is read by ascending identifier.
    pub const fn with_keyset(mut self, keyset: Keyset<'a>) -> Self {
        self.keyset = Some(keyset);
        self
    }

    /// Sets the rate limit of the method.
    pub const fn with_rate_limit(mut self, limit: RateLimit) -> Self {
        self.rate_limit = Some(limit);
        self
    }

    /// Marks the method as free of side effects.
    pub const fn read_only(mut self) -> Self {
        self.side_effects = false;
        self
    }
}

/// Whether a text is a valid method name: letters, digits and `_` in parts separated by single dots, as in `crm.deal.list`. Any
/// other name would lead to an address other than that of a method.
pub fn is_method_name(name: &str) -> bool {
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'.';
    // An empty name, a leading or trailing dot and two consecutive dots all result in an empty part.
    name.bytes().all(allowed) && name.split('.').all(|part| !part.is_empty())
}

/// How a list is read by ascending identifier: the identifier field, and the parameters for conditions and order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct Keyset<'a> {
    /// The identifier's name in conditions and orders: `ID` in `{">ID": 7}`.
    pub id: &'a str,
    /// The identifier's name in a row; often the same, sometimes in other case.
    pub row_id: &'a str,
    /// The parameter for conditions.
    pub filter: &'a str,
    /// The parameter for the order: an object of directions by field, or the name of a field beside `direction`.
    pub order: &'a str,
    /// The parameter for the direction, `ASC` or `DESC`, where `order` is the name of a field.
    pub direction: Option<&'a str>,
}

impl<'a> Keyset<'a> {
    /// Creates the keyset of a list with the parameters `filter` and `order`, whose rows name the identifier `id` too.
    pub const fn new(id: &'a str) -> Self {
        Self { id, row_id: id, filter: "filter", order: "order", direction: None }
    }

    /// Sets another name of the identifier in rows.
    pub const fn with_row_id(mut self, name: &'a str) -> Self {
        self.row_id = name;
        self
    }

    /// Sets other parameters for conditions and order.
    pub const fn with_params(mut self, filter: &'a str, order: &'a str) -> Self {
        self.filter = filter;
        self.order = order;
        self
    }

    /// Sets the parameter for the direction of a list whose order is the name of a field.
    pub const fn with_direction(mut self, name: &'a str) -> Self {
        self.direction = Some(name);
        self
    }
}

/// The two interfaces of a portal. Six method names exist in both, with different parameters and results.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Api {
    /// REST 2, under `/rest/`.
    V2,
    /// REST 3, under `/rest/api/`.
    V3,
}

/// The authorization that a call requires.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum RequiredAuth {
    /// Any key with the scope: a webhook or an application.
    Any,
    /// An OAuth application; webhooks are refused.
    Application,
}

/// How a method returns a list with several pages.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Pagination {
    /// The method returns everything at once.
    None,
    /// `start` in the request, `next` and `total` in the response.
    Start,
    /// `limit` and `offset` in the request.
    LimitOffset,
    /// The last identifier received is sent in the next request.
    LastId,
    /// A page number in the request.
    Page,
    /// `pagination` in the request of REST 3, with `page` and `limit`.
    V3,
    /// `pagination` in the request of REST 3, with the `afterCursor` from the last page.
    Cursor,
    /// The documentation does not say.
    Unknown,
}

named! {
    Api, "v2 or v3" {
        V2 "v2"
        V3 "v3"
    }
}

named! {
    Pagination, "the name of a pagination" {
        None "none"
        Start "start"
        LimitOffset "limit_offset"
        LastId "last_id"
        Page "page"
        V3 "v3"
        Cursor "cursor"
        Unknown "unknown"
    }
}
