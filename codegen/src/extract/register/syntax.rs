//! Rules on the text of documents: Markdown, rendered pages, fragments, code.

use crate::extract::register::rule::register;

register! {
    /// Files ending in `.md` or `.txt`, and files without an ending, are pages; hidden files are not documents;
    /// every other file is skipped.
    FILE_NAME: "file_name", Document, "kind of page";
    /// A document is read as UTF-8 with or without a byte order mark; one that is not UTF-8 is skipped with the
    /// line of the first wrong byte.
    UTF8_TEXT: "utf8_text", Document, "kind of page";
    /// A text without Markdown marks whose lines include known headings or lone `|` lines is the rendered text of a
    /// page: its first line is the title and known words are headings.
    RENDERED_PAGE: "rendered_page", Document, "every key";
    /// JSON in rendered text runs until its brackets close, at most to the next heading or table; one that does not
    /// close is reported.
    RENDERED_RESPONSE: "rendered_response", ResponseBody, "returns";
    /// The first heading of level 1 is the title of the page; a later one begins a section.
    PAGE_TITLE: "page_title", Heading, "method";
    /// A table that is not closed ends at the next known heading and loses the row that is cut off; a row that is
    /// not closed ends where the next one begins or the table ends.
    UNCLOSED_TABLE: "unclosed_table", ParameterTable, "params";
    /// Code stands between two lines of three or more backticks or tildes, without its indentation; a fence that is
    /// not closed ends at the next known heading.
    CODE_FENCE: "code_fence", Code, "returns, params";
    /// A link is read as its words, code spans inside it included; brackets without an address are text.
    LINK_TEXT: "link_text", Link, "scope, params";
    /// A backslash before punctuation takes away its meaning and is dropped.
    BACKSLASH_ESCAPE: "backslash_escape", Sentence, "params";
    /// `{#name}` at the end of a heading is the target of links and not part of its words.
    HEADING_ANCHOR: "heading_anchor", Heading, "params, returns";
    /// Content of `{% note %}`, `{% list tabs %}` and `{% cut %}` belongs to the section around it, and headings
    /// inside tabs divide the page; a directive that is not closed is reported and hides nothing.
    BLOCK_DIRECTIVE: "block_directive", Document, "every key";
    /// `{% if build == 'dev' %}` holds text for the authors alone, which is dropped; the content of any other
    /// condition is kept.
    DEV_ONLY_BLOCK: "dev_only_block", Document, "every key";
    /// A line behind `>` is read as if the mark were not there.
    QUOTED_LINE: "quoted_line", Sentence, "scope";
    /// A page in a folder whose name begins with `_include` is a fragment; `{% include %}` puts it where it stands,
    /// with what it includes itself once, and its headings divide the section around; inside a snapshot an include
    /// that leads to no fragment is reported.
    INCLUDE_FRAGMENT: "include_fragment", SeveralDocuments, "every key";
    /// The JSON object behind `-d '`, `--data '` or `--data-raw '` of a call on the command line is the body of a
    /// request.
    REQUEST_BODY_IN_SHELL: "request_body_in_shell", RequestBody, "params";
    /// Inside a body in single quotes `'\''` is an apostrophe, and `'"$…"'` is a value that the shell fills in.
    SHELL_QUOTES: "shell_quotes", RequestBody, "params";
    /// `auth` in a body is the token of the caller and no parameter.
    CALLER_TOKEN: "caller_token", RequestBody, "params";
    /// A body belongs to the method that its call addresses, each line with `curl` beginning a call; a call without
    /// an address belongs to the page.
    CALL_OF_ANOTHER_METHOD: "call_of_another_method", RequestBody, "params";
}
