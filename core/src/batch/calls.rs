//! The calls of a batch as runs of their own, for clients that execute several at the same time.

use super::command_id::CommandId;
use super::prepared::PreparedCommand;
use super::run::BatchRun;

impl BatchRun {
    /// Splits a run that has not started into one run for each call, in their order. They can be executed at the same time, unless
    /// the batch [halts on errors](Self::halts_on_error): then each one must wait for the previous one, and must be
    /// [stopped](Self::stop) if that has a [`stop_reason`](Self::stop_reason).
    pub fn into_calls(mut self) -> Vec<Self> {
        if self.parts.len() < 2 {
            return vec![self];
        }
        let (mut methods, mut commands) = (self.methods.into_iter(), self.commands.into_iter());
        let split = self.parts.drain(..).map(|part| {
            let mut commands: Vec<PreparedCommand> = commands.by_ref().take(part.len()).collect();
            commands.iter_mut().flat_map(|command| &mut command.links).for_each(|link| link.to -= part.start);
            let methods = methods.by_ref().take(part.len()).collect();
            let whole = std::iter::once(0..part.len()).collect();
            let mut call = Self::new(self.nonce, self.halt, methods, commands, whole);
            call.first = part.start;
            call
        });
        split.collect()
    }

    /// Whether the batch stops at the first command that fails.
    pub fn halts_on_error(&self) -> bool {
        self.halt
    }

    /// The identifiers of the commands, in their order.
    pub fn ids(&self) -> impl Iterator<Item = CommandId> + use<> {
        let (nonce, first) = (self.nonce, self.first);
        (0..self.methods.len()).map(move |position| CommandId::new(nonce, first + position))
    }

    /// The names of the methods of the commands, in their order.
    pub fn methods(&self) -> &[Box<str>] {
        &self.methods
    }
}
