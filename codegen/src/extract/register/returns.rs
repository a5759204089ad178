//! Rules on the results of methods.

use crate::extract::register::rule::register;

register! {
    /// The value of `result` in each example of a response is an example of the result; responses with `error` and
    /// without `result` show nothing.
    RESULT_IN_ENVELOPE: "result_in_envelope", ResponseBody, "returns";
    /// Where no example has an envelope, the first JSON under the response heading is the result itself, without
    /// `time`, `next` and `total`.
    BARE_RESPONSE: "bare_response", ResponseBody, "returns";
    /// Examples and tables of the response stand under a response or returned-data heading, or under an unknown
    /// heading inside one.
    RESPONSE_SECTIONS: "response_sections", Heading, "returns";
    /// A timing object that stands inside `result` is taken out of it and reported.
    TIMING_INSIDE_RESULT: "timing_inside_result", ResponseBody, "returns";
    /// An example with comments, ellipses, missing or extra commas, raw control characters or unknown escapes is
    /// repaired and reported; what only begins like JSON is reported.
    NEAR_JSON_REPAIRED: "near_json_repaired", ResponseBody, "returns";
    /// The first document in order of age that knows a result decides it; results are not merged.
    FIRST_DOCUMENT_WITH_A_RESULT: "first_document_with_a_result", SeveralDocuments, "returns";
    /// A method whose documents show no result gets a warning and an unknown result.
    RESULT_NOT_DOCUMENTED: "result_not_documented", Document, "returns";
    /// `returns` in front matter is used where no page shows a result; it is reported where it contradicts the
    /// examples or says nothing.
    FRONT_MATTER_RETURNS: "front_matter_returns", Preamble, "returns";
    /// The items of a list have one schema, with the fields of all items that the examples show.
    FIELDS_OF_ALL_ROWS: "fields_of_all_rows", ResponseBody, "returns";
    /// `null`, `false`, `""`, `[]` and `{}` contradict no other value and no documented type; alone they show at
    /// most a kind.
    EMPTY_LIST_IS_NOTHING: "empty_list_is_nothing", ResponseBody, "returns";
    /// An object whose keys are all integers is a map; its values have one schema.
    NUMBER_KEYS_ARE_A_MAP: "number_keys_are_a_map", ResponseBody, "returns (additionalProperties)";
    /// An object whose keys are all integers is a list where TypeScript or another example shows a list there.
    NUMBER_KEYS_ARE_A_LIST: "number_keys_are_a_list", ResponseBody, "returns (items)";
    /// An object of two or more objects that each have a textual `type` and a word such as `isRequired` or `title`
    /// is a map of field descriptions with one shared schema, named after the method.
    MAP_OF_FIELD_DESCRIPTIONS: "map_of_field_descriptions", ResponseBody, "returns (additionalProperties, $defs)";
    /// A TypeScript map type makes an object or list of the examples a map, if all values fit its value type.
    MAP_IN_TYPESCRIPT_AND_EXAMPLE: "map_in_typescript_and_example", Code, "returns (additionalProperties)";
    /// TypeScript adds the fields that no example shows, unless the examples show another kind of value.
    TYPESCRIPT_ADDS_FIELDS: "typescript_adds_fields", Code, "returns";
    /// The type that a table gives is taken where every example can be read as it, before TypeScript and the
    /// examples; otherwise the example decides and the contradiction is reported.
    TABLE_TYPE_WHERE_THE_EXAMPLE_FITS: "table_type_where_the_example_fits", ResultTable, "returns";
    /// Of several types in a cell, texts and numbers together are a text, integers and numbers a number, `null` is
    /// dropped; others say nothing.
    SEVERAL_TABLE_TYPES_ARE_ONE: "several_table_types_are_one", ResultTable, "returns";
    /// A type word without a JSON type of its own becomes the format of a scalar whose type the example shows.
    TYPE_WORD_BECOMES_FORMAT: "type_word_becomes_format", ResultTable, "returns (format)";
    /// Where the example cannot be read as the TypeScript type, the example decides and the contradiction is
    /// reported.
    EXAMPLE_CONTRADICTS_TYPESCRIPT: "example_contradicts_typescript", Code, "returns";
    /// Values of several JSON kinds have the first of boolean, integer, number and text that all can be read as.
    SPELLINGS_OF_ONE_VALUE: "spellings_of_one_value", ResponseBody, "returns";
    /// Values that no one type can read have all their kinds, with a warning.
    SEVERAL_KINDS_IN_EXAMPLES: "several_kinds_in_examples", ResponseBody, "returns";
    /// The result, an item or a map value may be null where an example shows an empty form that its type cannot
    /// read, or TypeScript says null; fields do not say it.
    NULLABLE_RESULT: "nullable_result", ResponseBody, "returns (type null)";
    /// A result that is `null` in every example has the type null.
    NULL_RESULT: "null_result", ResponseBody, "returns";
    /// A TypeScript number without a value in the examples is an integer if its name ends as an identifier does
    /// (`id`, `cageId`, `CAGE_IDS`).
    IDENTIFIER_IS_INTEGER: "identifier_is_integer", Code, "returns";
    /// A TypeScript number is an integer if all example values are whole numbers.
    WHOLE_TYPESCRIPT_NUMBER_IS_INTEGER: "whole_typescript_number_is_integer", Code, "returns";
    /// An integer whose name ends with a measure (`price`, `weight`, `length`) is a number, unless a table says
    /// integer.
    MEASURE_IS_NUMBER: "measure_is_number", ResponseBody, "returns";
    /// A text is a date-time where every example is a moment with an offset, or TypeScript says so.
    MOMENT_IS_DATE_TIME: "moment_is_date_time", ResponseBody, "returns (format)";
    /// Of fields whose names differ only in case or marks one is kept, a plain name first; the others are reported.
    NAMES_THAT_DIFFER_IN_CASE: "names_that_differ_in_case", ResponseBody, "returns";
    /// User fields with a long number and links to a portal's own types (`ufCrm_1721244707107`, `parentId1220`) are
    /// left out.
    PORTAL_FIELD_LEFT_OUT: "portal_field_left_out", ResponseBody, "returns";
    /// A row of a table under the response gives a field of the result its type; the first line of its first cell
    /// is the name.
    RESULT_TABLE_ROW: "result_table_row", ResultTable, "returns";
    /// Where name and type stand on one line, the bold part is the name.
    NAME_AND_TYPE_ON_ONE_LINE: "name_and_type_on_one_line", ResultTable, "returns";
    /// A table with a column of codes lists no fields.
    TABLE_OF_CODES_IS_NO_TABLE_OF_FIELDS: "table_of_codes_is_no_table_of_fields", ResultTable, "returns";
    /// A field name is one word of letters, digits and `_.-[]:$`; marks around it are removed; rows with `...` or
    /// other words are passed over.
    FIELD_NAME_IN_A_ROW: "field_name_in_a_row", ResultTable, "returns";
    /// A row belongs to the object that has its name; of several, to the one that has most names of the table, else
    /// to the object of the row before, else to the first.
    ROW_BOUND_BY_OVERLAP: "row_bound_by_overlap", ResultTable, "returns";
    /// A row whose name no object has adds a field to the object of the row before, or to the object that the table
    /// is mostly about.
    ROW_BESIDE_THE_ROW_BEFORE: "row_beside_the_row_before", ResultTable, "returns";
    /// A name with dots is a path from the result, which opens empty objects and lists.
    DOTTED_ROW_NAME: "dotted_row_name", ResultTable, "returns";
    /// A row `items[]` binds the rows behind it to the items of that list.
    ROW_OF_LIST_ITEMS: "row_of_list_items", ResultTable, "returns";
    /// A table without a known name belongs to the field that its heading names, if nothing inside that field is
    /// known.
    TABLE_UNDER_HEADING: "table_under_heading", Heading, "returns";
    /// In a table with a row `result` or `time`, the row `result` is the result itself, and `time`, `total`,
    /// `next`, `error` are no fields of it.
    ENVELOPE_ROW: "envelope_row", ResultTable, "returns";
    /// Where nothing shows the result, the rows of an envelope table are its fields, or those of its items, as the
    /// row `result` says.
    TABLE_ALONE_OPENS_THE_RESULT: "table_alone_opens_the_result", ResultTable, "returns";
    /// Rows that name keys of a map or described fields are no fields of the result.
    MAP_KEY_ROW: "map_key_row", ResultTable, "returns";
    /// The first table that gives a field a type decides it.
    FIRST_TABLE_WITH_A_TYPE: "first_table_with_a_type", ResultTable, "returns";
    /// The type argument of `make<T>` is the type of the result, if the call names the method or none.
    TYPESCRIPT_RESULT_TYPE: "typescript_result_type", Code, "returns";
    /// Names of TypeScript and of its Bitrix24 library stand for JSON types; literals for the type of their value;
    /// other names for nothing.
    TYPESCRIPT_NAMES: "typescript_names", Code, "returns";
    /// An object type gives its fields, optional, readonly and quoted ones included, without comments.
    TYPESCRIPT_OBJECT: "typescript_object", Code, "returns (properties)";
    /// `T[]`, `Array<T>`, `ReadonlyArray<T>`, `Set<T>` and tuples are lists.
    TYPESCRIPT_LIST: "typescript_list", Code, "returns (items)";
    /// `Record`, `Map` and an object with nothing but an index signature are maps.
    TYPESCRIPT_MAP: "typescript_map", Code, "returns (additionalProperties)";
    /// `null`, `undefined` and `false` make the other type nullable; texts and numbers are a text; objects have the
    /// fields of all, lists the items and maps the values of all. A union that no single type reads says nothing, nor
    /// does one with a name that stands for nothing.
    TYPESCRIPT_UNION: "typescript_union", Code, "returns";
    /// An intersection is an object with the fields of all its parts.
    TYPESCRIPT_INTERSECTION: "typescript_intersection", Code, "returns (properties)";
    /// Types and interfaces that the same code declares are looked up, `extends` included.
    TYPESCRIPT_DECLARATION: "typescript_declaration", Code, "returns";
    /// `Partial<T>`, `Required<T>` and `Readonly<T>` stand for `T`; other generic types say nothing.
    TYPESCRIPT_GENERIC_OF_ALL_FIELDS: "typescript_generic_of_all_fields", Code, "returns";
    /// `{…}['field']` is the type of that field.
    TYPESCRIPT_FIELD_OF_A_TYPE: "typescript_field_of_a_type", Code, "returns";
    /// An object, item or map value whose type names an entity has the fields of the entity's table on another
    /// page; tables of the page itself come first.
    ENTITY_FIELDS: "entity_fields", SeveralDocuments, "returns";
    /// A field of an entity takes the spelling that the method's page shows (`CAGE_ID` for `cageId`).
    ENTITY_FIELD_IN_THE_SPELLING_OF_THE_PAGE: "entity_field_in_the_spelling_of_the_page", SeveralDocuments, "returns";
    /// On a page with three or more headings that are entity names, the table below each lists its fields; the
    /// first page decides.
    ENTITY_UNDER_ITS_HEADING: "entity_under_its_heading", Heading, "returns";
}
