//! Parses TypeScript tokens into type declarations and the type arguments of calls.

use std::collections::HashMap;

use indexmap::IndexMap;

use crate::extract::syntax::typescript::tokens::Token;

/// A type as written.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Type {
    Unknown,
    Null,
    String,
    Number,
    /// `true`, read as any boolean.
    True,
    /// `false`, which means "no value" in a union with other types.
    False,
    Named(String),
    List(Box<Type>),
    Map(Box<Type>),
    Object(IndexMap<String, Type>),
    Intersection(Vec<Type>),
    Union(Vec<Type>),
    /// `Partial<T>`, `Required<T>` or `Readonly<T>`.
    AllFieldsOf(Box<Type>),
    /// The type of the field in `T['field']`.
    FieldOf(Box<Type>),
}

/// The declared types of the code, and the result type of each call with the method that it calls.
#[derive(Default)]
pub(super) struct Declarations {
    pub(super) declared: HashMap<String, Type>,
    pub(super) results: Vec<(Type, Option<String>)>,
}

/// The maximum nesting of types.
const DEPTH: usize = 48;
/// The maximum distance from a call to the name of its method, in tokens.
const REACH: usize = 8;

/// Parses the types in code. Declarations do not nest, so each token is read about once.
pub(super) fn read(tokens: &[Token<'_>]) -> Declarations {
    let mut source = Declarations::default();
    let mut at = 0;
    while at < tokens.len() {
        let mut reader = TypeParser { tokens, at };
        if let Some((name, declared)) = reader.declaration() {
            source.declared.insert(name, declared);
            at = reader.at.max(at + 1);
            continue;
        }
        reader.at = at;
        if let Some(result) = reader.call() {
            let method = reader.method();
            source.results.push((result, method));
            at = reader.at.max(at + 1);
            continue;
        }
        at += 1;
    }
    source
}

struct TypeParser<'a> {
    tokens: &'a [Token<'a>],
    at: usize,
}

