//! Rules on lists: pages, rows, and reading by ascending identifier.

use crate::extract::register::rule::register;

register! {
    /// YAML between two `---` lines at the start of a document gives descriptor keys; a key that cannot be read is
    /// reported and the others are used.
    FRONT_MATTER: "front_matter", Document, "method, scope, aliases, rate_limit_per_sec, pagination, params, returns";
    /// Front matter decides a key only where no page knows it; a schema that says nothing or contradicts the
    /// example is reported and not used.
    FRONT_MATTER_FALLBACK: "front_matter_fallback", Document, "scope, aliases, pagination, params, returns";
    /// A parameter `start` that counts asks for pages of a list by the number of the first row; a text counts only
    /// where the response gives `total`, and a moment never.
    START_PARAMETER: "start_parameter", ParameterTable, "pagination";
    /// `next` beside a list in the response tells that pages are asked for with `start`.
    NEXT_IN_RESPONSE: "next_in_response", ResponseBody, "pagination";
    /// An example that gives `start` a whole number tells that pages of a list whose response gives `total` are
    /// asked for with it; without `total` it tells nothing.
    START_IN_EXAMPLE: "start_in_example", Code, "pagination";
    /// `total` beside a list tells that there are pages, but not how they are asked for; inside of the result it is
    /// a field like any other.
    TOTAL_IN_RESPONSE: "total_in_response", ResponseBody, "pagination";
    /// Parameters `limit` and `offset` ask for pages of a list; not where the response gives the next offset, which
    /// counts something else than rows.
    LIMIT_AND_OFFSET: "limit_and_offset", ParameterTable, "pagination";
    /// `limit` and `offset` inside of an object parameter ask for pages, with a pointer to where they are sent.
    NESTED_PAGE_POINTER: "nested_page_pointer", ParameterTable, "pagination, page_at";
    /// A parameter `last_id` or `lastId` asks for the rows after an identifier.
    LAST_ID_PARAMETER: "last_id_parameter", ParameterTable, "pagination";
    /// A parameter `page` that counts asks for pages of a list by their number.
    PAGE_PARAMETER: "page_parameter", ParameterTable, "pagination";
    /// In REST 3 the object `pagination` asks for pages: by cursor where it takes `afterCursor`, by page or offset
    /// where it takes these or nothing is listed.
    REST_3_PAGINATION: "rest_3_pagination", ParameterTable, "pagination";
    /// A list method without an example of its response is asked for pages with `start` where its text refers to
    /// the description of list methods.
    LIST_METHODS_LINK: "list_methods_link", Sentence, "pagination";
    /// A method whose last part ends with `list` gives a list; where no response is shown it is unknown whether it
    /// has pages.
    LIST_BY_NAME: "list_by_name", Heading, "pagination, rows";
    /// A method that only reads and gives nothing but a list has rows.
    ROWS_OF_A_READING_METHOD: "rows_of_a_reading_method", ResultTable, "rows";
    /// Conditions of an object `filter` can compare if the part on parameters names `>` or an example sends a key
    /// that begins with it; then a list with `start` can be read by ascending identifier.
    KEYSET_FILTER: "keyset_filter", ParameterTable, "keyset";
    /// An object `order`, `sort` or `…_order` gives the direction; the name of one field does not.
    KEYSET_ORDER: "keyset_order", ParameterTable, "keyset";
    /// The name of the identifier in conditions is that of the lists of fields in the cells of filter and order, or
    /// of the examples, or of the rows; a list of fields without it rules it out.
    KEYSET_IDENTIFIER: "keyset_identifier", ParameterTable, "keyset";
    /// Every row has an identifier that is no word; where rows mix small letters and capitals, its name in
    /// conditions has to be shown.
    KEYSET_ROW: "keyset_row", ResultTable, "keyset";
    /// A list of REST 3 can be read by ascending identifier where its filter is a list of conditions, which always
    /// compare.
    KEYSET_OF_REST_3: "keyset_of_rest_3", ParameterTable, "keyset";
    /// The rows of a list method are the only list in the result, at its top, one step or (with pages) two steps
    /// inside; lists of objects come before lists of values.
    ROWS_ARE_THE_ONLY_LIST: "rows_are_the_only_list", ResponseBody, "rows";
    /// Of several lists the rows are the one whose name begins as a part of the method's name does.
    ROWS_ARE_NAMED_AFTER_THE_METHOD: "rows_are_named_after_the_method", ResponseBody, "rows";
    /// Of several lists the rows are `items`.
    ROWS_ARE_ITEMS: "rows_are_items", ResponseBody, "rows";
    /// A method with a parameter `limit`, or whose response has `total` or `next`, is a list method.
    LIST_METHOD_BY_LIMIT_OR_COUNT: "list_method_by_limit_or_count", ResponseBody, "rows";
    /// An object of objects under the numbers that are their own identifiers, in every example, is a list of rows.
    ROWS_UNDER_THEIR_OWN_NUMBERS: "rows_under_their_own_numbers", ResponseBody, "rows";
    /// A list is not read by identifier where any example shows a row whose identifier is no number.
    WORD_IDENTIFIER_HAS_NO_KEYSET: "word_identifier_has_no_keyset", ResponseBody, "keyset";
    /// A result with `nextOffset` counts something other than rows, so `limit` and `offset` leave pagination
    /// unknown.
    NEXT_OFFSET_IN_RESULT: "next_offset_in_result", ResponseBody, "pagination";
    /// A result that holds no list or map has no pages, whatever the parameters say.
    NO_LIST_NO_PAGES: "no_list_no_pages", ResponseBody, "pagination";
}
