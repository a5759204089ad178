//! Rules on lists: pages, rows, and reading by ascending identifier.

use crate::extract::register::rule::register;

register! {
    /// YAML between two `---` lines at the start of a document gives descriptor keys; a key that cannot be read is
    /// reported and the others are used.
    FRONT_MATTER: "front_matter", Document, "method, scope, aliases, rate_limit_per_sec, pagination, params, returns";
    /// Front matter decides a key only where no page does; a schema that says nothing or contradicts the example is
    /// reported and not used.
    FRONT_MATTER_FALLBACK: "front_matter_fallback", Document, "scope, aliases, pagination, params, returns";
    /// A parameter `start` that is a number requests pages of a list by the number of the first row; a text does so
    /// only where the response has `total`, and a date-time never.
    START_PARAMETER: "start_parameter", ParameterTable, "pagination";
    /// `next` beside a list in the response means that pages are requested with `start`.
    NEXT_IN_RESPONSE: "next_in_response", ResponseBody, "pagination";
    /// An example that sets `start` to a whole number means that pages of a list are requested with it, if the
    /// response has `total`.
    START_IN_EXAMPLE: "start_in_example", Code, "pagination";
    /// `total` beside a list means that there are pages, but not how they are requested; inside of the result it is
    /// a field like any other.
    TOTAL_IN_RESPONSE: "total_in_response", ResponseBody, "pagination";
    /// Parameters `limit` and `offset` request pages of a list, unless the response has the next offset, which
    /// counts something else than rows.
    LIMIT_AND_OFFSET: "limit_and_offset", ParameterTable, "pagination";
    /// `limit` and `offset` inside of an object parameter request pages, with a pointer to the offset as it is sent.
    NESTED_PAGE_POINTER: "nested_page_pointer", ParameterTable, "pagination, page_at";
    /// A parameter `last_id` or `lastId` requests the rows after an identifier.
    LAST_ID_PARAMETER: "last_id_parameter", ParameterTable, "pagination";
    /// A parameter `page` that is a number requests pages of a list by their number.
    PAGE_PARAMETER: "page_parameter", ParameterTable, "pagination";
    /// The object `pagination` of REST 3 requests pages: by cursor where it takes `afterCursor`, by page or offset
    /// where it takes these or its fields are not listed.
    REST_3_PAGINATION: "rest_3_pagination", ParameterTable, "pagination";
    /// A reference to the description of list methods means that pages are requested with `start`, for a list method
    /// without an example response.
    LIST_METHODS_LINK: "list_methods_link", Sentence, "pagination";
    /// A method whose last part ends with `list` returns a list; where no response is shown, its pagination is
    /// unknown.
    LIST_BY_NAME: "list_by_name", Heading, "pagination, rows";
    /// A method that only reads and returns nothing but a list has rows.
    ROWS_OF_A_READING_METHOD: "rows_of_a_reading_method", ResultTable, "rows";
    /// Conditions of an object `filter` can compare if the part on parameters names `>` or an example sends a key
    /// that begins with it; a list with `start` can then be read by ascending identifier.
    KEYSET_FILTER: "keyset_filter", ParameterTable, "keyset";
    /// An object `order`, `sort` or `…_order` sets the direction; a text `sort` names the field beside a text `order` with
    /// the direction.
    KEYSET_ORDER: "keyset_order", ParameterTable, "keyset";
    /// The name of the identifier in conditions is that in the lists of fields in the cells of filter and order, or
    /// in the examples, or in the rows; a list of fields without it means that there is none.
    KEYSET_IDENTIFIER: "keyset_identifier", ParameterTable, "keyset";
    /// Rows have an identifier, whose name is also that in conditions, unless rows mix small letters and capitals.
    KEYSET_ROW: "keyset_row", ResultTable, "keyset";
    /// A list of REST 3 can be read by ascending identifier where its filter is a list of conditions, which always
    /// compare.
    KEYSET_OF_REST_3: "keyset_of_rest_3", ParameterTable, "keyset";
    /// The rows of a list method are the only list in the result, at its top, one step or (with pages) two steps
    /// inside; lists of objects come before lists of values.
    ROWS_ARE_THE_ONLY_LIST: "rows_are_the_only_list", ResponseBody, "rows";
    /// The rows are, of several lists, the one whose name begins as a part of the method's name does.
    ROWS_ARE_NAMED_AFTER_THE_METHOD: "rows_are_named_after_the_method", ResponseBody, "rows";
    /// The rows are, of several lists, the one named `items`.
    ROWS_ARE_ITEMS: "rows_are_items", ResponseBody, "rows";
    /// A method with a parameter `limit`, or whose response has `total` or `next`, is a list method.
    LIST_METHOD_BY_LIMIT_OR_COUNT: "list_method_by_limit_or_count", ResponseBody, "rows";
    /// An object of objects under the numbers that are their own identifiers, in every example, is a list of rows.
    ROWS_UNDER_THEIR_OWN_NUMBERS: "rows_under_their_own_numbers", ResponseBody, "rows";
    /// A list cannot be read by ascending identifier where any example shows a row whose identifier is no number.
    WORD_IDENTIFIER_HAS_NO_KEYSET: "word_identifier_has_no_keyset", ResponseBody, "keyset";
    /// A result with `nextOffset` counts something else than rows, so that `limit` and `offset` leave the pagination
    /// unknown.
    NEXT_OFFSET_IN_RESULT: "next_offset_in_result", ResponseBody, "pagination";
    /// A result without a list or a map has no pages, whatever the parameters are.
    NO_LIST_NO_PAGES: "no_list_no_pages", ResponseBody, "pagination";
}
