//! What is wrong with a request, before it is an error of a method.

/// What is wrong with a request.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Problem<'p> {
    /// A required parameter is absent.
    Missing(&'p str),
    /// A parameter has a value of another type.
    WrongType(&'p str),
    /// A parameter or field that the method does not have.
    Unknown(&'p str),
    /// There is no such row.
    NotFound,
    /// The page size or number is no such.
    Pagination,
    /// The condition cannot be read.
    Filter(&'p str),
    /// The condition has an operator that is none.
    Operator(&'p str),
    /// The field cannot be sorted by.
    Order(&'p str),
    /// Rows do not have the field that they are to be sorted by.
    UnknownOrder(&'p str),
}
