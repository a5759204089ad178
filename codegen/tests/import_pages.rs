//! Which pages become descriptors, and what the head of a page gives. All pages are our own, about things that do not exist.

use std::sync::atomic::{AtomicUsize, Ordering};

use bitrix24_codegen::descriptor::{Api, Context, Deprecated, Descriptor};
use bitrix24_codegen::extract::{Document, Import, PageKind, import, import_watched};

const REVISION: (&str, &str) = ("REVISION", "someone/docs, commit 12345, 2026-01-02");
const HEAD: &str = "> Scope: [`workshop`](s.md)\n>\n> Who can execute the method: anybody\n\n";
const PARAMS: &str = "## Method Parameters\n\n#|\n|| **Name**\n`type` | **Description** ||\n|| **id***\n[`integer`](t.md) | The id ||\n|| **note**\n[`string`](t.md) | A note ||\n|| **kind***\n[`integer`](t.md) | The kind ||\n|#\n\nRequired parameters are marked with *\n\n";

fn import_all(pages: &[(&str, &str)]) -> Import {
    let document =
        |(path, text): &(&str, &str)| Document { path: (*path).to_owned(), bytes: text.as_bytes().to_vec() };
    let documents: Vec<Document> = pages.iter().map(document).collect();
    let imported = import(&documents, &[], None, &[]);
    assert!(imported.report.is_complete());
    assert_eq!(imported.report.kinds.values().sum::<usize>(), pages.len());
    imported
}

fn call(method: &str) -> String {
    format!(
        "## Code Examples\n\n{{% list tabs %}}\n\n- cURL (Webhook)\n\n    ```bash\n    curl \\\n    https://portal/rest/1/key/{method}\n    ```\n\n{{% endlist %}}\n\n"
    )
}

/// A page of a method, with something between its title and its head.
fn page(method: &str, preamble: &str) -> String {
    format!("# Do it with {method}\n\n{preamble}{HEAD}{PARAMS}{}", call(method))
}

fn only(pages: &[(&str, &str)]) -> Descriptor {
    let mut descriptors = import_all(pages).descriptors;
    assert_eq!(descriptors.len(), 1);
    descriptors.remove(0)
}

fn messages(pages: &[(&str, &str)]) -> Vec<String> {
    import_all(pages).report.diagnostics.iter().map(ToString::to_string).collect()
}

#[test]
fn every_document_is_of_one_kind_and_methods_alone_become_descriptors() {
    let v3 = page("tool.get", "").replace("/rest/1/", "/rest/api/1/");
    let client = "# Ask the Window X24.window.ask\n\n## Parameters\n\ntext\n";
    let command = format!(
        "# Hold a Call holdCall\n\n{HEAD}{PARAMS}## Code Examples\n\n```\nBX24.placement.call('holdCall')\n```\n"
    );
    let event = "# Event on a new Tool onToolAdd\n\n> Scope: [`workshop`](s.md)\n\n## Parameters\n\ntext\n";
    let dotted_event = "# When a Tool is added TOOL.ON.ADD\n\n> Scope: [`workshop`](s.md)\n>\n> Who can subscribe: anybody\n\n## Parameters\n\ntext\n";
    let callback = "# Weigh TOOL_URL\n\nThe request is sent to the address given before.\n\n## Request Parameters\n\ntext\n";
    let overview = format!("# Tools: Overview of Methods\n\n{HEAD}## Methods\n\ntext\n");
    let more =
        "# Lend a Saw\n\nSee [tool.get](../tool-get.md).\n\n## Example\n\n```\n/rest/1/key/tool.get\n```\n";
    let passing = "# From tool.get to tool.v2\n\ntext\n\n## Method Parameters\n\ntext\n";
    let cases: [(&str, &str, PageKind); 17] = [
        ("tools/tool-get.md", &page("tool.get", ""), PageKind::MethodV2),
        ("v3/tool-get.md", &v3, PageKind::MethodV3),
        ("events/on-tool-add.md", event, PageKind::Event),
        ("events/tool-on-add.md", dotted_event, PageKind::Event),
        ("places/tool.md", "# A Tab in the TOOL_TAB\n\n> Scope: [`workshop`](s.md)\n", PageKind::Placement),
        ("types.md", "# Data Types of Tools\n\ntext\n", PageKind::Dictionary),
        ("tools/fields.md", "# Tool Fields\n\ntext\n", PageKind::Dictionary),
        ("tools/overview.md", &overview, PageKind::Overview),
        ("tools/index.md", &overview.replace(": Overview of Methods", ""), PageKind::Overview),
        ("window.md", client, PageKind::ClientSide),
        ("hold-call.md", &command, PageKind::ClientSide),
        ("callbacks/weigh.md", callback, PageKind::Callback),
        ("examples/saw.md", more, PageKind::Examples),
        ("tools/_includes/part.md", "#|\n|| a | b ||\n|#\n", PageKind::Fragment),
        ("migration.md", passing, PageKind::Guide),
        ("logo.png", "", PageKind::NoDocument),
        (REVISION.0, REVISION.1, PageKind::Revision),
    ];
    let pages: Vec<(&str, &str)> = cases.iter().map(|(path, text, _)| (*path, *text)).collect();
    let import = import_all(&pages);
    let report = &import.report;
    let read = report.read.iter().map(|read| (read.file.as_str(), read.kind));
    let skipped = report.skipped.iter().map(|skipped| (skipped.file.as_str(), skipped.kind));
    let mut kinds: Vec<_> = read.chain(skipped).collect();
    kinds.sort_unstable();
    let mut expected: Vec<_> = cases.iter().map(|(path, _, kind)| (*path, *kind)).collect();
    expected.sort_unstable();
    assert_eq!(kinds, expected);
    let methods: Vec<_> = import.descriptors.iter().map(|found| (found.api, found.method.as_str())).collect();
    assert_eq!(methods, [(Api::V2, "tool.get"), (Api::V3, "tool.get")]);
    assert!(report.to_string().contains("2 an event"), "{report}");
    assert_eq!(serde_json::to_value(report).unwrap()["kinds"]["client-side"], 2);
}

