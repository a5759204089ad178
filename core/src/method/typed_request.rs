//! Requests whose results are read as other types.

use super::{ListMethod, Method, MethodInfo};
use crate::params::Params;
use crate::typed::Typed;
use crate::wire::Reader;

impl<R: Method, O, T, D: Reader<O>> Method for Typed<R, O, T, D> {
    type Output = O;
    type Reader = D;
    type Error = R::Error;

    fn info(&self) -> MethodInfo<'_> {
        self.request().info()
    }

    fn params(&self) -> Params {
        self.request().params()
    }
}

impl<R: ListMethod, O, T, D: Reader<O> + Reader<T>> ListMethod for Typed<R, O, T, D> {
    type Row = T;
    type Keyset = R::Keyset;
}
