//! A documentation of made-up methods.

use std::fs;
use std::path::Path;
use std::process::Output;

use crate::common::run;

/// The verbs and the things of the methods.
const VERBS: [&str; 5] = ["get", "list", "add", "feed", "move"];
const THINGS: [&str; 12] = [
    "animal", "cage", "keeper", "ticket", "visitor", "shop", "tour", "pond", "garden", "bird", "fish", "tree",
];

pub(crate) struct Documentation {
    /// The names of the methods.
    pub(crate) methods: Vec<String>,
    field: String,
}

impl Documentation {
    /// The first methods of the made-up interface.
    pub(crate) fn of(number: usize) -> Self {
        let all = THINGS.iter().flat_map(|thing| VERBS.iter().map(move |verb| format!("zoo.{thing}.{verb}")));
        Self { methods: all.take(number).collect(), field: "name".to_owned() }
    }

    /// The same with another field in each result.
    pub(crate) fn with_field(self, field: &str) -> Self {
        Self { field: field.to_owned(), ..self }
    }

    /// The same without the last methods.
    pub(crate) fn without(mut self, number: usize) -> Self {
        self.methods.truncate(self.methods.len() - number);
        self
    }

    /// Writes the pages, in place of those that the folder has.
    pub(crate) fn write(&self, folder: &Path) {
        let _ = fs::remove_dir_all(folder);
        fs::create_dir_all(folder.join("api-reference/zoo")).unwrap();
        fs::write(folder.join("toc.yaml"), "title: Zoo\n").unwrap();
        for method in &self.methods {
            let path = format!("api-reference/zoo/{}.md", method.replace('.', "-"));
            fs::write(folder.join(path), page(method, &self.field)).unwrap();
        }
    }
}

/// The page of a method.
pub(crate) fn page(method: &str, field: &str) -> String {
    format!(
        "# About the zoo {method}\n\n> Scope: [`zoo`](../scopes.md)\n>\n> Who can run the method: any user\n\n\
        The method has no parameters.\n\n## Response Handling\n\n```json\n\
        {{\"result\": {{\"id\": 7, \"{field}\": \"Ada\"}}}}\n```\n"
    )
}

/// Imports a folder of the project.
pub(crate) fn import(project: &Path, documentation: &str) -> Output {
    run(project, &["spec", "import", documentation])
}