#[test]
fn fragments_are_put_where_they_are_included() {
    let table =
        "#|\n|| **Name**\n`type` | **Description** ||\n|| **size***\n[`integer`](t.md) | The size ||\n|#\n";
    let method = "# Cut it tool.cut\n\n{% include [head](../_includes/head.md) %}\n\n## Method Parameters\n\n{% include notitle [rows](..//_includes/rows.md) %}\n\n";
    let pages = [
        ("t/REVISION", REVISION.1),
        ("t/_includes/head.md", HEAD),
        ("t/_includes/rows.md", "{% include [table](table.md) %}\n"),
        ("t/_includes/table.md", table),
        ("t/tools/tool-cut.md", method),
    ];
    let descriptor = only(&pages);
    assert_eq!(descriptor.scope, ["workshop"]);
    assert!(descriptor.params.properties.contains_key("size"), "{descriptor:?}");
    assert_eq!(descriptor.page.as_deref(), Some("tools/tool-cut"));
}

#[test]
fn a_fragment_that_is_missing_is_named_and_a_cycle_ends() {
    let method =
        page("tool.cut", "{% include [x](nowhere/_x.md) %}\n\n{% include [a](_includes/a.md) %}\n\n");
    let pages = [
        REVISION,
        ("_includes/a.md", "a\n\n{% include [b](b.md) %}\n"),
        ("_includes/b.md", "b\n\n{% include [a](a.md) %}\n"),
        ("tool-cut.md", &method),
    ];
    let said = messages(&pages);
    assert!(said.iter().any(|said| said.contains("tool-cut.md:3:1: `nowhere/_x.md`")), "{said:#?}");
    assert!(!said.iter().any(|said| said.contains("_includes/a.md`")), "{said:#?}");
    assert!(!messages(&pages[1..]).iter().any(|said| said.contains("nowhere")), "a page without its tree");
}

#[test]
fn what_all_methods_share_is_heard_once() {
    let system = "### Statuses and System Error Codes\n\n#|\n|| **Status** | **Code**\n**Error Message** | **Description** ||\n|| `503` | `TOO_MANY`\nToo many | Slow down ||\n|#\n";
    let method = page("tool.cut", "") + "{% include [system errors](_includes/system.md) %}\n";
    let import = import_all(&[REVISION, ("_includes/system.md", system), ("tool-cut.md", &method)]);
    let system = import.system.unwrap();
    assert_eq!((system.errors.len(), system.errors[0].status), (1, Some(503)));
    assert_eq!(system.sources[0].file, "_includes/system.md");
    assert!(import.descriptors[0].errors.is_empty());
}

