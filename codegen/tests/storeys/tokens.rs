//! The tokens of Rust code that matter for paths: no comments, no literals, no test modules, no `quote!`.

/// A token and its line.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Token {
    pub(crate) line: usize,
    pub(crate) kind: Kind,
}

#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Kind {
    Word(String),
    /// `::`
    Separator,
    Mark(char),
}

impl Token {
    pub(crate) fn word(&self) -> Option<&str> {
        match &self.kind {
            Kind::Word(word) => Some(word),
            _ => None,
        }
    }

    pub(crate) fn is(&self, mark: char) -> bool {
        self.kind == Kind::Mark(mark)
    }
}

/// The tokens of a file.
pub(crate) fn tokens(text: &str) -> Vec<Token> {
    let chars: Vec<char> = text.chars().collect();
    let (mut at, mut line, mut found) = (0, 1, Vec::new());
    while at < chars.len() {
        let (end, kind) = token(&chars, at);
        found.extend(kind.map(|kind| Token { line, kind }));
        line += chars[at..end].iter().filter(|c| **c == '\n').count();
        at = end;
    }
    without_tests_and_quotes(found)
}

/// Where the token at a position ends, and what it is unless it does not matter.
fn token(chars: &[char], at: usize) -> (usize, Option<Kind>) {
    let rest = &chars[at..];
    let is_word = |c: &char| c.is_alphanumeric() || *c == '_';
    match rest {
        ['/', '/', ..] => (at + length(rest, |c| c != '\n'), None),
        ['/', '*', ..] => (block_comment(chars, at), None),
        ['r', '"' | '#', ..] | ['b', 'r', ..] if raw_string(rest).is_some() => {
            (at + raw_string(rest).unwrap_or(1), None)
        }
        ['"', ..] => (string(chars, at + 1), None),
        ['\'', '\\', ..] => (at + 3 + length(&rest[3..], |c| c != '\'') + 1, None),
        ['\'', _, '\'', ..] => (at + 3, None),
        [':', ':', ..] => (at + 2, Some(Kind::Separator)),
        [first, ..] if is_word(first) => {
            let end = length(rest, |c| is_word(&c));
            (at + end, Some(Kind::Word(rest[..end].iter().collect())))
        }
        [first, ..] if first.is_whitespace() => (at + 1, None),
        [first, ..] => (at + 1, Some(Kind::Mark(*first))),
        [] => (at + 1, None),
    }
}

fn length(chars: &[char], is_part: impl Fn(char) -> bool) -> usize {
    chars.iter().take_while(|c| is_part(**c)).count()
}

fn block_comment(chars: &[char], at: usize) -> usize {
    let ends = (at + 2..chars.len()).find(|end| chars[*end - 1..].starts_with(&['*', '/']));
    ends.map_or(chars.len(), |end| end + 1)
}

fn string(chars: &[char], mut at: usize) -> usize {
    while at < chars.len() && chars[at] != '"' {
        at += if chars[at] == '\\' { 2 } else { 1 };
    }
    (at + 1).min(chars.len())
}

/// The length of a raw string, if there is one.
fn raw_string(rest: &[char]) -> Option<usize> {
    let start = length(rest, |c| c == 'b' || c == 'r');
    let hashes = length(&rest[start..], |c| c == '#');
    let open = start + hashes;
    if rest.get(open) != Some(&'"') {
        return None;
    }
    let closes = |at: &usize| rest[*at] == '"' && length(&rest[at + 1..], |c| c == '#') >= hashes;
    Some((open + 1..rest.len()).find(closes).map_or(rest.len(), |at| at + 1 + hashes))
}

/// Removes `#[cfg(test)] mod name { … }`, and `quote! { … }`, which is code of another crate.
fn without_tests_and_quotes(tokens: Vec<Token>) -> Vec<Token> {
    let words = |at: usize, wanted: &[&str]| {
        let found = tokens.iter().skip(at).filter_map(Token::word).take(wanted.len());
        found.eq(wanted.iter().copied())
    };
    let is = |at: usize, mark: char| tokens.get(at).is_some_and(|token| token.is(mark));
    let (mut kept, mut at) = (Vec::new(), 0);
    while at < tokens.len() {
        let is_quote = tokens[at].word() == Some("quote") && is(at + 1, '!') && is(at + 2, '{');
        if is_quote || (is(at, '#') && words(at, &["cfg", "test", "mod"])) {
            at = end_of_item(&tokens, at);
        } else {
            kept.push(tokens[at].clone());
            at += 1;
        }
    }
    kept
}

/// Behind the `;` or the closing brace of an item.
fn end_of_item(tokens: &[Token], mut at: usize) -> usize {
    let mut depth = 0;
    while at < tokens.len() {
        match tokens[at].kind {
            Kind::Mark('{') => depth += 1,
            Kind::Mark('}') if depth == 1 => return at + 1,
            Kind::Mark('}') => depth -= 1,
            Kind::Mark(';') if depth == 0 => return at + 1,
            _ => {}
        }
        at += 1;
    }
    at
}

#[test]
fn literals_comments_and_test_modules_are_no_code() {
    let text = "use a::b; // use c::d;\nlet x = \"use e::f\"; let y = '\"'; let z: &'a str = r#\"g::\"h\"#;\n\
                /* i::j */ k::l(); quote! { use p::{q, r}; }\n#[cfg(test)]\nmod tests { use m::n; }\no";
    let words: Vec<(usize, String)> = tokens(text)
        .into_iter()
        .filter_map(|token| token.word().map(|word| (token.line, word.to_owned())))
        .filter(|(_, word)| word.len() == 1)
        .collect();
    let expected = [(1, "a"), (1, "b"), (2, "x"), (2, "y"), (2, "z"), (2, "a"), (3, "k"), (3, "l"), (6, "o")];
    assert_eq!(words, expected.map(|(line, word)| (line, word.to_owned())));
}
