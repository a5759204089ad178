//! What the runtime has to know of a method, and nothing of what it means.

use crate::error::ErrorCode;
use crate::params::Params;
use crate::wire::FromWire;

/// A request: a plain value that names a method, carries its parameters and says what comes back.
///
/// The generated request types implement it, and [`RawRequest`](crate::RawRequest) does for methods that have no type.
pub trait Method {
    /// The type of `result` in the portal's answer.
    type Output: FromWire;
    /// The errors that the method's documentation lists.
    type Error: ErrorCode;

    /// The facts about the method.
    fn info(&self) -> MethodInfo<'_>;

    /// The parameters under their wire names, in the documented order.
    fn params(&self) -> Params;
}

/// A request for a list whose rows have a type of their own, whatever the pages are wrapped in.
///
/// The generated request types of methods that name the place of their rows ([`MethodInfo::rows_pointer`]) implement it.
pub trait ListMethod: Method {
    /// One row.
    type Row: FromWire;
}

/// The facts about a method that a client needs to carry its call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct MethodInfo<'a> {
    /// The name, spelled as documented.
    pub name: &'a str,
    /// Which of the two interfaces the method belongs to.
    pub api: Api,
    /// The scopes of which the caller's key needs one; empty where none is asked for.
    pub scopes: &'a [&'a str],
    /// Whether parameters go by position, so that none may be added or reordered.
    pub positional: bool,
    /// Who may call: anyone with a key, or an OAuth application alone.
    pub required_auth: RequiredAuth,
    /// How further pages of a list are asked for.
    pub pagination: Pagination,
    /// JSON Pointer into the parameters as they are sent, to the number of the page or the offset, where it is no parameter of
    /// its own; the size of a page stands beside it. By position, the first step is the place of the parameter.
    pub page_pointer: Option<&'a str>,
    /// JSON Pointer into `result` to the rows of a list; `Some("")` where `result` itself is the list.
    pub rows_pointer: Option<&'a str>,
    /// How a list is read by ascending identifier, where that is known to work.
    pub keyset: Option<Keyset<'a>>,
    /// Whether a call may change something on the portal. It may unless the method is known to read alone, so that a call
    /// that got lost is repeated only where a second one does no harm.
    pub side_effects: bool,
}

impl<'a> MethodInfo<'a> {
    /// A method of `api` by name, with every other fact at its most common value.
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
            side_effects: true,
        }
    }

    /// With the scopes of which one is needed.
    pub const fn with_scopes(mut self, scopes: &'a [&'a str]) -> Self {
        self.scopes = scopes;
        self
    }

    /// With parameters that go by position.
    pub const fn with_positional(mut self) -> Self {
        self.positional = true;
        self
    }

    /// With a restriction on who may call.
    pub const fn with_required_auth(mut self, required_auth: RequiredAuth) -> Self {
        self.required_auth = required_auth;
        self
    }

    /// With a way to ask for further pages.
    pub const fn with_pagination(mut self, pagination: Pagination) -> Self {
        self.pagination = pagination;
        self
    }

    /// With the place of the page's number or offset inside a parameter.
    pub const fn with_page_pointer(mut self, pointer: &'a str) -> Self {
        self.page_pointer = Some(pointer);
        self
    }

    /// With the place of a list's rows in `result`.
    pub const fn with_rows_pointer(mut self, pointer: &'a str) -> Self {
        self.rows_pointer = Some(pointer);
        self
    }

    /// With a way to read a list by ascending identifier.
    pub const fn with_keyset(mut self, keyset: Keyset<'a>) -> Self {
        self.keyset = Some(keyset);
        self
    }

    /// With nothing changed on the portal by a call.
    pub const fn read_only(mut self) -> Self {
        self.side_effects = false;
        self
    }
}

/// Whether a text can be the name of a method: letters, digits and `_` in parts with single dots between, as in
/// `crm.deal.list`. Anything else would lead to another place than a method's.
pub fn is_method_name(name: &str) -> bool {
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'.';
    // An empty name is one empty part, and so is what stands before, behind or between dots that lack a neighbour.
    name.bytes().all(allowed) && name.split('.').all(|part| !part.is_empty())
}

/// How a list is read by ascending identifier: which field the identifier is, and where conditions and order stand in the
/// request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct Keyset<'a> {
    /// The identifier's name in conditions and orders: `ID` in `{">ID": 7}`.
    pub id: &'a str,
    /// The identifier's name in a row; often the same, sometimes in other letters.
    pub row_id: &'a str,
    /// The parameter that takes conditions.
    pub filter: &'a str,
    /// The parameter that takes the order.
    pub order: &'a str,
}

impl<'a> Keyset<'a> {
    /// A list that takes conditions and order in `filter` and `order`, and names its identifier `id` in rows as well.
    pub const fn new(id: &'a str) -> Self {
        Self { id, row_id: id, filter: "filter", order: "order" }
    }

    /// With another name of the identifier in rows.
    pub const fn with_row_id(mut self, name: &'a str) -> Self {
        self.row_id = name;
        self
    }

    /// With other parameters for conditions and order.
    pub const fn with_params(mut self, filter: &'a str, order: &'a str) -> Self {
        self.filter = filter;
        self.order = order;
        self
    }
}

/// The two interfaces of a portal. Six method names exist in both, with other parameters and results.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Api {
    /// REST 2, under `/rest/`.
    V2,
    /// REST 3, under `/rest/api/`.
    V3,
}

/// Who may call a method.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum RequiredAuth {
    /// Whoever holds a key with the scope: a webhook or an application.
    Any,
    /// An OAuth application only; a webhook is refused.
    Application,
}

/// How a method gives a list that is longer than one answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Pagination {
    /// The method gives everything at once.
    None,
    /// `start` in the request, `next` and `total` in the answer.
    Start,
    /// `limit` and `offset` in the request.
    LimitOffset,
    /// The last identifier seen goes into the next request.
    LastId,
    /// A page number in the request.
    Page,
    /// `pagination` in the request of REST 3, with `page` and `limit` in it.
    V3,
    /// `pagination` in the request of REST 3, with the `afterCursor` that the last page gave.
    Cursor,
    /// The documentation does not say.
    Unknown,
}
