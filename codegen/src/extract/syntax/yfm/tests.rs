//! The blocks that the parser makes of text.

use crate::extract::page_log::PageLog;
use crate::extract::syntax::ast::Block;
use crate::extract::syntax::yfm::blocks::blocks;
use crate::extract::syntax::yfm::lines::lines;
use crate::extract::syntax::yfm::page::is_known;

/// The blocks of a text in one line, and the diagnostics.
fn read(text: &str) -> (String, Vec<String>) {
    let mut log = PageLog::default();
    let blocks = blocks(&lines(text, 1), 0, is_known, &mut log);
    let log = log.into_list().into_iter();
    (show(&blocks), log.map(|diagnostic| format!("{}: {}", diagnostic.line, diagnostic.message)).collect())
}

fn show(blocks: &[Block]) -> String {
    let block = |block: &Block| match block {
        Block::Heading { level, text, .. } => format!("h{level}({})", text.prose()),
        Block::Paragraph(text) => text.prose(),
        Block::Code(code) => format!("code@{}({})", code.line, code.text.trim_end().replace('\n', "⏎")),
        Block::Note { title, blocks } => format!("note {title:?}({})", show(blocks)),
        Block::Tabs(blocks) => format!("tabs({})", show(blocks)),
        Block::Include { target, .. } => format!("include({target})"),
        Block::Table(table) => {
            let rows = table.rows.iter().map(|row| {
                let cells: Vec<_> = row.cells.iter().map(|cell| show(&cell.blocks)).collect();
                format!("[{}]", cells.join(" | "))
            });
            format!("table{}", rows.collect::<Vec<_>>().join(""))
        }
    };
    blocks.iter().map(block).collect::<Vec<_>>().join("; ")
}

#[test]
fn text_becomes_blocks() {
    for (text, blocks) in [
        ("# A b {#anchor}\nc\nd\n\ne", "h1(A b); c d; e"),
        ("> Scope: [`x`](y)\n>\n> Who", "Scope: x; Who"),
        ("#| \n|| a | b ||\n|| c | ||\n|#", "table[a | b][c | ]"),
        ("#|\n|| a\nb | c\n||\n|| d | e ||\n|#", "table[a b | c][d | e]"),
        ("#|\n|| a || || b |||#\n c", "table[a][b]; c"),
        (r"#|", "table"),
        ("#|\n|| `a | b || |# #|` | ``c ` |`` ||\n|#", "table[a | b || |# #| | c ` |]"),
        ("#|\n|| a \\| b | c ||\n|#", "table[a | b | c]"),
        ("#|\n|| a | x\n#|\n|| n | m ||\n|#\ny || \n|| b | c ||\n|#", "table[a | x; table[n | m]; y][b | c]"),
        ("#|\n|| a | \n```\n|| no | row |#\n```\n||\n|#", "table[a | code@4(|| no | row |#)]"),
        ("#|\n|| a | ```\n{ b || c }\n``` ||\n|#", "table[a | code@3({ b || c })]"),
        ("{% note tip \"T\" %}\n\nin\n\n{% endnote %}\nout", "note \"T\"(in); out"),
        ("{% if build == 'dev' %}\nmakers\n{% endif %}\nall", "all"),
        ("{% if audience == 'x' %}\nkept\n{% endif %}", "kept"),
        ("{% include [a b](../c/_d.md) %}", "include(../c/_d.md)"),
        (
            "{% list tabs %}\n\n- One\n\n    ```js\n    a\n      b\n    ```\n\n- Two\n\n{% endlist %}",
            "tabs(One; code@6(a⏎  b); Two)",
        ),
    ] {
        assert_eq!(read(text).0, blocks, "{text}");
    }
}

#[test]
fn unclosed_blocks_are_reported_at_their_first_line() {
    for (text, blocks, diagnostic) in [
        ("a\n#|\n|| b ||", "a; table[b]", "2: the table is not closed"),
        ("#|\n|| b ||\n|| c | d", "table[b]", "3: the table and its last row are not closed"),
        ("#|\n|| b | #|\n|| n", "table", "2: the nested table is not closed"),
        ("#|\n|| b |\n```\nc", "table", "3: a code fence inside the table is not closed"),
        ("#|\n|| b\n|| c ||\n|#", "table[b][c]", "2: the table row is not closed"),
        ("#|\n|| b ||\n\n## Examples\nc", "table[b]; h2(Examples); c", "1: the table is not closed"),
        ("```\na\n\n## Examples\nb", "code@2(a); h2(Examples); b", "1: the code fence is not closed"),
        ("{% note %}\na\n\n## B", "a; h2(B)", "1: the directive is not closed"),
        ("{% endlist %}\na", "a", "1: `endlist` has no opening directive"),
        ("{% if build == 'dev' %}\na", "a", "1: the directive is not closed"),
    ] {
        let (shown, log) = read(text);
        assert_eq!(shown, blocks, "{text}");
        assert_eq!(log, [diagnostic], "{text}");
    }
}

#[test]
fn nesting_has_a_limit() {
    let (_, log) = read(&"#|\n|| ".repeat(10_000));
    assert!(!log.is_empty());
    let (_, log) = read(&"{% note %}\n".repeat(10_000));
    assert!(log.iter().any(|diagnostic| diagnostic.contains("too deep")));
    let closed = format!("{}x{}", "#|\n|| ".repeat(50), " ||\n|#".repeat(50));
    assert!(read(&closed).1.iter().any(|diagnostic| diagnostic.contains("too deep")));
}
