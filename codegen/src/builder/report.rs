//! The error of a build script.

use std::fmt;

use annotate_snippets::Renderer;

use crate::diagnostic::Diagnostic;

/// Everything that is wrong in the descriptors of a crate.
///
/// Both forms of printing show the report with the lines of the descriptors, so that it is readable when `main` of a build script
/// returns the error and when `unwrap` panics with it.
pub struct BuildError(Vec<Diagnostic>);

impl From<Vec<Diagnostic>> for BuildError {
    fn from(problems: Vec<Diagnostic>) -> Self {
        Self(problems)
    }
}

impl From<Diagnostic> for BuildError {
    fn from(problem: Diagnostic) -> Self {
        Self(vec![problem])
    }
}

impl fmt::Display for BuildError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let renderer = Renderer::plain();
        for problem in &self.0 {
            write!(f, "\n{}\n", problem.render(&renderer))?;
        }
        let errors =
            if self.0.len() == 1 { "1 error".to_owned() } else { format!("{} errors", self.0.len()) };
        write!(f, "\nno methods were generated: {errors}")
    }
}

impl fmt::Debug for BuildError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl std::error::Error for BuildError {}
