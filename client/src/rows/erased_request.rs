//! The request of a list with its type erased.

use bitrix24_core::{Keyset, Method, MethodInfo};

/// The facts about a method, independent of its type.
trait HasInfo {
    fn info(&self) -> MethodInfo<'_>;
}

impl<M: Method> HasInfo for M {
    fn info(&self) -> MethodInfo<'_> {
        Method::info(self)
    }
}

/// The request of a list.
pub(crate) struct ErasedRequest {
    request: Box<dyn HasInfo + Send>,
    /// Whether rows are taken out of the pages.
    takes_rows: bool,
    /// The caller's keyset, which overrides that of the method.
    keyset: Option<Keyset<'static>>,
}

impl ErasedRequest {
    pub(crate) fn for_pages<M: Method + Send + 'static>(request: M) -> Self {
        Self { request: Box::new(request), takes_rows: false, keyset: None }
    }

    pub(crate) fn for_rows<M: Method + Send + 'static>(request: M) -> Self {
        Self { request: Box::new(request), takes_rows: true, keyset: None }
    }

    pub(crate) fn set_keyset(&mut self, keyset: Keyset<'static>) {
        self.keyset = Some(keyset);
    }

    /// The facts about the method, with the caller's overrides.
    pub(crate) fn info(&self) -> MethodInfo<'_> {
        let mut info = self.request.info();
        if self.takes_rows {
            // Without a pointer the result itself must be the list.
            info.rows_pointer = info.rows_pointer.or(Some(""));
        }
        info.keyset = self.keyset.or(info.keyset);
        info
    }
}
