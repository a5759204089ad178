//! Rules on the results of methods.

use crate::extract::register::rule::register;

register! {
    /// The value of `result` in each example of a response is an example of the result; responses with `error` and
    /// without `result` show nothing.
    RESULT_IN_ENVELOPE: "result_in_envelope", ResponseBody, "returns";
    /// The first JSON under the response heading is the result itself where no example has an envelope; `time`,
    /// `next` and `total` are removed from it.
    BARE_RESPONSE: "bare_response", ResponseBody, "returns";
    /// The result of a recorded call is a further example, behind those of the page: a type that it contradicts is not
    /// used, and a field that only it shows has its type, unless the field exists on one portal only.
    RECORDED_RESPONSE: "recorded_response", RecordedTraffic, "returns";
    /// Examples and tables of the response are under a response or returned-data heading, or under an unknown
    /// heading inside one.
    RESPONSE_SECTIONS: "response_sections", Heading, "returns";
    /// A timing object that is inside `result` is taken out of it and reported.
    TIMING_INSIDE_RESULT: "timing_inside_result", ResponseBody, "returns";
    /// An example with comments, ellipses, missing or extra commas, raw control characters or unknown escapes is
    /// repaired and reported; other text that begins like JSON is reported and not used.
    NEAR_JSON_REPAIRED: "near_json_repaired", ResponseBody, "returns";
    /// The newest document that shows a result decides it; results are not merged.
    FIRST_DOCUMENT_WITH_A_RESULT: "first_document_with_a_result", SeveralDocuments, "returns";
    /// A method whose documents show no result gets a warning and an unknown result.
    RESULT_NOT_DOCUMENTED: "result_not_documented", Document, "returns";
    /// `returns` in front matter is used where no page shows a result; it is reported where it contradicts the
    /// examples or says nothing.
    FRONT_MATTER_RETURNS: "front_matter_returns", Document, "returns";
    /// The items of a list have one schema, with the fields of all items that the examples show.
    FIELDS_OF_ALL_ROWS: "fields_of_all_rows", ResponseBody, "returns";
    /// `null`, `false`, `""`, `[]` and `{}` contradict no other value and no documented type; alone they show no type
    /// but that of a whole result.
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
    /// The type in a table decides where every example can be read as it, before TypeScript and the examples;
    /// otherwise the example decides and the contradiction is reported.
    TABLE_TYPE_WHERE_THE_EXAMPLE_FITS: "table_type_where_the_example_fits", ResultTable, "returns";
    /// Several types in a cell are one: texts and numbers a text, integers and numbers a number, without `null`, and without a
    /// flag that no example shows as `true`; others are not used.
    SEVERAL_TABLE_TYPES_ARE_ONE: "several_table_types_are_one", ResultTable, "returns";
    /// A type word that stands for no JSON type becomes the format of a scalar whose type the example shows.
    TYPE_WORD_BECOMES_FORMAT: "type_word_becomes_format", ResultTable, "returns (format)";
    /// An example that cannot be read as the TypeScript type decides, and the contradiction is reported.
    EXAMPLE_CONTRADICTS_TYPESCRIPT: "example_contradicts_typescript", Code, "returns";
    /// Values of several JSON kinds have the first of boolean, integer, number and text that all can be read as.
    SPELLINGS_OF_ONE_VALUE: "spellings_of_one_value", ResponseBody, "returns";
    /// A value that is a scalar in some examples and an object or a list in others has these two types. An ellipsis, or the name
    /// of a type, is no scalar.
    SCALAR_OR_STRUCTURE: "scalar_or_structure", ResponseBody, "returns (oneOf)";
    /// Values that no one type can read have all their JSON types, with a warning.
    SEVERAL_KINDS_IN_EXAMPLES: "several_kinds_in_examples", ResponseBody, "returns";
    /// The result, an item or a map value may be null where an example shows an empty form that its type cannot
    /// read, or its TypeScript type has null; of fields it is not recorded.
    NULLABLE_RESULT: "nullable_result", ResponseBody, "returns (type null)";
    /// A result that is `null` in every example has the type null.
    NULL_RESULT: "null_result", ResponseBody, "returns";
    /// A TypeScript number without a value in the examples is an integer if its name ends as an identifier does
    /// (`id`, `cageId`, `CAGE_IDS`).
    IDENTIFIER_IS_INTEGER: "identifier_is_integer", Code, "returns";
    /// A TypeScript number is an integer if all example values are whole numbers.
    WHOLE_TYPESCRIPT_NUMBER_IS_INTEGER: "whole_typescript_number_is_integer", Code, "returns";
    /// An integer or the text of a number is a number where the name is that of money, a quantity or a share (`price`,
    /// `TAX_VALUE`, `priceDelivery`); an integer without a table also where it is that of a length (`duration`, `width`).
    MEASURE_IS_NUMBER: "measure_is_number", ResponseBody, "returns";
    /// A text is a date or a date-time where every example is one in a form that portals write, or its TypeScript type is
    /// one, or no example shows a value and the name is that of a date.
    MOMENT_IS_DATE_TIME: "moment_is_date_time", ResponseBody, "returns (format)";
    /// `Y` and `N` in every example are a flag, unless the name or the table is that of a code with further letters; so is
    /// a documented `char`, and a documented text without a value under the name of a flag (`isOpen`).
    YES_OR_NO_IS_FLAG: "yes_or_no_is_flag", ResponseBody, "returns";
    /// A text is an integer where its name is that of an identifier and every example is one in digits, unless it is a
    /// kind of key that may have letters (`XML_ID`, `originId`); also a documented text without a value, if the name is
    /// that of a thing with a number (`USER_ID`, `createdBy`).
    IDENTIFIER_IN_DIGITS: "identifier_in_digits", ResponseBody, "returns";
    /// A text is an integer where its name is that of a count or a position (`SORT`, `commentsCount`) and every example is
    /// one in digits; so is a numbered kind (`status`) that no table says to be a text, and a number of things that a table calls a
    /// flag.
    COUNT_IN_DIGITS: "count_in_digits", ResponseBody, "returns";
    /// A value that is empty in every example has the type that its name says, if no table and no TypeScript type says
    /// another: a date, an identifier, a flag, a measure or a text.
    NAME_OF_AN_EMPTY_VALUE: "name_of_an_empty_value", ResponseBody, "returns";
    /// The values of an object that are all `true` and `false` are flags, also those that no example shows as `true`.
    FLAGS_SIDE_BY_SIDE: "flags_side_by_side", ResponseBody, "returns";
    /// An object of texts, or of objects, under the codes of two or more languages is a map.
    LANGUAGE_KEYS_ARE_A_MAP: "language_keys_are_a_map", ResponseBody, "returns (additionalProperties)";
    /// An object is a map where every key is a day, a CSS selector (`#block3430`, `.zoo-cage`), a code after a number and a point
    /// (`07.wide_cage`), or the code or the identifier of the object below it.
    KEYS_OF_DATA_ARE_A_MAP: "keys_of_data_are_a_map", ResponseBody, "returns (additionalProperties)";
    /// A row of a table with words such as "the key is the cage" or "where the keys are the codes" makes the object a map, if its
    /// values in the examples are of one kind and no table lists one of its keys.
    KEYS_OF_DATA_IN_WORDS: "keys_of_data_in_words", ResultTable, "returns (additionalProperties)";
    /// Fields whose names differ only in case or marks become one, a plain name first; the others are reported. A name with `~`
    /// before it is that of the stored value beside the displayed one.
    NAMES_THAT_DIFFER_IN_CASE: "names_that_differ_in_case", ResponseBody, "returns";
    /// User fields with a long number or a pattern in their names, properties by number and links to types that a portal
    /// defines (`ufCrm_1721244707107`, `UF_CRM_XXX`, `property258`, `parentId1220`) are left out.
    PORTAL_FIELD_LEFT_OUT: "portal_field_left_out", ResponseBody, "returns";
    /// A row of a table under the response heading has the type of a field of the result; the first line of its first cell is
    /// the name. A list has the items that its description shows as code, or integers where it lists identifiers.
    RESULT_TABLE_ROW: "result_table_row", ResultTable, "returns";
    /// The bold part is the name where name and type are on one line.
    NAME_AND_TYPE_ON_ONE_LINE: "name_and_type_on_one_line", ResultTable, "returns";
    /// A table with a column of codes lists no fields.
    TABLE_OF_CODES_IS_NO_TABLE_OF_FIELDS: "table_of_codes_is_no_table_of_fields", ResultTable, "returns";
    /// A field name is one word of letters, digits and `_.-[]:$`; marks around it are removed; rows with `...` or
    /// other words are passed over, and so are those for "any field of" something.
    FIELD_NAME_IN_A_ROW: "field_name_in_a_row", ResultTable, "returns";
    /// A row whose name several objects have belongs to the one that has most names of the table, else to the object
    /// of the row before, else to the first.
    ROW_BOUND_BY_OVERLAP: "row_bound_by_overlap", ResultTable, "returns";
    /// A row whose name no object has adds a field to the object of the row before, or to the object that the table
    /// is mostly about.
    ROW_BESIDE_THE_ROW_BEFORE: "row_beside_the_row_before", ResultTable, "returns";
    /// A row about a list or an object whose name no object has is about the field that examples show under the plural or the
    /// singular of the name (`cage` for `cages`), if no row has that name.
    ROW_IN_ANOTHER_NUMBER: "row_in_another_number", ResultTable, "returns";
    /// A name with dots is a path from the result, and makes objects and lists of fields on its way.
    DOTTED_ROW_NAME: "dotted_row_name", ResultTable, "returns";
    /// A row `items[]` binds the rows behind it to the items of that list.
    ROW_OF_LIST_ITEMS: "row_of_list_items", ResultTable, "returns";
    /// A table without a known name belongs to the field that its heading names, if nothing inside that field is
    /// known.
    TABLE_UNDER_HEADING: "table_under_heading", Heading, "returns";
    /// A row may link to a section of its page: the table of the section lists the fields of an object of which the page shows
    /// nothing else.
    TABLE_THAT_A_ROW_LINKS_TO: "table_that_a_row_links_to", Link, "returns";
    /// A table with a row `result` or `time` is about the envelope: the row `result` is the result itself, and
    /// `time`, `total`, `next`, `error` are no fields of it.
    ENVELOPE_ROW: "envelope_row", ResultTable, "returns";
    /// The rows of an envelope table are the fields of the result, or of its items if the row `result` is a list,
    /// where neither an example nor TypeScript shows the result.
    TABLE_ALONE_OPENS_THE_RESULT: "table_alone_opens_the_result", ResultTable, "returns";
    /// Rows that name keys of a map or described fields are no fields of the result.
    MAP_KEY_ROW: "map_key_row", ResultTable, "returns";
    /// The first table with a type for a field decides it.
    FIRST_TABLE_WITH_A_TYPE: "first_table_with_a_type", ResultTable, "returns";
    /// The type argument of `make<T>` is the type of the result, if the call names the method or none.
    TYPESCRIPT_RESULT_TYPE: "typescript_result_type", Code, "returns";
    /// Names of TypeScript and of its Bitrix24 library stand for JSON types, and literals for the type of their
    /// value; other names are unknown.
    TYPESCRIPT_NAMES: "typescript_names", Code, "returns";
    /// An object type has its fields, with optional, readonly and quoted ones and without comments.
    TYPESCRIPT_OBJECT: "typescript_object", Code, "returns (properties)";
    /// `T[]`, `Array<T>`, `ReadonlyArray<T>`, `Set<T>` and tuples are lists.
    TYPESCRIPT_LIST: "typescript_list", Code, "returns (items)";
    /// `Record`, `Map` and an object with nothing but an index signature are maps.
    TYPESCRIPT_MAP: "typescript_map", Code, "returns (additionalProperties)";
    /// A union is the join of its types: `null`, `undefined` and `false` make the others nullable, objects have the
    /// fields of all, lists the items and maps the values of all; with an unknown name it is unknown.
    TYPESCRIPT_UNION: "typescript_union", Code, "returns";
    /// An intersection is an object with the fields of all its parts.
    TYPESCRIPT_INTERSECTION: "typescript_intersection", Code, "returns (properties)";
    /// Types and interfaces that the same code declares are looked up, `extends` included.
    TYPESCRIPT_DECLARATION: "typescript_declaration", Code, "returns";
    /// `Partial<T>`, `Required<T>` and `Readonly<T>` stand for `T`; other generic types are unknown.
    TYPESCRIPT_GENERIC_OF_ALL_FIELDS: "typescript_generic_of_all_fields", Code, "returns";
    /// `{…}['field']` is the type of that field.
    TYPESCRIPT_FIELD_OF_A_TYPE: "typescript_field_of_a_type", Code, "returns";
    /// An object, item or map value whose type names an entity has the fields of the entity's table on another
    /// page; tables of the page itself come first.
    ENTITY_FIELDS: "entity_fields", SeveralDocuments, "returns";
    /// Rows have the fields of the table on another page about fields that the description of `select` links to, if it has three of
    /// their names and half of those in the examples, which show half of the table or less.
    FIELDS_TO_SELECT: "fields_to_select", SeveralDocuments, "returns (properties)";
    /// A field of an entity takes the spelling that the method's page shows (`CAGE_ID` for `cageId`).
    ENTITY_FIELD_IN_THE_SPELLING_OF_THE_PAGE: "entity_field_in_the_spelling_of_the_page", SeveralDocuments, "returns";
    /// The table below a heading that is the name of an entity lists its fields, on a page with three or more such
    /// headings; the first page decides.
    ENTITY_UNDER_ITS_HEADING: "entity_under_its_heading", Heading, "returns";
}