#[test]
fn scopes_are_codes_of_the_portal() {
    for (line, scopes, warned) in [
        ("> Scope: [`workshop`](s.md)", vec!["workshop"], false),
        ("> Scope: [`workshop`](s.md), [`store.b2e`](s.md)", vec!["workshop", "store.b2e"], false),
        ("> Scope: [`workshop, store`](s.md)", vec!["workshop", "store"], false),
        ("> Scope: [`workshop`](s.md) or [`store`](s.md)", vec!["workshop", "store"], false),
        ("> Scope: [`basic`](s.md)", vec![], false),
        ("> Скоуп: [`базовый`](s.md)", vec![], false),
        ("> Scope: [`sonet`](s.md)", vec!["sonet_group"], false),
        ("> Scope: `workshop`", vec!["workshop"], false),
        ("**Scope**: [`workshop`](s.md) | **Who can execute the method**: any user", vec!["workshop"], false),
        ("> Scope: [`workshop`](s.md), scope from `kindId` (say, [`store`](s.md))", vec!["workshop"], true),
        ("> Scope: [`workshop`, `depending on the place`](s.md)", vec!["workshop"], true),
        ("", vec![], false),
    ] {
        let text = page("tool.get", "").replace("> Scope: [`workshop`](s.md)\n>", line);
        let pages = [("tool-get.md", text.as_str())];
        assert_eq!(only(&pages).scope, scopes, "{line}");
        let said = messages(&pages);
        assert_eq!(said.iter().any(|said| said.contains("scope")), warned, "{line} {said:#?}");
    }
}

#[test]
fn deprecation_is_told_by_notes_and_folders_and_names_what_comes_instead() {
    let note = |title: &str, text: &str| {
        format!("{{% note warning \"{title}\" %}}\n\n{text}\n\n{{% endnote %}}\n\n")
    };
    let halted = "Development of this method has been halted. Use ";
    let cases = [
        ("tool-get.md", String::new(), "false"),
        ("outdated/tool-get.md", String::new(), "true"),
        ("deprecated/old/tool-get.md", String::new(), "true"),
        ("tool-get.md", note("DEPRECATED", "Gone."), "true"),
        ("tool-get.md", note("Метод устарел", "Нет его."), "true"),
        ("tool-get.md", note("", "Развитие метода остановлено."), "true"),
        ("tool-get.md", note("", "Take care."), "false"),
        ("tool-get.md", note("DEPRECATED", "Use [saw.get](saws/saw-get.md)."), "saw.Get"),
        ("tool-get.md", note("DEPRECATED", "Use [saws](./saws/saw-get.md)."), "saw.Get"),
        ("old/tool-get.md", note("DEPRECATED", "Use [saws](../saws/saw-get.md#top)."), "saw.Get"),
        ("tool-get.md", note("DEPRECATED", "Use [saws](/saws/saw-get.html)."), "saw.Get"),
        ("tool-get.md", note("DEPRECATED", "Use [all of them](saws/index.md)."), "true"),
        ("tool-get.md", note("", &format!("{halted}[saw.*](saws/index.md).")), "saw.*"),
        ("tool-get.md", note("", &format!("{halted}`saw.get`.")), "saw.Get"),
        (
            "tool-get.md",
            note("DEPRECATED", "The methods tool.* and tool.get work, but saw.get is better."),
            "saw.Get",
        ),
    ];
    let saw = page("saw.Get", "");
    for (path, note, expected) in cases {
        let text = page("tool.get", &note);
        let import =
            import_all(&[REVISION, (path, &text), ("saws/saw-get.md", &saw), ("saws/index.md", "# Saws")]);
        let found = import.descriptors.iter().find(|found| found.method == "tool.get").unwrap();
        let shown = match &found.deprecated {
            Deprecated::Flag(flag) => flag.to_string(),
            Deprecated::Replaced(replacement) => replacement.replaced_by.join(","),
        };
        assert_eq!(shown, expected, "{path} {note}");
    }
}

#[test]
fn a_successor_without_a_page_is_named() {
    let text =
        page("tool.get", "{% note warning \"DEPRECATED\" %}\n\nUse [axe.get](axe.md).\n\n{% endnote %}\n\n");
    let said = messages(&[REVISION, ("tool-get.md", &text)]);
    assert!(said.iter().any(|said| said.contains("tool-get.md:5:1: axe.get is to take")), "{said:#?}");
}

