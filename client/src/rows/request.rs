//! The request of a listing, with its type forgotten.

use bitrix24_core::{Keyset, Method, MethodInfo};

/// The facts about a method, whatever its type.
trait Described {
    fn info(&self) -> MethodInfo<'_>;
}

impl<M: Method> Described for M {
    fn info(&self) -> MethodInfo<'_> {
        Method::info(self)
    }
}

/// Which list is asked for.
pub(crate) struct Asked {
    request: Box<dyn Described + Send>,
    /// Whether rows are to be taken out of the pages.
    rows: bool,
    /// How the caller says that the list is read by identifier.
    keyset: Option<Keyset<'static>>,
}

impl Asked {
    pub(crate) fn page_by_page<M: Method + Send + 'static>(request: M) -> Self {
        Self { request: Box::new(request), rows: false, keyset: None }
    }

    pub(crate) fn row_by_row<M: Method + Send + 'static>(request: M) -> Self {
        Self { request: Box::new(request), rows: true, keyset: None }
    }

    pub(crate) fn keyed(&mut self, keyset: Keyset<'static>) {
        self.keyset = Some(keyset);
    }

    /// The facts about the method, with what the caller knows better.
    pub(crate) fn info(&self) -> MethodInfo<'_> {
        let mut info = self.request.info();
        if self.rows {
            // Where nobody names a place, the result itself must be the list.
            info.rows = info.rows.or(Some(""));
        }
        info.keyset = self.keyset.or(info.keyset);
        info
    }
}
