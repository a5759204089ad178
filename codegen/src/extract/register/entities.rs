//! Rules on entities: the things that several methods return and accept.

use crate::extract::register::rule::register;

register! {
    /// The object that most methods of a family return, by themselves or in a list, is the entity of the family: what all
    /// their pages say about a field is joined. What `get` and a list return goes before what other methods return. Methods are a
    /// family if their names differ in the last word only.
    OBJECT_OF_A_FAMILY: "object_of_a_family", SeveralDocuments, "entity";
    /// Where the pages of `get` and of a list show nothing of the result, or of the rows of the list, the methods return the
    /// entity of their family.
    RESULT_THAT_NO_PAGE_SHOWS: "result_that_no_page_shows", SeveralDocuments, "returns";
    /// An object of the entity is a map where a request of the family has one in its place, if its values in the examples are of
    /// one kind.
    MAP_OF_A_REQUEST: "map_of_a_request", SeveralDocuments, "fields (additionalProperties)";
    /// The answer of a method that describes the fields of the entity gives their types.
    DESCRIBED_FIELD: "described_field", ResponseBody, "fields";
    /// A table on a page near those of the family that has most of the names of the entity lists its fields. Of several tables
    /// on one page that have fields in common only the best is taken.
    TABLE_OF_AN_ENTITY: "table_of_an_entity", SeveralDocuments, "fields";
    /// A table may spell the fields in another way than results do; a field that no result shows is spelled as the others are.
    FIELD_IN_ANOTHER_SPELLING: "field_in_another_spelling", SeveralDocuments, "fields";
    /// Where methods of a family need a parameter whose values a table numbers, and a page lists the fields of each numbered thing
    /// below its own heading, the entity has these kinds, and the fields of all of them.
    KINDS_OF_AN_ENTITY: "kinds_of_an_entity", SeveralDocuments, "kinds";
    /// A type in a table of fields may link to a section of its page: the field has the fields that the section lists.
    FIELDS_IN_A_LINKED_SECTION: "fields_in_a_linked_section", Link, "fields";
    /// A field has the fields that belong to the word of its type: those below a heading of that name, or those that a method of
    /// that name describes.
    FIELDS_OF_A_TYPE: "fields_of_a_type", SeveralDocuments, "fields";
    /// An object in a result of another family of the same module is the entity where four fifths of its fields are those of the
    /// entity, and as many of the entity's are shown or the field or the method is named after the entity.
    OBJECT_OF_ANOTHER_FAMILY: "object_of_another_family", SeveralDocuments, "returns";
    /// A field without a type has the type that the same object shows in other results: an object of the same module with at least
    /// five names, or of another with twelve, of which four fifths are in both. All that know the type agree.
    FIELD_OF_THE_SAME_OBJECT: "field_of_the_same_object", SeveralDocuments, "returns";
    /// The descriptions of fields that methods of a module return have the fields of all of them, if they have three names in
    /// common; a page shows the descriptions of some fields. Settings and items are those of custom fields.
    DESCRIPTIONS_OF_A_MODULE: "descriptions_of_a_module", SeveralDocuments, "returns/$defs";
    /// A method that describes fields, and whose page shows no result, returns what three others of its module and name return.
    DESCRIPTIONS_THAT_NO_PAGE_SHOWS: "descriptions_that_no_page_shows", SeveralDocuments, "returns";
    /// The settings of a custom field depend on its kind. Those of all custom fields, and of all descriptions, have the settings of
    /// all kinds that some page shows.
    SETTINGS_OF_ALL_KINDS: "settings_of_all_kinds", SeveralDocuments, "settings";
    /// A request that writes fields of the entity gives their types and values where no result does, and fields that no page
    /// shows in a result. A number of a request outranks a text of a result whose examples are all in digits.
    FIELD_OF_A_REQUEST: "field_of_a_request", ParameterTable, "fields";
    /// A parameter of a less exact type has the type of the same name in results of the family, or else in its other requests:
    /// a text is a flag, an identifier or a date, an integer is a fraction, a list has items. A flag is a text where its letters
    /// are codes.
    TYPE_OF_THE_RESULT: "type_of_the_result", ParameterTable, "params";
    /// An object in a request whose fields are mostly those of the entity refers to the entity.
    REQUEST_OF_AN_ENTITY: "request_of_an_entity", ParameterTable, "params/entity";
}
