//! Rules on the text of documents: Markdown, rendered pages, fragments, code.

use crate::extract::register::rule::register;

register! {
    /// Files ending in `.md` or `.txt`, and files without an ending, are pages; hidden files are not documents;
    /// every other file is skipped.
    FILE_NAME: "file_name", Document, "kind of page";
    /// A document is read as UTF-8 with or without a byte order mark; one that is not UTF-8 is skipped with the
    /// line of the first wrong byte.
    UTF8_TEXT: "utf8_text", Document, "kind of page";
    /// A text without markup of Markdown whose lines include known headings or lone `|` lines is the rendered text of a
    /// page: its first line is the title and known words are headings.
    RENDERED_PAGE: "rendered_page", Document, "every key";
    /// JSON in rendered text ends where its brackets close, at most at the next heading or table; JSON that does not
    /// close is reported.
    RENDERED_RESPONSE: "rendered_response", ResponseBody, "returns";
    /// The first heading of level 1 is the title of the page; a later heading of level 1 begins a section.
    PAGE_TITLE: "page_title", Heading, "method";
    /// An unclosed table ends at the next known heading and loses the row that is cut off; an unclosed row ends
    /// where the next row begins or the table ends.
    UNCLOSED_TABLE: "unclosed_table", ParameterTable, "params";
    /// Two lines of three or more backticks or tildes enclose code, whose indentation is removed; an unclosed fence
    /// ends at the next known heading.
    CODE_FENCE: "code_fence", Code, "returns, params";
    /// A link is read as its words, code spans inside it included; brackets without an address are text.
    LINK_TEXT: "link_text", Link, "scope, params";
    /// A backslash before punctuation escapes it and is dropped.
    BACKSLASH_ESCAPE: "backslash_escape", Sentence, "params";
    /// `{#name}` at the end of a heading is the target of links and not part of its words.
    HEADING_ANCHOR: "heading_anchor", Heading, "params, returns";
    /// Content of `{% note %}`, `{% list tabs %}` and `{% cut %}` belongs to the section around it, and headings
    /// inside tabs divide the page; an unclosed directive is reported, and its content is kept.
    BLOCK_DIRECTIVE: "block_directive", Document, "every key";
    /// `{% if build == 'dev' %}` encloses text for authors only, which is dropped; the content of any other condition
    /// is kept.
    DEV_ONLY_BLOCK: "dev_only_block", Document, "every key";
    /// The `>` at the beginning of a quoted line is dropped.
    QUOTED_LINE: "quoted_line", Sentence, "scope";
    /// A page in a folder whose name begins with `_include` is a fragment; `{% include %}` is replaced by the content
    /// of the fragment, whose own includes are expanded once and whose headings divide the section around it.
    INCLUDE_FRAGMENT: "include_fragment", SeveralDocuments, "every key";
    /// Inside a snapshot an include that names no fragment is reported; many more than in the earlier import are refused.
    BROKEN_INCLUDE: "broken_include", SeveralDocuments, "diagnostics";
    /// The JSON object after `-d '`, `--data '` or `--data-raw '` in a `curl` call is a request body.
    REQUEST_BODY_IN_SHELL: "request_body_in_shell", RequestBody, "params";
    /// A request body of a `curl` command that is not quite JSON, up to the quote of the shell, is repaired as examples of
    /// responses are.
    NEAR_JSON_IN_SHELL: "near_json_in_shell", RequestBody, "params";
    /// In a request body in single quotes `'\''` is an apostrophe, and `'"$…"'` is a value that the shell fills in.
    SHELL_QUOTES: "shell_quotes", RequestBody, "params";
    /// `auth` in a request body is the token of the caller and not a parameter.
    CALLER_TOKEN: "caller_token", RequestBody, "params";
    /// A request body belongs to the method that its call addresses, where each line with `curl` begins a call; a
    /// call without an address belongs to the method of the page.
    CALL_OF_ANOTHER_METHOD: "call_of_another_method", RequestBody, "params";
}
