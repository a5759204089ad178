//! Running commands: what to send next, and what came of each command.

use std::collections::VecDeque;
use std::ops::Range;

use serde_json::{Map, Value, json};

use super::NAME;
use super::answer::{Read, read};
use super::commands::CommandId;
use super::prepare::Link;
use super::reference::{Reference, leads_somewhere};
use crate::envelope::Answer;
use crate::error::{Failure, Kind};
use crate::method::{Api, MethodInfo};
use crate::system::Time;

/// A command that may be sent.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Prepared {
    /// Its name and its query.
    pub(super) text: String,
    pub(super) changes: bool,
    pub(super) links: Vec<Link>,
}

/// The calls of `batch` that commands need, one after another, and what came of each command.
#[derive(Clone, Debug)]
pub struct Run {
    mark: u32,
    halt: bool,
    methods: Vec<Box<str>>,
    commands: Vec<Prepared>,
    /// The parts that are still to be sent.
    parts: VecDeque<Range<usize>>,
    outcomes: Vec<Outcome>,
    times: Vec<(usize, Time)>,
    /// Why commands without an outcome have none.
    stopped: &'static str,
}

/// A call of `batch` that is to be sent.
#[derive(Clone, Debug, PartialEq)]
pub struct Request {
    changes: bool,
    params: Map<String, Value>,
}

impl Request {
    /// The method. It changes something if one of its commands does, and only then is a repetition to be feared.
    pub fn info(&self) -> MethodInfo<'static> {
        let info = MethodInfo::new(Api::V2, NAME);
        if self.changes { info } else { info.that_only_reads() }
    }

    /// The parameters.
    pub fn params(&self) -> &Map<String, Value> {
        &self.params
    }
}

/// What came of one command.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Outcome {
    /// The name of its method.
    pub method: Box<str>,
    /// The portal's answer to it, or why there is none: [`Kind::NotExecuted`] where it was not carried out because of something
    /// else.
    pub answer: Result<Answer, Failure>,
    /// The reference that led to nothing. The portal has then carried out the command with the text of the reference in its place.
    pub unresolved: Option<Reference>,
}

impl Run {
    pub(super) fn new(
        mark: u32,
        halt: bool,
        methods: Vec<Box<str>>,
        commands: Vec<Prepared>,
        parts: Vec<Range<usize>>,
    ) -> Self {
        Self {
            mark,
            halt,
            methods,
            commands,
            parts: parts.into(),
            outcomes: Vec::new(),
            times: Vec::new(),
            stopped: "it was not sent: the batch was not run to its end",
        }
    }

    /// A run of which nothing is sent, because some of its commands are refused.
    pub(super) fn refused(methods: Vec<Box<str>>, failures: Vec<Option<Failure>>) -> Self {
        let mut run = Self::new(0, false, methods, Vec::new(), Vec::new());
        run.stopped = "it was not sent: another command of its batch was refused";
        for failure in failures {
            run.settle(Err(failure.unwrap_or_else(|| Failure::new(Kind::NotExecuted, run.stopped))), None);
        }
        run
    }

    /// What is to be sent next, where something is.
    pub fn request(&self) -> Option<Request> {
        let part = self.parts.front()?;
        let commands = &self.commands[part.clone()];
        let names = part.clone().map(|position| CommandId::new(self.mark, position).name());
        let texts: Map<String, Value> =
            names.zip(commands).map(|(name, command)| (name, command.text.clone().into())).collect();
        let mut params = Map::new();
        params.insert("halt".to_owned(), json!(u8::from(self.halt)));
        params.insert("cmd".to_owned(), texts.into());
        Some(Request { changes: commands.iter().any(|command| command.changes), params })
    }

    /// Takes what came of the last [`request`](Self::request).
    pub fn answered(&mut self, answer: Result<Answer, Failure>) {
        self.times.clear();
        let Some(part) = self.parts.pop_front() else { return };
        let names: Vec<String> =
            part.clone().map(|position| CommandId::new(self.mark, position).name()).collect();
        match answer.and_then(|answer| read(&names, self.halt, answer)) {
            Ok(read) => self.take(part, read),
            Err(failure) => {
                let failure = failure.of_batch();
                part.for_each(|_| self.settle(Err(failure.clone()), None));
                self.stop("it was not sent: an earlier part of its batch failed");
            }
        }
    }

    fn take(&mut self, part: Range<usize>, read: Vec<Read>) {
        for (position, read) in part.zip(read) {
            if let Some(time) = read.time {
                self.times.push((position, time));
            }
            let unresolved = self.unresolved(position, &read.answer);
            if self.halt && (read.answer.is_err() || unresolved.is_some()) {
                self.stop(
                    "it was not sent: an earlier command of its batch failed, and the batch stops at errors",
                );
            }
            self.settle(read.answer, unresolved);
        }
    }

    /// The first reference of a command that led to nothing in a result before it.
    fn unresolved(&self, position: usize, answer: &Result<Answer, Failure>) -> Option<Reference> {
        if answer.as_ref().is_err_and(|failure| failure.kind() == Kind::NotExecuted) {
            return None;
        }
        let lost = self.commands[position].links.iter().find(|link| {
            let earlier = self.outcomes.get(link.to).and_then(|outcome| outcome.answer.as_ref().ok());
            !earlier.is_some_and(|answer| leads_somewhere(&link.steps, &answer.result))
        });
        lost.map(|link| Reference::found(&link.text))
    }

    fn settle(&mut self, answer: Result<Answer, Failure>, unresolved: Option<Reference>) {
        let method = self.methods[self.outcomes.len()].clone();
        self.outcomes.push(Outcome { method, answer, unresolved });
    }

    fn stop(&mut self, reason: &'static str) {
        self.parts.clear();
        self.stopped = reason;
    }

    /// How long the commands of the last answer took, by the names of their methods, where the portal said so: against the
    /// limits of operating time.
    pub fn times(&self) -> impl Iterator<Item = (&str, &Time)> {
        self.times.iter().map(|(position, time)| (&*self.methods[*position], time))
    }

    /// What came of each command, in their order. Those that were not sent are [`Kind::NotExecuted`].
    pub fn finish(mut self) -> Vec<Outcome> {
        while self.outcomes.len() < self.methods.len() {
            self.settle(Err(Failure::new(Kind::NotExecuted, self.stopped)), None);
        }
        self.outcomes
    }
}
