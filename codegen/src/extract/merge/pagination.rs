//! How the further pages of a list are requested: by parameters, or as the envelope of a response shows.

mod parameters;
mod results;

use crate::descriptor::Pagination;
use crate::extract::evidence::Leaf;
use crate::extract::facts::PageFacts;
use crate::extract::merge::Merge;
use crate::extract::merge::pagination::parameters::{PageRequest, page_request};
use crate::extract::merge::pagination::results::{holds_list, lists_anything};
use crate::extract::register::Rule;
use crate::extract::register::lists::{
    LIST_BY_NAME, LIST_METHODS_LINK, NEXT_IN_RESPONSE, NO_LIST_NO_PAGES, START_IN_EXAMPLE, TOTAL_IN_RESPONSE,
};

/// What decides the pagination.
enum PaginationDecision {
    /// A rule, with the document and the line that it reads.
    Rule(PageRequest, usize, usize),
    /// The result is a list or holds one, and nothing requests further pages.
    OnePage(usize),
    /// There are pages, but it is not known how they are requested.
    Unknown(&'static Rule),
}

impl Merge<'_> {
    /// A result without a list has no pages, and neither has a list whose page mentions none. Where a page mentions them and
    /// does not say how they are requested, the pagination is unknown.
    pub(super) fn pagination(&mut self) {
        let (by, request, line) = match self.pagination_decision() {
            PaginationDecision::Rule(request, by, line) => (by, request, line),
            PaginationDecision::OnePage(by) => {
                self.descriptor.pagination = Pagination::None;
                self.credit(by, "pagination");
                return;
            }
            PaginationDecision::Unknown(rule) => {
                self.ledger.fire(rule);
                self.front_matter_pagination();
                return;
            }
        };
        self.claim(by, request.rule, line, Leaf::key("pagination"), request.pagination);
        self.descriptor.pagination = request.pagination;
        if request.pagination == Pagination::Unknown {
            return;
        }
        self.credit(by, "pagination");
        if let Some(page_at) = request.page_at {
            self.claim(by, request.rule, line, Leaf::key("page_at"), &page_at);
            self.descriptor.page_at = Some(page_at);
            self.credit(by, "page_at");
        }
    }

    fn pagination_decision(&self) -> PaginationDecision {
        let descriptor = &self.descriptor;
        let described =
            self.first(|page| (page.params.is_some() || page.answer.returns.is_some()).then_some(()));
        let described = described.map_or(0, |(by, ())| by);
        let next = self.first(|page| page.answer.next.then_some(page.answer.line));
        // Some tables list the fields of the result and of the envelope together.
        let total = self
            .first(|page| page.answer.total.then_some(page.answer.line))
            .filter(|_| !descriptor.returns.properties.contains_key("total"));
        let start_sent = self.pages.iter().any(|page| page.paging.start_sent.is_some());
        let link = self.first(|page| page.paging.list_methods_link);
        let lists = lists_anything(&descriptor.returns, 0);
        let is_unknown_list = descriptor.returns.is_unknown() && is_list_by_name(&descriptor.method);
        let start = |rule| PageRequest::new(Pagination::Start, rule);
        if let Some((request, parameter)) = page_request(descriptor, total.is_some())
            && (lists || holds_list(&descriptor.returns))
        {
            return PaginationDecision::Rule(
                request,
                described,
                self.line_of_parameter(described, &parameter),
            );
        }
        match (next, total, link) {
            (Some((by, line)), _, _) if lists => PaginationDecision::Rule(start(&NEXT_IN_RESPONSE), by, line),
            // The number of all rows comes with pages; the examples show how they are requested.
            (_, Some((by, _)), _) if lists && start_sent && !descriptor.positional => {
                let line = self.pages.get(by).and_then(|page| page.paging.start_sent).unwrap_or(0);
                PaginationDecision::Rule(start(&START_IN_EXAMPLE), by, line)
            }
            (_, _, Some((by, line))) if is_unknown_list => {
                PaginationDecision::Rule(start(&LIST_METHODS_LINK), by, line)
            }
            (_, Some(_), _) if lists => PaginationDecision::Unknown(&TOTAL_IN_RESPONSE),
            _ if lists && is_unknown_list => PaginationDecision::Unknown(&LIST_BY_NAME),
            _ if lists => PaginationDecision::OnePage(described),
            _ => {
                PaginationDecision::Rule(PageRequest::new(Pagination::None, &NO_LIST_NO_PAGES), described, 0)
            }
        }
    }

    fn front_matter_pagination(&mut self) {
        let in_front_matter = |page: &PageFacts| {
            let pagination = page.front_matter.as_ref()?.pagination;
            pagination.filter(|pagination| *pagination != Pagination::Unknown)
        };
        if let Some((by, pagination)) = self.first(in_front_matter) {
            self.descriptor.pagination = pagination;
            self.credit_front_matter(by, "pagination");
        }
    }

    /// The line of a parameter in a document; 0 where the document does not list it.
    fn line_of_parameter(&self, by: usize, name: &str) -> usize {
        let params = self.pages.get(by).and_then(|page| page.params.as_ref());
        params.and_then(|params| params.list.get(name)).map_or(0, |param| param.line)
    }
}

/// Whether the last part of a method's name ends with `list`.
pub(super) fn is_list_by_name(method: &str) -> bool {
    method.rsplit('.').next().unwrap_or_default().to_lowercase().ends_with("list")
}
