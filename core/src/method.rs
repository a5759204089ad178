//! What the runtime has to know of a method, and nothing of what it means.

use crate::error::ErrorCode;
use crate::params::Params;
use crate::wire::FromWire;

/// A request: a plain value that names a method, carries its parameters and says what comes back.
///
/// The generated request types implement it, and [`Raw`](crate::Raw) does for methods that have no type.
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
    pub context: Context,
    /// How further pages of a list are asked for.
    pub pagination: Pagination,
    /// JSON Pointer into `result` to the rows of a list; `Some("")` where `result` itself is the list.
    pub rows: Option<&'a str>,
}

impl<'a> MethodInfo<'a> {
    /// A method of `api` by name, with every other fact at its most common value.
    pub const fn new(api: Api, name: &'a str) -> Self {
        Self {
            name,
            api,
            scopes: &[],
            positional: false,
            context: Context::Any,
            pagination: Pagination::None,
            rows: None,
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
    pub const fn with_context(mut self, context: Context) -> Self {
        self.context = context;
        self
    }

    /// With a way to ask for further pages.
    pub const fn with_pagination(mut self, pagination: Pagination) -> Self {
        self.pagination = pagination;
        self
    }

    /// With the place of a list's rows in `result`.
    pub const fn with_rows(mut self, rows: &'a str) -> Self {
        self.rows = Some(rows);
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
pub enum Context {
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
    /// The `pagination` object of REST 3.
    V3,
    /// The documentation does not say.
    Unknown,
}
