//! The execution of a batch: the next request to send, and the outcome of each command.

use std::collections::VecDeque;
use std::ops::Range;

use serde_json::{Map, Value, json};

use super::MAX_COMMANDS;
use super::command_id::CommandId;
use super::outcome::CommandOutcome;
use super::prepared::PreparedCommand;
use super::reference::{Reference, resolves};
use super::request::BatchRequest;
use super::response::{CommandResponse, parse};
use crate::envelope::RawResponse;
use crate::error::{ErrorKind, Failure, Rejection};
use crate::rate_limit::CallOutcome;
use crate::system::Time;

/// The calls of `batch` that commands need, one after another, and the outcome of each command.
#[derive(Clone, Debug)]
pub struct BatchRun {
    pub(super) nonce: u32,
    pub(super) halt: bool,
    /// The position of the first command in the batch.
    pub(super) first: usize,
    pub(super) methods: Vec<Box<str>>,
    pub(super) commands: Vec<PreparedCommand>,
    /// The parts that have not been sent yet.
    pub(super) parts: VecDeque<Range<usize>>,
    outcomes: Vec<CommandOutcome>,
    /// The commands that the portal rejected because of its limits, and that can be sent again.
    rejected: Vec<usize>,
    /// The commands in the last response.
    last: Vec<usize>,
    /// How many times each command was sent.
    attempts: Vec<u32>,
    /// Whether the outcome of an attempt of each command is unknown, although a later attempt was answered.
    lost: Vec<bool>,
    /// The rate limit information of the commands in the last response.
    rate_limits: Vec<(usize, RateLimitInfo)>,
    /// The reason why the remaining commands have no outcome.
    stop_reason: Option<String>,
}

/// The rate limit information of one command in a response.
#[derive(Clone, Debug)]
enum RateLimitInfo {
    Executed(Box<Time>),
    Rejected(Rejection),
}

impl BatchRun {
    pub(super) fn new(
        nonce: u32,
        halt: bool,
        methods: Vec<Box<str>>,
        commands: Vec<PreparedCommand>,
        parts: Vec<Range<usize>>,
    ) -> Self {
        Self {
            nonce,
            halt,
            first: 0,
            attempts: vec![0; methods.len()],
            lost: vec![false; methods.len()],
            methods,
            commands,
            parts: parts.into(),
            outcomes: Vec::new(),
            rejected: Vec::new(),
            last: Vec::new(),
            rate_limits: Vec::new(),
            stop_reason: None,
        }
    }

    /// Creates a run that sends nothing, because some of its commands are invalid.
    pub(super) fn invalid(nonce: u32, methods: Vec<Box<str>>, failures: Vec<Option<Failure>>) -> Self {
        let mut run = Self::new(nonce, false, methods, Vec::new(), Vec::new());
        if let Some(position) = failures.iter().position(Option::is_some) {
            run.stop(format!("not sent: {} of the batch is invalid", run.describe(position)));
        }
        for failure in failures {
            run.push_outcome(failure.map(Err), None);
        }
        run
    }

    /// The nonce of the commands.
    pub fn nonce(&self) -> u32 {
        self.nonce
    }

    /// Why the run ended before its last command, or why later commands of its batch must not be sent.
    pub fn stop_reason(&self) -> Option<&str> {
        self.stop_reason.as_deref()
    }

    fn name(&self, position: usize) -> String {
        CommandId::new(self.nonce, self.first + position).name()
    }

    /// The next request to send; `None` at the end.
    pub fn next_request(&self) -> Option<BatchRequest> {
        let positions = self.next_positions()?;
        let commands = || positions.iter().map(|position| &self.commands[*position]);
        let names = positions.iter().map(|position| self.name(*position));
        let texts: Map<String, Value> =
            names.zip(commands()).map(|(name, command)| (name, command.text.clone().into())).collect();
        let mut params = Map::new();
        params.insert("halt".to_owned(), json!(u8::from(self.halt)));
        params.insert("cmd".to_owned(), texts.into());
        let side_effects = commands().any(|command| command.side_effects);
        let methods = positions.iter().map(|position| self.methods[*position].clone()).collect();
        Some(BatchRequest { side_effects, methods, params })
    }

    /// The commands of the next request: the next part, and at the end those that were rejected.
    fn next_positions(&self) -> Option<Vec<usize>> {
        match self.parts.front() {
            Some(part) => Some(part.clone().collect()),
            None if self.rejected.is_empty() => None,
            None => Some(self.rejected.iter().copied().take(MAX_COMMANDS).collect()),
        }
    }

    /// Whether the next request consists of commands that the portal rejected because of its limits. They did not run. The caller
    /// waits before it sends them again, or [gives up](Self::give_up_rejected).
    pub fn is_retry(&self) -> bool {
        self.parts.is_empty() && !self.rejected.is_empty()
    }

    /// Sends the rejected commands no more: their rejections are their outcomes.
    pub fn give_up_rejected(&mut self) {
        self.rejected.clear();
    }

    /// Sets how many times the call was sent whose response was processed last, for the errors of its commands.
    pub fn set_attempts(&mut self, attempts: u32) {
        for position in &self.last {
            self.attempts[*position] += attempts;
            if let Some(Err(failure)) = self.outcomes.get_mut(*position).map(|outcome| &mut outcome.response)
                && failure.kind() != ErrorKind::NotExecuted
            {
                *failure = failure.clone().with_attempts(self.attempts[*position]);
            }
        }
    }

    /// Marks the outcome of an earlier attempt of the call as unknown whose response was processed last: the portal may have executed
    /// each of its commands, whatever their last responses say.
    pub fn set_lost_attempt(&mut self) {
        for position in &self.last {
            self.lost[*position] = true;
        }
    }

