//! Rules on a page as a whole: its kind, its method, and its preamble.

use crate::extract::register::rule::register;

register! {
    /// `method` in the front matter makes a page one of a method whatever its title says; `api` decides the
    /// interface where no address is shown.
    FRONT_MATTER_METHOD: "front_matter_method", Document, "method, api";
    /// The path of a Markdown page below `api-reference/`, or else below the root of its snapshot, is the page of
    /// the method.
    PAGE_PATH: "page_path", Document, "page";
    /// A page is one of a method if it says who may execute it, or names a scope and has the sections of a method
    /// or shows its name again; outside of a snapshot the sections alone are enough.
    METHOD_PAGE: "method_page", Preamble, "kind of page";
    /// A page is about an event if it says who may subscribe, if its title begins with "Event" or ends with a name
    /// such as `onThis`; not if it says who may execute a method.
    EVENT_PAGE: "event_page", Heading, "kind of page";
    /// A page is an overview if its title says so, if its file is called `index`, or if it says who may execute
    /// several methods.
    OVERVIEW_PAGE: "overview_page", Heading, "kind of page";
    /// A page is about a function of the browser if its name begins with a capital letter, or if it has parameters,
    /// code of a browser library and a camel-case word in its title, and no method name.
    BROWSER_FUNCTION_PAGE: "browser_function_page", Code, "kind of page";
    /// A page is about a request that the portal sends to an application if its title or first text says that the
    /// request goes to an address.
    CALLBACK_PAGE: "callback_page", Sentence, "kind of page";
    /// A page is about a place in the interface if its title has a word of capitals with `_`, or if it names a
    /// scope and its code reads the options of a placement.
    PLACEMENT_PAGE: "placement_page", Heading, "kind of page";
    /// A page with code in a folder `examples` holds further examples of a method.
    EXAMPLES_PAGE: "examples_page", Document, "kind of page";
    /// A page is a list of fields or types if its title has one of these words.
    DICTIONARY_PAGE: "dictionary_page", Heading, "kind of page";
    /// A page that describes a call and on which no name of a method can be read is reported.
    PAGE_WITHOUT_A_NAME: "page_without_a_name", Heading, "diagnostics";
    /// A method addressed below `/rest/api/` is one of REST 3; without an address the words "REST 3.0" above the
    /// first heading mean it.
    REST_3_ADDRESS: "rest_3_address", Code, "api";
    /// The last word of the title with dots in it is the name of the method, in the spelling of the code where code
    /// shows it; with a star or a version at its end it stands for several methods.
    METHOD_NAME_IN_TITLE: "method_name_in_title", Heading, "method";
    /// If title and code disagree, the name after which the file is named is taken; code names a method in an
    /// address or in a call of a library.
    METHOD_NAME_IN_CODE: "method_name_in_code", Code, "method";
    /// A line above the first heading that begins with "Scope:" lists scopes as code spans or words, separated by
    /// commas, "and" or "or"; what follows words that are no part of the list depends on the call and is reported.
    SCOPE_LINE: "scope_line", Preamble, "scope";
    /// Some pages name a scope by a word that is not its code on the portal: `sonet` is `sonet_group`.
    SCOPE_CODE: "scope_code", Preamble, "scope";
    /// The scope `basic`, or a line on who may execute the method without a line of scopes, means that the method
    /// needs none.
    NO_SCOPE_NEEDED: "no_scope_needed", Preamble, "scope";
    /// A paragraph above the first heading that names the method and speaks of an alias names its other names in
    /// code spans.
    ALIAS_SENTENCE: "alias_sentence", Sentence, "aliases";
    /// A note above the first heading whose title or text says that the method is deprecated, or such a title as a
    /// line of its own, deprecates the method.
    DEPRECATION_NOTE: "deprecation_note", Sentence, "deprecated";
    /// A page in a folder for deprecated pages is about a deprecated method.
    DEPRECATED_FOLDER: "deprecated_folder", Document, "deprecated";
    /// The methods that a note of deprecation links to, by words that are a name or by a page of a method, take the
    /// place of the method; without links the names in its text do; inside a snapshot one without a page is
    /// reported.
    REPLACED_BY_NOTE: "replaced_by_note", Link, "deprecated";
    /// A link is resolved from the folder of its page, or from the root of the snapshot where it begins with `/`;
    /// its ending and anchor do not matter, and one that leads out of the documents leads nowhere.
    LINK_TARGET: "link_target", Link, "deprecated";
    /// A sentence above the first heading that begins with the method, or with who may execute it, and limits it to
    /// the context of an application asks for an application.
    APPLICATION_CONTEXT_SENTENCE: "application_context_sentence", Sentence, "context";
    /// A row with the code `ERROR_WRONG_CONTEXT` means that only an application may call the method.
    WRONG_CONTEXT_CODE: "wrong_context_code", ErrorTable, "context";
    /// Examples with a tab for OAuth and none for a webhook mean that only an application may call the method; not
    /// those of a deprecated method.
    OAUTH_ONLY_TABS: "oauth_only_tabs", Code, "context";
    /// The first verb of the last part of a name decides whether the method reads or changes: its lower-case head, a
    /// reading verb that it begins with, or `list` or `fields` at the end of a name without capitals.
    VERB_IN_NAME: "verb_in_name", Heading, "changes";
    /// The first word of the title, as it is, in the third person or ending in -ing, decides whether the method reads
    /// or changes.
    VERB_IN_TITLE: "verb_in_title", Heading, "changes";
    /// The first paragraph above the first heading whose first word beside the method and auxiliaries is a known
    /// verb, as it is or in the third person, decides whether the method reads or changes.
    VERB_IN_FIRST_SENTENCE: "verb_in_first_sentence", Sentence, "changes";
    /// A verb in the third person that means keeping something, anywhere above the first heading, contradicts a
    /// method that only reads.
    KEEPING_VERB: "keeping_verb", Sentence, "changes";
    /// A sentence above the examples on the order of parameters in the request means that parameters are passed by
    /// position.
    POSITIONAL_PARAMETERS: "positional_parameters", Sentence, "positional";
    /// The arguments of a method that the spec knows stay as they are, under the spelling of the page; one that is no
    /// longer a parameter stays as a deprecated one and is reported. So do required fields of objects in a request.
    FROZEN_ARGUMENTS: "frozen_arguments", SeveralDocuments, "args";
    /// A parameter that the spec knows keeps its type; another one is used, or the join of both, if callers can send
    /// it what they sent before; it is reported, and values that the page drops stay. A patch of the parameter holds
    /// instead.
    FROZEN_TYPE: "frozen_type", SeveralDocuments, "params";
}
