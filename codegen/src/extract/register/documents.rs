//! Rules on several documents together: their order, what an earlier import decided, and patches.

use crate::extract::register::rule::register;

register! {
    /// A file `REVISION` makes its folder a snapshot of the documentation of the first day in it; the newest
    /// snapshot comes first, and documents without a day come last. A folder with a table of contents is a snapshot without a
    /// day, which comes before all.
    REVISION_FILE: "revision_file", SeveralDocuments, "page, order of documents";
    /// The day in `time.date_start` of the response is the day of a document outside of a snapshot.
    RESPONSE_DATE: "response_date", ResponseBody, "order of documents";
    /// Of documents of the same age Markdown comes before rendered text, which has lost a part of the page.
    MARKDOWN_BEFORE_RENDERED: "markdown_before_rendered", SeveralDocuments, "order of documents";
    /// Of pages of the same age and form the one whose file is named after the method comes first, unless it is
    /// in a folder of examples or of deprecated pages.
    MAIN_PAGE: "main_page", SeveralDocuments, "order of documents";
    /// A method only reads if its name and its title or first sentence have a reading verb and no verb above the
    /// first heading means keeping something; a name without a verb needs both.
    READ_ONLY_AGREEMENT: "read_only_agreement", Sentence, "changes";
    /// Required parameters are the arguments of a new method; where parameters go by position, every one up to the
    /// last required one is.
    FIRST_ARGUMENTS: "first_arguments", ParameterTable, "args";
    /// A patch sets values of a descriptor by path, each of which has to change something; errors are addressed by
    /// their codes, null takes a value away, `system: true` is for the system, and `args` holds against frozen
    /// arguments.
    PATCH: "patch", SeveralDocuments, "every key";
    /// A patch is for a method of one interface, perhaps for one form of its newest document; it is left alone
    /// while that has another form or no document is about the method, and a warning where the spec does not know
    /// the method either, an error of a strict import.
    PATCH_TARGET: "patch_target", SeveralDocuments, "every key";
    /// A patch that cannot be read or whose value does not fit the format is an error with its place; an assignment
    /// that changes nothing or has no place in these documents, or a patch that makes its descriptor contradict
    /// itself, is not applied, with a warning, or an error of a strict import.
    WRONG_PATCH: "wrong_patch", SeveralDocuments, "diagnostics";
}
