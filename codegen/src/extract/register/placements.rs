//! Rules on what a portal sends to an application beside events: placements, and requests to registered addresses.

use crate::extract::register::rule::register;

register! {
    /// A table with a column of codes beside one of locations lists placements; `XXX` behind `DYNAMIC` and a word in
    /// `<>` are the variable parts of a family.
    PLACEMENT_TABLE: "placement_table", ParameterTable, "placement, pattern";
    /// The codes in the title of a page about a placement are placements, if no table of the page lists any; with `XXX`
    /// in another place they are all known placements of that form, and the page adds to them.
    PLACEMENT_IN_TITLE: "placement_in_title", Heading, "placement";
    /// A request that a page shows names its placement as `PLACEMENT`, if neither a table nor the title does.
    PLACEMENT_IN_SAMPLE: "placement_in_sample", Code, "placement";
    /// A handler in code that compares `PLACEMENT` with a text is about this placement; `DEFAULT` is the page of an
    /// application outside of any placement.
    PLACEMENT_IN_CODE: "placement_in_code", Code, "placement";
    /// A table of an overview names placements in its first columns, which count if no other page is about them.
    PLACEMENT_IN_OVERVIEW: "placement_in_overview", ParameterTable, "placement";
    /// The words about the location, or else the title, say what the interface shows: a tab, an item of a menu.
    SHOWN_PLACEMENT: "shown_placement", Sentence, "shown";
    /// A location with a link to a folder of deprecated pages is that of a deprecated placement.
    DEPRECATED_LOCATION: "deprecated_location", Link, "deprecated";
    /// A text that names a method to be used instead of another one names the method that binds the placements of its
    /// page.
    BINDING_METHOD: "binding_method", Sentence, "method";
    /// Tables below a heading that names `PLACEMENT_OPTIONS` list what the handler receives; a field that only requests
    /// of other placements of the page have, which share no field with those of this one, belongs to these.
    PLACEMENT_OPTIONS_TABLE: "placement_options_table", ParameterTable, "receives";
    /// A list below such a heading explains the keys one by one.
    PLACEMENT_OPTIONS_LIST: "placement_options_list", Sentence, "receives";
    /// A sentence below such a heading says that the placement sends no options.
    NO_PLACEMENT_OPTIONS: "no_placement_options", Sentence, "receives";
    /// The options in the requests that a page shows have the keys and types that no table has; not those of a placement
    /// that the page does not describe.
    PLACEMENT_OPTIONS_SAMPLE: "placement_options_sample", Code, "receives";
    /// Code that decodes the options and takes keys out of them shows these keys.
    PLACEMENT_OPTIONS_IN_CODE: "placement_options_in_code", Code, "receives";
    /// A text of a page about a method that names `PLACEMENT_OPTIONS`, with an example below it, shows what the
    /// placement receives that this method binds: one on whose page a link leads to the method.
    OPTIONS_OF_A_BINDING_METHOD: "options_of_a_binding_method", Code, "method, receives";
    /// A text whose name ends in `id` is an integer if all requests of the page show digits.
    IDENTIFIER_IN_PLACEMENT_OPTIONS: "identifier_in_placement_options", Code, "receives";
    /// Tables below a heading that begins with `OPTIONS` list the options that the binding method accepts.
    BINDING_OPTIONS_TABLE: "binding_options_table", ParameterTable, "options";
    /// `OPTIONS[key]`, in a table or in code, is one of these options.
    BINDING_OPTION_IN_BRACKETS: "binding_option_in_brackets", Sentence, "options";
    /// A page about an address that a portal calls names the method that registers it by a link, and the parameter as
    /// code.
    CALLBACK_ADDRESS: "callback_address", Sentence, "handler, method, address";
    /// A section on what the handler receives, on the page of a method with a parameter for an address, is about the
    /// requests to it.
    HANDLER_SECTION: "handler_section", Heading, "handler, method, address";
    /// A section that begins with the name of a parameter for an address is about the requests to it; the method is the
    /// one of the page, or else that of the folder which registers something with this parameter.
    ADDRESS_SECTION: "address_section", Heading, "handler, method, address";
    /// The first table of such a page or section lists the fields of the request, without `auth`; without a table a list
    /// or an example of the object does.
    HANDLER_FIELDS: "handler_fields", ParameterTable, "receives";
    /// A table below a heading on the response, or a list below a sentence on it, is what the portal expects.
    HANDLER_RESPONSE: "handler_response", ParameterTable, "response";
    /// A handler has the scopes of the method that registers its address.
    SCOPE_OF_THE_METHOD: "scope_of_the_method", SeveralDocuments, "scope";
}
