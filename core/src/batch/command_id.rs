//! Identifiers of commands.

use super::reference::Reference;

/// The identifier of a command: its batch, and its position in the batch.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct CommandId {
    nonce: u32,
    position: usize,
}

impl CommandId {
    pub(super) fn new(nonce: u32, position: usize) -> Self {
        Self { nonce, position }
    }

    /// The nonce of the batch.
    pub fn nonce(self) -> u32 {
        self.nonce
    }

    /// The number of commands before this one.
    pub fn position(self) -> usize {
        self.position
    }

    /// A reference to the whole result of the command, for later commands.
    pub fn result(self) -> Reference {
        Reference::to(&self.name())
    }

    /// The command's name in the request. It is never just a number: PHP would turn the responses into a list and lose the
    /// names.
    pub(super) fn name(self) -> String {
        format!("c{:08x}_{}", self.nonce, self.position)
    }

    /// The command with this name in the batch with this nonce.
    pub(super) fn parse(nonce: u32, name: &str) -> Option<Self> {
        let position = name.rsplit_once('_')?.1.parse().ok()?;
        let id = Self { nonce, position };
        (id.name() == name).then_some(id)
    }
}
