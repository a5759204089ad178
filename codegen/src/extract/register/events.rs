//! Rules on events: their names, their payloads, who may subscribe, and where events without a page are named.

use crate::extract::register::rule::register;

register! {
    /// A word of the title of a page about an event in the form of a name, such as `onThis`, is the name of the event.
    EVENT_NAME_IN_TITLE: "event_name_in_title", Heading, "event";
    /// What the handler receives names its event: it is the name if the title has none, or another one with no more
    /// support by a list of a portal, the name of the file and links; a name that is the title of another page is copied
    /// from there.
    EVENT_NAME_IN_PAYLOAD: "event_name_in_payload", Code, "event";
    /// A table of events that links to the page of an event by another name has the name, if a list of a portal has it
    /// and not the one in the title.
    EVENT_NAME_IN_LINK: "event_name_in_link", Link, "event";
    /// A page about an event whose title has a name with `::` is about an event of the browser, which no handler
    /// receives; so is one without any name of an event.
    BROWSER_EVENT: "browser_event", Heading, "event";
    /// A section whose heading is the name of an event, with a table or an example below it, describes the event.
    EVENT_SECTION: "event_section", Heading, "event";
    /// In sections that describe several events of one page, a field that is an object has in all of them what any of
    /// their examples shows.
    EVENT_FIELD_OF_ANOTHER: "event_field_of_another", Code, "data";
    /// A table whose first column is headed as that of events names events, by links, emphasis or code.
    EVENT_IN_TABLE: "event_in_table", ResultTable, "event";
    /// A list in an example in which all texts have the form of names of events names events.
    EVENT_IN_LIST: "event_in_list", ResponseBody, "event";
    /// The request bodies of `event.bind` name events.
    EVENT_IN_SUBSCRIPTION: "event_in_subscription", RequestBody, "event";
    /// Below the heading "Event" on a page about something else, an emphasized word in the form of a name behind the word
    /// "event" is the name of an event.
    EVENT_IN_TEXT: "event_in_text", Sentence, "event";
    /// What a handler receives is shown on a page about something else.
    EVENT_SHOWN_ELSEWHERE: "event_shown_elsewhere", Code, "event, data";
    /// A name with a number or a word in brackets behind the name of another event is of a family of events with one
    /// payload.
    EVENT_FAMILY: "event_family", SeveralDocuments, "pattern";
    /// An event whose page has no line of scopes has the scopes that all pages around it have, of the nearest folder in
    /// which they agree.
    EVENT_SCOPE_OF_SECTION: "event_scope_of_section", SeveralDocuments, "scope";
    /// The line on who may subscribe, by the words that are known; other words are reported.
    EVENT_SUBSCRIBERS: "event_subscribers", Preamble, "subscribers";
    /// A sentence above the first heading that limits subscribing to an application asks for an application.
    EVENT_OF_APPLICATION: "event_of_application", Sentence, "context";
    /// The links of the note of deprecation on a page about an event name what replaces it, by their words or by the
    /// event of the page that they lead to.
    EVENT_SUCCESSOR: "event_successor", Link, "deprecated";
    /// An example with `event`, `data` and another part of what a handler receives shows the payload of the event.
    EVENT_PAYLOAD: "event_payload", Code, "data";
    /// An example on a page about an event without these parts is the payload itself, if there is no example with them.
    EVENT_PAYLOAD_ALONE: "event_payload_alone", Code, "data";
    /// An array of PHP is an example as JSON is; variables in it show no value.
    PHP_ARRAY: "php_array", Code, "data";
    /// `undefined` in place of a value of a payload means that there is none.
    UNDEFINED_IS_NOTHING: "undefined_is_nothing", Code, "data";
    /// The tables of a page about an event describe what the handler receives: those that name `event` or `auth` the
    /// whole, one that a row links to the value of the row, one whose heading has the name of a part that part.
    EVENT_TABLE: "event_table", ResultTable, "data";
    /// The description of an object or a list in a table on a page about an event may name its field in words, as in
    /// "contains the field ID", or list its fields one by one.
    EVENT_FIELD_IN_DESCRIPTION: "event_field_in_description", Sentence, "data";
    /// A table on a page about an event that no heading, link or name binds lists the fields of the payload; so does one of which
    /// the payload has two names, and objects inside of it at most one of the others.
    EVENT_TABLE_OF_DATA: "event_table_of_data", ResultTable, "data";
    /// A value of a payload of which all examples are an empty text, and whose name says nothing, is a text.
    EVENT_EMPTY_TEXT: "event_empty_text", Code, "data";
    /// An identifier in a payload of which no example and no table shows the type is an integer, a token a text.
    EVENT_IDENTIFIER: "event_identifier", ResultTable, "data";
    /// A key such as `event_handler_id` beside the payload is the name of the handler's identifier.
    EVENT_HANDLER_ID: "event_handler_id", Code, "handler_id";
    /// The statement that tokens are not always passed, a star at `access_token` beside stars at other parts of `auth`, or
    /// else an example of `auth` without it, say whether the event brings tokens.
    EVENT_TOKENS: "event_tokens", ResultTable, "tokens";
    /// An object in a payload is an entity of the methods of its scope where four fifths of its fields are those of the entity, and as
    /// many of the entity's are shown or the field is named after the entity.
    EVENT_ENTITY: "event_entity", SeveralDocuments, "data";
}
