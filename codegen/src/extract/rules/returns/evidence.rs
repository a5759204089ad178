//! All evidence of one page on a result, kept so that the evidence of several pages on one thing can be joined.

use serde_json::Value;

use crate::descriptor::Schema;
use crate::extract::evidence::Evidence;
use crate::extract::register::returns::KEYS_OF_DATA_IN_WORDS;
use crate::extract::rules::returns::resolve::Lines;
use crate::extract::rules::returns::tables::objects::at;
use crate::extract::rules::returns::tree::{self, Inner, Node, Step};

/// The values that tables describe, by their paths, each with its type if the table has one.
pub(super) type Documented = Vec<(Vec<Step>, Option<Evidence<Schema>>)>;

/// The evidence of a page on a result: examples, the TypeScript type, and what tables document.
#[derive(Debug)]
pub(crate) struct ResultEvidence {
    examples: Vec<Value>,
    typed: Option<Schema>,
    documented: Documented,
    /// The paths of the objects whose keys are data by a table, from the outside in.
    keyed: Vec<Vec<Step>>,
    /// The lines of the examples and of the TypeScript type.
    pub(crate) lines: Lines,
}

impl ResultEvidence {
    pub(super) fn new(
        examples: Vec<Value>,
        typed: Option<Schema>,
        documented: Documented,
        keyed: Vec<Vec<Step>>,
        lines: Lines,
    ) -> Self {
        Self { examples, typed, documented, keyed, lines }
    }

    /// The tree of the result.
    pub(crate) fn tree(&self) -> Node<'_> {
        let mut root = tree::build(self.examples.iter().collect(), self.typed.clone(), 0);
        for path in &self.keyed {
            if let Some(node) = at(&mut root, path) {
                node.key_by_data(&KEYS_OF_DATA_IN_WORDS);
            }
        }
        for (path, documented) in &self.documented {
            if let Some(node) = open(&mut root, path) {
                node.from_table.clone_from(documented);
            }
        }
        root
    }
}

/// What tables document in a tree.
pub(super) fn documented(root: &Node<'_>) -> Documented {
    let mut found = Vec::new();
    collect(root, &mut Vec::new(), &mut found);
    found
}

fn collect(node: &Node<'_>, path: &mut Vec<Step>, found: &mut Documented) {
    let is_added = node.samples.is_empty() && node.typed.is_none();
    if node.from_table.is_some() || is_added {
        found.push((path.clone(), node.from_table.clone()));
    }
    match &node.inner {
        Inner::Leaf => {}
        Inner::Forms(forms) => collect(&forms.structure, path, found),
        Inner::Object(fields) => {
            for (name, field) in fields {
                path.push(Step::Field(name.clone()));
                collect(field, path, found);
                path.pop();
            }
        }
        Inner::List(inside) | Inner::Map(inside) | Inner::Fields(inside) => {
            path.push(Step::Inside);
            collect(inside, path, found);
            path.pop();
        }
    }
}

/// The node at a path. A leaf on the way, or an empty list that is documented as an object, becomes the object or the list that
/// the path needs.
fn open<'n, 'a>(root: &'n mut Node<'a>, path: &[Step]) -> Option<&'n mut Node<'a>> {
    let mut node = root;
    for step in path {
        let is_object = matches!(step, Step::Field(_)) && node.is_documented_object();
        if is_object || matches!(node.inner, Inner::Leaf) {
            node.inner = match step {
                Step::Field(_) => Inner::Object(Default::default()),
                Step::Inside => Inner::List(Box::default()),
            };
        }
        node = match (step, &mut node.structured_mut().inner) {
            (Step::Field(name), Inner::Object(fields)) => fields.entry(name.clone()).or_default(),
            (Step::Inside, Inner::List(inside) | Inner::Map(inside) | Inner::Fields(inside)) => inside,
            _ => return None,
        };
    }
    Some(node)
}
