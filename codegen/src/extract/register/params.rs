//! Rules on the parameters of requests.

use crate::extract::register::rule::register;

register! {
    /// The parameters are below a heading such as "Method Parameters"; of several such sections, the first with a
    /// table counts.
    PARAMETERS_HEADING: "parameters_heading", Heading, "params/properties";
    /// A table above the first heading lists the parameters where no section does.
    PARAMETERS_ABOVE_FIRST_HEADING: "parameters_above_first_heading", ParameterTable, "params/properties";
    /// Headings with a number below the section of parameters are ways to call the method: required is what each
    /// way requires, and one way must be taken.
    PARAMETERS_BELOW_NUMBERED_HEADINGS: "parameters_below_numbered_headings", Heading, "params/properties, params/required, params/anyOf";
    /// A section of parameters without a table has its table below the first deeper heading.
    PARAMETERS_BELOW_SUBHEADING: "parameters_below_subheading", Heading, "params/properties";
    /// Tables of parameters below tabs are ways to call the method.
    PARAMETERS_IN_TABS: "parameters_in_tabs", ParameterTable, "params/properties, params/required, params/anyOf";
    /// Several headings such as "Method Parameters for Webhooks" are ways to call the method.
    PARAMETERS_FOR_SOME_CALLS: "parameters_for_some_calls", Heading, "params/properties, params/required, params/anyOf";
    /// A deeper heading such as "Additional Parameters" has a table of more parameters of the same method.
    FURTHER_PARAMETERS_HEADING: "further_parameters_heading", Heading, "params/properties";
    /// The first of several tables in the section of parameters is read; the others are reported.
    SEVERAL_PARAMETER_TABLES: "several_parameter_tables", ParameterTable, "diagnostic";
    /// A sentence such as "No parameters" means that the method takes nothing; without a table and such a sentence
    /// the parameters are unknown.
    NO_PARAMETERS_SENTENCE: "no_parameters_sentence", Sentence, "params, required_unknown";
    /// A table whose first row has no known head begins with data: name, then description.
    TABLE_WITHOUT_HEAD: "table_without_head", ParameterTable, "params/properties";
    /// A star behind a name, beyond those of the emphasis, means required; two stars are the mark of another
    /// footnote.
    REQUIRED_MARK: "required_mark", ParameterTable, "params/required, args";
    /// A column such as "Required" says which parameters are.
    REQUIRED_COLUMN: "required_column", ParameterTable, "params/required, args";
    /// "(required)" beside a name or before its description, or a description whose first sentence is "Required", marks the
    /// parameter as a star does.
    REQUIRED_IN_WORDS: "required_in_words", ParameterTable, "params/required, args";
    /// A column such as "Type" has the types of names without one in their cell.
    TYPE_COLUMN: "type_column", ParameterTable, "params/properties/*/type";
    /// A column such as "Default" has the default of a value without one in its description.
    DEFAULT_COLUMN: "default_column", ParameterTable, "params/properties/*/default";
    /// The first parameter of a page without marks is required if it is an identifier, every example request sends it and
    /// its description has no default; below a footnote on marks only `id`, alone or
    /// beside the fields of a record.
    IDENTIFIER_OF_THE_RECORD: "identifier_of_the_record", RequestBody, "params/required, args";
    /// A page without a table of parameters that refers to the description of list methods has the parameters of such a
    /// method that every example request sends, and `start`.
    PARAMETERS_OF_LIST_METHODS: "parameters_of_list_methods", RequestBody, "params/properties";
    /// A footnote on the star means that a page without stars has no required parameters; without footnote and
    /// stars this is unknown.
    REQUIRED_FOOTNOTE: "required_footnote", Sentence, "required_unknown";
    /// A cell with several names between strokes lists alternatives: with a star, one of them is required.
    NAMES_WITH_STROKE: "names_with_stroke", ParameterTable, "params/anyOf, params/required";
    /// Names with a stroke are one key each where an example request sends one of the table so.
    KEY_WITH_STROKE: "key_with_stroke", RequestBody, "params/properties/*/properties";
    /// A name such as `UF_*`, `<FIELD>`, `fieldN` is a pattern of names, so further keys are allowed.
    PLACEHOLDER_NAME: "placeholder_name", ParameterTable, "params/additionalProperties";
    /// A name with dots is a field of the parameter or field before it, or of one that an example request sends.
    NAME_WITH_DOTS: "name_with_dots", ParameterTable, "params/properties/*/properties";
    /// A row whose first cell has no single name is not used.
    UNREADABLE_NAME: "unreadable_name", ParameterTable, "diagnostic";
    /// The first of several rows with one name counts.
    REPEATED_NAME: "repeated_name", ParameterTable, "params/properties";
    /// A parameter or field with brackets in its name, `rows[]`, describes the items of the list beside it and is none
    /// itself.
    ROW_FOR_LIST_ITEMS: "row_for_list_items", ParameterTable, "params/properties, params/properties/*/properties";
    /// Names of parameters in example requests are compared without case, names of fields exactly.
    NAME_CASE_IN_REQUEST: "name_case_in_request", RequestBody, "params/properties/*";
    /// A name that only an example request has is no parameter.
    REQUEST_SENDS_UNLISTED_NAME: "request_sends_unlisted_name", RequestBody, "diagnostic";
    /// A sentence of the description that begins with "required if" and the like takes the mark back.
    CONDITIONAL_MARK: "conditional_mark", Sentence, "params/required";
    /// A marked parameter that goes in the place of another marked one, or is required without it, makes the two
    /// alternatives.
    STANDS_FOR_ANOTHER: "stands_for_another", Sentence, "params/anyOf";
    /// A sentence such as "pass either A or B" that names marked parameters makes them alternatives.
    EITHER_OR_SENTENCE: "either_or_sentence", Sentence, "params/anyOf";
    /// A sentence that at least one of the parameters, or either of two, must be given names alternatives; without their
    /// names it is reported.
    AT_LEAST_ONE_SENTENCE: "at_least_one_sentence", Sentence, "params/anyOf";
    /// A sentence that two parameters are optional but one must be given speaks of the two parameters without a
    /// mark.
    ONE_OF_TWO_OPTIONAL: "one_of_two_optional", Sentence, "params/anyOf";
    /// Several rules on alternatives are multiplied out to at most 12 sets; beyond it only the first rule counts.
    COMBINED_ALTERNATIVES: "combined_alternatives", ParameterTable, "params/anyOf";
    /// Marked fields of an object of which one may stand for another are not required.
    INTERCHANGEABLE_FIELDS: "interchangeable_fields", Sentence, "params/properties/*/required";
    /// Where an example request of an update leaves out a marked field, or none sends the object, all marks of the object
    /// are taken back: its table describes a new record.
    MARKS_OF_AN_UPDATE: "marks_of_an_update", RequestBody, "params/properties/*/required";
    /// A marked field of an object that an example request leaves out is not required.
    MARK_LEFT_OUT_IN_REQUEST: "mark_left_out_in_request", RequestBody, "params/properties/*/required";
    /// A word of the documentation stands for a JSON type and perhaps a format.
    TYPE_WORD: "type_word", ParameterTable, "params/properties/*/type, params/properties/*/format";
    /// The code spans in the cell of the name are its type, several being alternatives; types behind a slash count
    /// where all are known.
    TYPE_IN_CODE_SPAN: "type_in_code_span", ParameterTable, "params/properties/*/type";
    /// A single word behind the name is the type where the cell has no code for it.
    TYPE_BELOW_NAME: "type_below_name", ParameterTable, "params/properties/*/type";
    /// Types between strokes are alternatives: one list of types, or `anyOf` where one of them has more to it;
    /// beside `null` a type keeps its format.
    ALTERNATIVE_TYPES: "alternative_types", ParameterTable, "params/properties/*/type, params/properties/*/anyOf";
    /// Brackets behind a type make a list of it, up to four deep.
    LIST_TYPE: "list_type", ParameterTable, "params/properties/*/items";
    /// A word that is no known type is one of the documentation's own and is kept as the format.
    OWN_TYPE_WORD: "own_type_word", ParameterTable, "params/properties/*/format";
    /// `entity.id` is an integer; fields such as `entity.code` are strings.
    TYPE_OF_ENTITY_FIELD: "type_of_entity_field", ParameterTable, "params/properties/*/type, params/properties/*/format";
    /// A table under the head "Type" gives the JSON types of the documentation's own words by the first words of
    /// their descriptions; the first document counts.
    TYPE_TABLE: "type_table", SeveralDocuments, "params/properties/*/type";
    /// A table below a heading with the name of an entity, on a page with a table of types, gives the types of its
    /// fields; the table of types decides on identifiers.
    ENTITY_FIELD_TABLE: "entity_field_table", SeveralDocuments, "params/properties/*/type";
    /// `unknown`, `any`, `mixed` and `enum` give no type.
    UNTYPED_WORD: "untyped_word", ParameterTable, "params/properties/*/type";
    /// A type that is no word is reported, except on a rendered page, which has lost its types.
    TYPE_NOT_UNDERSTOOD: "type_not_understood", ParameterTable, "diagnostic";
    /// A field whose name ends with `id` and whose type is an entity is an integer, unless an example request sends
    /// an object.
    IDENTIFIER_OF_ENTITY: "identifier_of_entity", ParameterTable, "params/properties/*/type";
    /// The values in example requests show the type of a parameter without a documented type, and that of a field if it is no
    /// structure; the types of several requests are joined, and the keys of objects are not taken.
    TYPE_FROM_REQUEST_BODY: "type_from_request_body", RequestBody, "params/properties/*/type, params/properties/*/items";
    /// A text in `**`, `<>` or `{}` is to be filled in and shows no type.
    PLACEHOLDER_IN_REQUEST_BODY: "placeholder_in_request_body", RequestBody, "params/properties/*/type";
    /// A text with date, time and offset is a date-time.
    MOMENT_IN_REQUEST_BODY: "moment_in_request_body", RequestBody, "params/properties/*/format";
    /// A text without a format is a date-time if requests send one, or if its description speaks of a date and its name
    /// has the word as well or the description names ISO 8601.
    DATE_IN_DESCRIPTION: "date_in_description", Sentence, "params/properties/*/format";
    /// A column of examples shows the type where neither the table nor a request does: numbers and booleans by
    /// themselves, other words as strings.
    TYPE_FROM_EXAMPLE_COLUMN: "type_from_example_column", ParameterTable, "params/properties/*/type";
    /// An example request that sends another type than is documented is reported, and the documented type counts; an
    /// integer and a number agree.
    REQUEST_SENDS_ANOTHER_TYPE: "request_sends_another_type", RequestBody, "diagnostic";
    /// A parameter without a type whose default is an integer is an integer, unless a request sends something else.
    TYPE_FROM_DEFAULT: "type_from_default", Sentence, "params/properties/*/type, params/properties/*/default";
    /// A table inside a cell lists the fields of its object or of the items of its list.
    FIELDS_IN_CELL: "fields_in_cell", ParameterTable, "params/properties/*/properties";
    /// A link to an anchor of the page leads to the table of the fields.
    FIELDS_BEHIND_LINK: "fields_behind_link", Link, "params/properties/*/properties";
    /// A heading with the name of the parameter as a word has the table of its fields, up to five objects deep.
    FIELDS_BELOW_HEADING: "fields_below_heading", Heading, "params/properties/*/properties";
    /// A link leads to the fields on another page: behind its anchor, or above the headings of a page about fields,
    /// if the table has types.
    FIELDS_ON_OTHER_PAGE: "fields_on_other_page", SeveralDocuments, "params/properties/*/properties";
    /// Fields on another page whose names requests send in capitals (`RESPONSIBLE_ID` for `responsibleId`) are those of the
    /// answer: the names are taken as requests spell them, without those of objects, and identifiers as integers.
    NAMES_AS_REQUESTS_SPELL_THEM: "names_as_requests_spell_them", RequestBody, "params/properties/*/properties";
    /// Keys that a description lists in another spelling than the page that it links to (`typeId` for `TYPE_ID`) are those
    /// that requests send, if they are half of the fields there and not only the required ones.
    KEYS_SPELLED_IN_DESCRIPTION: "keys_spelled_in_description", ParameterTable, "params/properties/*/properties";
    /// A star at a key that a description lists means required, unless an example request leaves the key out or the method
    /// updates a record.
    STAR_AT_A_LISTED_KEY: "star_at_a_listed_key", ParameterTable, "params/properties/*/required";
    /// Fields of which all names are numbers, beside a placeholder such as `<cageId>`, are keys of a map.
    NUMBERS_BESIDE_PLACEHOLDER: "numbers_beside_placeholder", ParameterTable, "params/properties/*/additionalProperties";
    /// A list below words such as "Required fields:" in the description of an object names required fields, unless an
    /// example request leaves one out.
    REQUIRED_KEYS_IN_DESCRIPTION: "required_keys_in_description", ParameterTable, "params/properties/*/required";
    /// Tables of fields below tabs are variants of the object; tables beside one another are parts of one list.
    FIELDS_IN_TABS: "fields_in_tabs", ParameterTable, "params/properties/*/oneOf";
    /// The tables of the deeper headings below a heading without a table are variants of the object.
    FIELDS_BELOW_DEEPER_HEADINGS: "fields_below_deeper_headings", Heading, "params/properties/*/oneOf";
    /// A heading named like a key that a description lists has the fields of that key, if an example request sends an
    /// object there; a link to it has no fields of the parameter.
    FIELDS_OF_LISTED_KEY: "fields_of_listed_key", Heading, "params/properties/*/properties/*/properties";
    /// Sections on the answer have no fields of a request.
    FIELDS_OF_THE_ANSWER: "fields_of_the_answer", Heading, "params/properties";
    /// A table is not read again inside itself.
    TABLES_IN_A_CIRCLE: "tables_in_a_circle", Link, "params/properties/*/properties";
    /// A list in the description whose items begin with a name and a dash gives the keys of an object, unless the
    /// items are values or samples, or requests send none of the keys.
    KEYS_LISTED_IN_DESCRIPTION: "keys_listed_in_description", ParameterTable, "params/properties/*/properties";
    /// Code behind words such as "in the format" shows the keys of an object, unless dots or numbers stand for them
    /// or requests send other keys.
    OBJECT_FORM_IN_SENTENCE: "object_form_in_sentence", Sentence, "params/properties/*/properties";
    /// A form that is announced for an array or a list is that of the items; otherwise a value documented as an
    /// array is an object of this form.
    FORM_OF_AN_ITEM: "form_of_an_item", Sentence, "params/properties/*/items, params/properties/*/type";
    /// A code block below words such as "Object format:" shows the keys of an object, whatever requests of other
    /// cases send.
    OBJECT_FORM_IN_FENCE: "object_form_in_fence", ParameterTable, "params/properties/*/properties";
    /// A type word, several literals or a JSON scalar in the place of a value in the form of an object give the type
    /// of the key.
    TYPES_IN_OBJECT_FORM: "types_in_object_form", Code, "params/properties/*/properties/*/type, params/properties/*/properties/*/enum";
    /// A value that is documented as an array without items is an object where an example request sends one.
    ARRAY_SENT_AS_OBJECT: "array_sent_as_object", RequestBody, "params/properties/*/type";
    /// The parameter `fields` of a method that adds or updates is an object where it is documented as an array without items and
    /// no example request sends a list.
    ARRAY_OF_FIELDS: "array_of_fields", ParameterTable, "params/properties/*/type";
    /// Example requests show the type of the items of an array: integers, numbers or strings alone, and none in a
    /// filter or an order.
    ITEMS_FROM_REQUEST_BODY: "items_from_request_body", RequestBody, "params/properties/*/items";
    /// Words such as "identifiers" or "addresses" in the first sentence give the type of the items of an array, where no
    /// request sends any.
    ITEMS_IN_DESCRIPTION: "items_in_description", Sentence, "params/properties/*/items";
    /// An object that is described as several ("a list of", "multiple") is a list of it, if a request sends a list
    /// or the type is the documentation's own.
    SEVERAL_IN_DESCRIPTION: "several_in_description", Sentence, "params/properties/*/items";
    /// An integer whose name ends with `ids` is a list of integers, if a request sends a list or the description
    /// speaks of several.
    PLURAL_IDENTIFIER: "plural_identifier", ParameterTable, "params/properties/*/items";
    /// A single value may also be a list or an object where both the description and an example request show one.
    SINGLE_VALUE_OR_STRUCTURE: "single_value_or_structure", Sentence, "params/properties/*/type";
    /// An object whose keys in requests are no listed fields, and whose values are objects of listed fields alone,
    /// holds such a record below each key.
    KEYS_ARE_DATA: "keys_are_data", RequestBody, "params/properties/*/additionalProperties";
    /// A description such as "the key is the language" means that the object holds a record below each key, unless
    /// a request sends a listed field.
    KEYS_ARE_DATA_IN_DESCRIPTION: "keys_are_data_in_description", Sentence, "params/properties/*/additionalProperties";
    /// Code in the section of a table that shows an object with a record of the fields of the table below each key means the same,
    /// if no request sends the object.
    KEYS_ARE_DATA_IN_CODE: "keys_are_data_in_code", Code, "params/properties/*/additionalProperties";
    /// A list that all code blocks of its description show as an object, with records below numbers or `n0`, has a record below
    /// each key.
    LIST_SHOWN_BY_KEYS: "list_shown_by_keys", Code, "params/properties/*/additionalProperties";
    /// A sentence with a link such as "full list of fields" beside a table means that further fields are allowed.
    MORE_FIELDS_ELSEWHERE: "more_fields_elsewhere", Sentence, "params/properties/*/additionalProperties";
    /// `filter` and `order` are open objects, whatever fields a page lists, if documented or sent as objects, or documented as
    /// a single value but described as an object or a list. An `order` below which a request sends a structure is a thing.
    FILTER_IS_OPEN: "filter_is_open", ParameterTable, "params/properties/*";
    /// `select` and `group` are lists of names of fields, and have no fields inside.
    SELECT_LISTS_NAMES: "select_lists_names", ParameterTable, "params/properties/*/items";
    /// A list behind words such as "possible values" whose items begin with a literal gives the values of a string
    /// or an integer.
    ENUM_VALUES_IN_LIST: "enum_values_in_list", ParameterTable, "params/properties/*/enum";
    /// Code spans behind words such as "possible values:", in a row or each with its meaning, are the values; so are those
    /// that are all there is behind words such as "Kind of the cage:".
    ENUM_VALUES_IN_LINE: "enum_values_in_line", Sentence, "params/properties/*/enum";
    /// A list below a text gives the values of an integer, and of a string that has no other description, unless the
    /// words announce samples, a form or fields.
    VALUES_EXPLAINED_IN_LIST: "values_explained_in_list", ParameterTable, "params/properties/*/enum";
    /// A `char`, a boolean or a string with the values `Y` and `N` alone is a boolean in the format `char`.
    YES_OR_NO_VALUE: "yes_or_no_value", ParameterTable, "params/properties/*/type, params/properties/*/format";
    /// A value that is a number or one letter has the name that the words behind it give, up to four of them, unless several
    /// values would have it. Letters beside `Y` and `N` have none.
    NAMES_OF_VALUES: "names_of_values", ParameterTable, "params/properties/*/enumNames, params/properties/*/items/enumNames";
    /// An integer with the values `0` and `1` alone is a flag if `0` has no explanation or one that negates, such as "do not
    /// create".
    FLAG_OF_DIGITS: "flag_of_digits", ParameterTable, "params/properties/*/format";
    /// Code behind a word such as "default", or before "by default", is the default, if it fits the type, has no
    /// condition and is the only one.
    DEFAULT_IN_DESCRIPTION: "default_in_description", Sentence, "params/properties/*/default";
    /// An item of a list of values that ends with a word such as "default" is the default.
    DEFAULT_IN_LIST_ITEM: "default_in_list_item", ParameterTable, "params/properties/*/default";
    /// "Default is 500", a flag's letter or "an empty string" behind such a word is the default, where no code is.
    DEFAULT_IN_WORDS: "default_in_words", Sentence, "params/properties/*/default";
    /// Code behind a condition such as "if the parameter is not provided," is the default, where the sentence ends with it or
    /// continues with words such as "is used".
    DEFAULT_IF_OMITTED: "default_if_omitted", Sentence, "params/properties/*/default";
    /// "From 1 to 9" or "(1–9)" gives the bounds of a number, unless values are listed or another bound is beside it.
    RANGE_IN_SENTENCE: "range_in_sentence", Sentence, "params/properties/*/minimum, params/properties/*/maximum";
    /// Words such as "minimum" or "must not exceed" before a number give a bound, unless the number counts
    /// something or is not the only one; above a number means at least the next integer.
    BOUND_IN_DESCRIPTION: "bound_in_description", Sentence, "params/properties/*/minimum, params/properties/*/maximum";
    /// A number of characters behind words such as "no more than" is the greatest length of a string.
    LONGEST_TEXT: "longest_text", Sentence, "params/properties/*/maxLength";
    /// The values in the description of a list are those of its items.
    VALUES_OF_ITEMS: "values_of_items", ParameterTable, "params/properties/*/items/enum";
    /// A number behind words such as "maximum" or "maximum number of" in the description of a list is the greatest number of
    /// its items, unless it is the size of a file or the length of a text.
    MOST_ITEMS: "most_items", Sentence, "params/properties/*/maxItems";
    /// The explanation of a key in a list gives its type, values, default and bounds as the description of a field does; a key
    /// without a type has that of its default, or else what example requests send, and `page`, `limit` and `offset` are integers.
    CONSTRAINTS_OF_A_KEY: "constraints_of_a_key", ParameterTable, "params/properties/*/properties/*/type, params/properties/*/properties/*/enum, params/properties/*/properties/*/enumNames, params/properties/*/properties/*/format, params/properties/*/properties/*/default, params/properties/*/properties/*/minimum, params/properties/*/properties/*/maximum";
    /// The newest document that lists parameters decides on names, order and marks; a name that only an older one
    /// lists is reported and left out.
    NEWEST_PARAMETER_TABLE: "newest_parameter_table", SeveralDocuments, "params/properties, params/required";
    /// A type, range or alternatives that the newest document does not give come from an older one; a documented
    /// type counts more than a newer request.
    COMPLETED_BY_OLDER_DOCUMENT: "completed_by_older_document", SeveralDocuments, "params/properties/*/type, params/properties/*/minimum, params/properties/*/maximum, params/anyOf";
    /// Front-matter gives the parameters where no document lists any.
    FRONT_MATTER_PARAMETERS: "front_matter_parameters", Preamble, "params";
}