impl<'a> TypeParser<'a> {
    fn peek(&self) -> Option<Token<'a>> {
        self.tokens.get(self.at).copied()
    }

    fn eat(&mut self, mark: char) -> Option<()> {
        let found = self.peek() == Some(Token::Mark(mark));
        self.at += usize::from(found);
        found.then_some(())
    }

    fn word(&mut self) -> Option<&'a str> {
        let Some(Token::Word(word)) = self.peek() else { return None };
        self.at += 1;
        Some(word)
    }

    fn keyword(&mut self, keyword: &str) -> Option<()> {
        let found = self.peek() == Some(Token::Word(keyword));
        self.at += usize::from(found);
        found.then_some(())
    }

    /// `type A = …` or `interface A extends B { … }`
    fn declaration(&mut self) -> Option<(String, Type)> {
        if self.keyword("type").is_some() {
            let name = self.word()?;
            self.eat('=')?;
            return Some((name.to_owned(), self.union(0)?));
        }
        self.keyword("interface")?;
        let name = self.word()?.to_owned();
        let mut parts = Vec::new();
        if self.keyword("extends").is_some() {
            parts.push(Type::Named(self.word()?.to_owned()));
            while self.eat(',').is_some() {
                parts.push(Type::Named(self.word()?.to_owned()));
            }
        }
        self.eat('{')?;
        let body = self.object(0)?;
        if parts.is_empty() {
            return Some((name, body));
        }
        parts.push(body);
        Some((name, Type::Intersection(parts)))
    }

    /// `make<…>`
    fn call(&mut self) -> Option<Type> {
        self.keyword("make")?;
        self.eat('<')?;
        let result = self.union(0)?;
        self.eat('>').map(|()| result)
    }

    /// The name after the next `method:`.
    fn method(&self) -> Option<String> {
        let next = self.tokens.get(self.at..)?.get(..REACH.min(self.tokens.len() - self.at))?;
        next.windows(3).find_map(|three| match three {
            [Token::Word("method"), Token::Mark(':'), Token::Text(name)] => Some((*name).to_owned()),
            _ => None,
        })
    }

    /// Types separated by `|`, with an optional `|` before the first.
    fn union(&mut self, depth: usize) -> Option<Type> {
        let _ = self.eat('|');
        let first = self.intersection(depth)?;
        let mut all = vec![first];
        while self.eat('|').is_some() {
            all.push(self.intersection(depth)?);
        }
        if all.len() == 1 { all.pop() } else { Some(Type::Union(all)) }
    }

    /// Types separated by `&`.
    fn intersection(&mut self, depth: usize) -> Option<Type> {
        let mut all = vec![self.suffixed(depth)?];
        while self.eat('&').is_some() {
            all.push(self.suffixed(depth)?);
        }
        if all.len() == 1 { all.pop() } else { Some(Type::Intersection(all)) }
    }

    /// A type with any number of suffixes `[]` or `['field']`.
    fn suffixed(&mut self, depth: usize) -> Option<Type> {
        let mut found = self.single(depth)?;
        let mut lists = 0;
        while self.peek() == Some(Token::Mark('[')) {
            self.at += 1;
            if self.eat(']').is_some() && lists < DEPTH {
                found = Type::List(Box::new(found));
                lists += 1;
                continue;
            }
            let Some(Token::Text(field)) = self.peek() else { return None };
            self.at += 1;
            self.eat(']')?;
            found = field_of(found, field);
        }
        Some(found)
    }

    fn single(&mut self, depth: usize) -> Option<Type> {
        if depth > DEPTH {
            return None;
        }
        let token = self.peek()?;
        self.at += 1;
        match token {
            Token::Text(_) => Some(Type::String),
            Token::Mark('{') => self.object(depth + 1),
            Token::Mark('(') => {
                let inside = self.union(depth + 1)?;
                self.eat(')').map(|()| inside)
            }
            Token::Mark('[') => self.tuple(depth + 1),
            Token::Mark('-') => self.word().map(|_| Type::Number),
            Token::Mark(_) => None,
            Token::Word(word) => self.word_type(word, depth),
        }
    }

    fn word_type(&mut self, word: &str, depth: usize) -> Option<Type> {
        match word {
            "null" | "undefined" | "void" => return Some(Type::Null),
            "unknown" | "any" | "never" => return Some(Type::Unknown),
            "true" => return Some(Type::True),
            "false" => return Some(Type::False),
            "readonly" | "keyof" | "typeof" => return self.suffixed(depth + 1),
            _ if word.starts_with(|c: char| c.is_ascii_digit()) => return Some(Type::Number),
            _ => {}
        }
        if self.eat('<').is_none() {
            return Some(Type::Named(word.to_owned()));
        }
        let mut arguments = vec![self.union(depth + 1)?];
        while self.eat(',').is_some() {
            arguments.push(self.union(depth + 1)?);
        }
        self.eat('>')?;
        match (word, arguments.as_slice()) {
            ("Array" | "ReadonlyArray" | "Set", [_]) => {
                arguments.pop().map(|items| Type::List(Box::new(items)))
            }
            ("Record" | "Map", [_, _]) => arguments.pop().map(|values| Type::Map(Box::new(values))),
            ("Partial" | "Required" | "Readonly", [_]) => {
                arguments.pop().map(|inside| Type::AllFieldsOf(Box::new(inside)))
            }
            _ => Some(Type::Unknown),
        }
    }

    /// A tuple, read as a list whose items have the union of the types.
    fn tuple(&mut self, depth: usize) -> Option<Type> {
        let mut items: Vec<Type> = Vec::new();
        while self.eat(']').is_none() {
            let item = self.union(depth)?;
            if !items.contains(&item) && items.len() < DEPTH {
                items.push(item);
            }
            let _ = self.eat(',');
        }
        Some(Type::List(Box::new(if items.is_empty() { Type::Unknown } else { Type::Union(items) })))
    }

    /// The fields up to the closing brace. An object with only an index signature is a map.
    fn object(&mut self, depth: usize) -> Option<Type> {
        let mut fields = IndexMap::new();
        let mut index = None;
        while self.eat('}').is_none() {
            let next = self.tokens.get(self.at + 1);
            if matches!(next, Some(Token::Word(_) | Token::Text(_) | Token::Mark('['))) {
                let _ = self.keyword("readonly");
            }
            match self.peek()? {
                Token::Mark(';' | ',') => self.at += 1,
                Token::Mark('[') => {
                    self.at += 1;
                    self.word()?;
                    let _ = self.eat(':').or_else(|| self.keyword("in"));
                    self.union(depth)?;
                    self.eat(']')?;
                    index = Some(self.field(depth)?);
                }
                Token::Word(name) | Token::Text(name) => {
                    self.at += 1;
                    let field = self.field(depth)?;
                    fields.insert(name.to_owned(), field);
                }
                Token::Mark(_) => return None,
            }
        }
        match index {
            Some(values) if fields.is_empty() => Some(Type::Map(Box::new(values))),
            _ => Some(Type::Object(fields)),
        }
    }

    /// The type after the name of a field.
    fn field(&mut self, depth: usize) -> Option<Type> {
        let _ = self.eat('?');
        self.eat(':')?;
        self.union(depth)
    }
}

/// The type of a field of an object.
fn field_of(found: Type, field: &str) -> Type {
    match found {
        Type::Object(mut fields) => {
            fields.shift_remove(field).map_or(Type::Unknown, |of_field| Type::FieldOf(Box::new(of_field)))
        }
        Type::AllFieldsOf(inside) | Type::FieldOf(inside) => field_of(*inside, field),
        _ => Type::Unknown,
    }
}
