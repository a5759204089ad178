//! Commands that passed all checks.

/// A command that may be sent.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct PreparedCommand {
    /// The method name and the query.
    pub(super) text: String,
    pub(super) side_effects: bool,
    pub(super) links: Vec<Link>,
}

/// A reference in the parameters of a command.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Link {
    /// The position of the command that it refers to.
    pub(super) to: usize,
    pub(super) text: String,
    pub(super) path: Vec<String>,
}