    /// Processes the response to the last [`next_request`](Self::next_request).
    pub fn on_response(&mut self, response: Result<RawResponse, Failure>) {
        self.rate_limits.clear();
        let Some(positions) = self.next_positions() else { return };
        let part = self.parts.pop_front();
        if part.is_none() {
            self.rejected.drain(..positions.len());
        }
        let names: Vec<String> = positions.iter().map(|position| self.name(*position)).collect();
        self.last = positions;
        let parse = |response: RawResponse| {
            let result = response.result;
            parse(&names, self.halt, &result).map_err(|failure| failure.with_optional_result(Some(result)))
        };
        match response.and_then(parse) {
            Ok(responses) => match part {
                Some(part) => self.accept(part, responses),
                None => self.accept_retried(responses),
            },
            Err(failure) => {
                let failure = failure.into_batch_failure();
                let Some(part) = part else {
                    for position in &self.last {
                        self.outcomes[*position].response = Err(failure.clone());
                    }
                    return self.rejected.clear();
                };
                let (first, last) = (self.first + part.start + 1, self.first + part.end);
                part.for_each(|_| self.push_outcome(Some(Err(failure.clone())), None));
                self.stop(format!(
                    "not sent: the previous call, with commands {first} to {last} of the batch, failed"
                ));
            }
        }
    }

    fn accept(&mut self, part: Range<usize>, responses: Vec<CommandResponse>) {
        for (position, command) in part.zip(responses) {
            let failure = command.response.as_ref().and_then(|response| response.as_ref().err());
            if let Some(rejection) = failure.and_then(Rejection::from_failure) {
                self.rate_limits.push((position, RateLimitInfo::Rejected(rejection)));
                // A batch that halts has stopped there.
                if !self.halt {
                    self.rejected.push(position);
                }
            } else if let Some(time) = command.time {
                self.rate_limits.push((position, RateLimitInfo::Executed(Box::new(time))));
            }
            let unresolved = command.response.as_ref().and_then(|_| self.unresolved(position));
            let failed = unresolved.is_some() || matches!(command.response, Some(Err(_)));
            self.push_outcome(command.response, unresolved);
            if self.halt && failed {
                self.stop(format!(
                    "not executed: the batch halts on errors, and {} failed",
                    self.describe(position)
                ));
            }
        }
    }

    /// Accepts the responses to commands that were sent again. They have no references, since their batch does not halt.
    fn accept_retried(&mut self, responses: Vec<CommandResponse>) {
        for (position, command) in self.last.clone().into_iter().zip(responses) {
            let Some(response) = command.response else { continue };
            if let Some(rejection) = response.as_ref().err().and_then(Rejection::from_failure) {
                self.rate_limits.push((position, RateLimitInfo::Rejected(rejection)));
                self.rejected.push(position);
            } else if let Some(time) = command.time {
                self.rate_limits.push((position, RateLimitInfo::Executed(Box::new(time))));
            }
            self.outcomes[position].response = response;
        }
    }

    /// The first reference of a command that has no value in an earlier result.
    fn unresolved(&self, position: usize) -> Option<Reference> {
        let unresolved = self.commands[position].links.iter().find(|link| {
            let earlier = self.outcomes.get(link.to).and_then(|outcome| outcome.response.as_ref().ok());
            !earlier.is_some_and(|response| resolves(&link.path, response.result.get()))
        });
        unresolved.map(|link| Reference::from_text(&link.text))
    }

    /// Appends the outcome of the next command; `None` if it was not executed.
    fn push_outcome(
        &mut self,
        response: Option<Result<RawResponse, Failure>>,
        unresolved: Option<Reference>,
    ) {
        let method = self.methods[self.outcomes.len()].clone();
        let response = response.unwrap_or_else(|| {
            let reason = self.stop_reason.as_deref().unwrap_or("not sent: the batch did not run to its end");
            Err(Failure::new(ErrorKind::NotExecuted, reason))
        });
        self.outcomes.push(CommandOutcome { method, response, unresolved });
    }

    /// Sends nothing more, rejected commands included. The first of several reasons is the cause.
    pub fn stop(&mut self, reason: impl Into<String>) {
        self.parts.clear();
        self.rejected.clear();
        self.stop_reason.get_or_insert_with(|| reason.into());
    }

    /// Describes a command for error messages of other commands.
    fn describe(&self, position: usize) -> String {
        format!("command {} (`{}`)", self.first + position + 1, self.methods[position])
    }

    /// The outcomes of the commands in the last response for a rate limiter: their time, or the limit because of which the
    /// portal rejected them.
    pub fn rate_limit_outcomes(&self) -> impl Iterator<Item = CallOutcome<'_>> {
        self.rate_limits.iter().map(|(position, info)| {
            let method = &self.methods[*position];
            match info {
                RateLimitInfo::Executed(time) => CallOutcome::executed(method, time),
                RateLimitInfo::Rejected(rejection) => CallOutcome::rejected(method, *rejection),
            }
        })
    }

    /// The outcome of each command, in their order. Commands that were not sent are [`ErrorKind::NotExecuted`].
    pub fn finish(mut self) -> Vec<CommandOutcome> {
        while self.outcomes.len() < self.methods.len() {
            self.push_outcome(None, None);
        }
        // Not before: the commands may have been sent again since their attempt was lost.
        for (outcome, lost) in self.outcomes.iter_mut().zip(self.lost) {
            if lost && let Err(failure) = &mut outcome.response {
                *failure = failure.clone().with_lost_attempt();
            }
        }
        self.outcomes
    }
}