#[test]
fn a_method_for_applications_is_told_by_sentences_and_tabs() {
    let oauth = |text: String| text.replace("(Webhook)", "(OAuth)");
    let only_for = "The method works only in the context of an [application](a.md).\n\n";
    let cases = [
        (page("tool.get", ""), Context::Any),
        (oauth(page("tool.get", "")), Context::Application),
        (
            oauth(page("tool.get", "")).replace("- cURL (OAuth)", "- cURL (OAuth)\n\n- cURL (Webhook)"),
            Context::Any,
        ),
        (page("tool.get", only_for), Context::Application),
        (page("tool.get", "Метод работает только в контексте приложения.\n\n"), Context::Application),
        (
            page("tool.get", "").replace("anybody", "an admin in the application context"),
            Context::Application,
        ),
        (
            page("tool.get", "")
                + "\n## Error Handling\n\n### Possible Error Codes\n\n#|\n|| **Code** | **Description** ||\n\
                   || `ERROR_WRONG_CONTEXT` | Not here ||\n|#\n",
            Context::Application,
        ),
        (page("tool.get", "You can only find tools in the context of the application.\n\n"), Context::Any),
        (page("tool.get", "In the context of an application the method gives more.\n\n"), Context::Any),
        (
            oauth(page("tool.get", "{% note warning \"DEPRECATED\" %}\n\nGone.\n\n{% endnote %}\n\n")),
            Context::Any,
        ),
    ];
    for (text, context) in cases {
        assert_eq!(only(&[("tool-get.md", &text)]).context, context, "{text}");
    }
}

#[test]
fn where_parameters_go_by_position_none_before_a_required_one_is_left_out() {
    assert_eq!(only(&[("tool-get.md", &page("tool.get", ""))]).args, ["id", "kind"]);
    for sentence in [
        "Pass parameters in the request according to the order in the table.",
        "It is mandatory to follow the order of parameters in the request.",
        "Maintaining the order of parameters in the request is mandatory.",
        "Порядок параметров в запросе обязателен.",
    ] {
        let text =
            page("tool.get", "").replacen("## Code Examples", &format!("{sentence}\n\n## Code Examples"), 1);
        let descriptor = only(&[("tool-get.md", &text)]);
        assert!(descriptor.positional, "{sentence}");
        assert_eq!(descriptor.args, ["id", "note", "kind"]);
    }
}

#[test]
fn a_paragraph_tells_of_another_name() {
    let alias = "There is `tool.fetch` — an alias for the method `tool.get`.\n\n";
    assert_eq!(only(&[("tool-get.md", &page("tool.get", alias))]).aliases, ["tool.fetch"]);
    let other = "There is `saw.fetch` — an alias for the method `saw.get`.\n\n";
    assert!(only(&[("tool-get.md", &page("tool.get", other))]).aliases.is_empty());
}

#[test]
fn names_are_found_where_titles_or_examples_are_wrong() {
    for (path, title, called, method) in [
        ("tool-get.md", "Get it tool.Get", "tool.get", "tool.get"),
        ("tool-get.md", "Get it tol.get", "tool.get", "tool.get"),
        ("tool-get.md", "Get it tool.get", "saw.get", "tool.get"),
        ("tool-recent-pin.md", "Pin it to the tool.recent List", "tool.recent.pin", "tool.recent.pin"),
        ("scope.md", "Get Scopes", "scope", "scope"),
        ("bot-get.md", "Get it tool.v2.Bot.get", "tool.v2.Bot.get", "tool.v2.Bot.get"),
    ] {
        let text = format!("# {title}\n\n{HEAD}{PARAMS}{}", call(called));
        assert_eq!(only(&[(path, &text)]).method, method, "{title}");
    }
}

#[test]
fn of_several_pages_the_one_named_after_the_method_decides() {
    let of_scope = |scope: &str| page("tool.get", "").replace("`workshop`", &format!("`{scope}`"));
    let (main, example, old) = (of_scope("main"), of_scope("example"), of_scope("old"));
    let pages = [
        REVISION,
        ("a/examples/tool-get.md", example.as_str()),
        ("a/get-tools.md", example.as_str()),
        ("a/outdated/tool-get.md", old.as_str()),
        ("b/tool-get.md", main.as_str()),
    ];
    let descriptor = only(&pages);
    assert_eq!(descriptor.scope, ["main"]);
    assert_eq!(descriptor.deprecated, Deprecated::Flag(false));
}

#[test]
fn whoever_watches_is_told_of_each_document() {
    let documents: Vec<Document> =
        (0..50).map(|n| Document { path: format!("{n}.md"), bytes: Vec::new() }).collect();
    let heard = AtomicUsize::new(0);
    let watch = || {
        heard.fetch_add(1, Ordering::Relaxed);
    };
    import_watched(&documents, &[], None, &[], &watch);
    assert_eq!(heard.into_inner(), 50);
}
