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
use crate::pace::{self, Refusal, refusal};
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
    /// What the last answer told of the pace of each command.
    paces: Vec<(usize, Pace)>,
    /// Why commands without an outcome have none.
    stopped: Option<String>,
}

/// What an answer tells of the pace of one command.
#[derive(Clone, Debug)]
enum Pace {
    Ran(Box<Time>),
    Refused(Refusal),
}

/// A call of `batch` that is to be sent.
#[derive(Clone, Debug, PartialEq)]
pub struct Request {
    changes: bool,
    methods: Vec<Box<str>>,
    params: Map<String, Value>,
}

impl Request {
    /// The method. It changes something if one of its commands does, and only then is a repetition to be feared.
    pub fn info(&self) -> MethodInfo<'static> {
        let info = MethodInfo::new(Api::V2, NAME);
        if self.changes { info } else { info.that_only_reads() }
    }

    /// The names of the methods that it calls, in the order of the commands.
    pub fn methods(&self) -> &[Box<str>] {
        &self.methods
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
            paces: Vec::new(),
            stopped: None,
        }
    }

    /// A run of which nothing is sent, because some of its commands are refused.
    pub(super) fn refused(mark: u32, methods: Vec<Box<str>>, failures: Vec<Option<Failure>>) -> Self {
        let mut run = Self::new(mark, false, methods, Vec::new(), Vec::new());
        if let Some(refused) = failures.iter().position(Option::is_some) {
            run.stop(format!("it was not sent: {} of its batch was refused", run.named(refused)));
        }
        for failure in failures {
            run.settle(failure.map(Err), None);
        }
        run
    }

    /// The mark of the commands.
    pub fn mark(&self) -> u32 {
        self.mark
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
        let changes = commands.iter().any(|command| command.changes);
        Some(Request { changes, methods: self.methods[part.clone()].to_vec(), params })
    }

    /// Takes what came of the last [`request`](Self::request).
    pub fn answered(&mut self, answer: Result<Answer, Failure>) {
        self.paces.clear();
        let Some(part) = self.parts.pop_front() else { return };
        let names: Vec<String> =
            part.clone().map(|position| CommandId::new(self.mark, position).name()).collect();
        let read = |mut answer: Answer| {
            let body = std::mem::take(&mut answer.body);
            read(&names, self.halt, answer).map_err(|failure| failure.with_any_result(body.result()))
        };
        match answer.and_then(read) {
            Ok(read) => self.take(part, read),
            Err(failure) => {
                let failure = failure.of_batch();
                let (first, last) = (part.start + 1, part.end);
                part.for_each(|_| self.settle(Some(Err(failure.clone())), None));
                self.stop(format!(
                    "it was not sent: the call before it failed, with commands {first} to {last} of the batch"
                ));
            }
        }
    }

    fn take(&mut self, part: Range<usize>, read: Vec<Read>) {
        for (position, read) in part.zip(read) {
            let failure = read.answer.as_ref().and_then(|answer| answer.as_ref().err());
            if let Some(refusal) = failure.and_then(refusal) {
                self.paces.push((position, Pace::Refused(refusal)));
            } else if let Some(time) = read.time {
                self.paces.push((position, Pace::Ran(Box::new(time))));
            }
            let unresolved = read.answer.as_ref().and_then(|_| self.unresolved(position));
            let failed = unresolved.is_some() || matches!(read.answer, Some(Err(_)));
            self.settle(read.answer, unresolved);
            if self.halt && failed {
                self.stop(format!(
                    "it was not executed: the batch stops at errors, and {} failed",
                    self.named(position)
                ));
            }
        }
    }

    /// The first reference of a command that led to nothing in a result before it.
    fn unresolved(&self, position: usize) -> Option<Reference> {
        let lost = self.commands[position].links.iter().find(|link| {
            let earlier = self.outcomes.get(link.to).and_then(|outcome| outcome.answer.as_ref().ok());
            !earlier.is_some_and(|answer| leads_somewhere(&link.steps, &answer.result))
        });
        lost.map(|link| Reference::found(&link.text))
    }

    /// Notes what came of the next command: nothing, where it was not carried out.
    fn settle(&mut self, answer: Option<Result<Answer, Failure>>, unresolved: Option<Reference>) {
        let method = self.methods[self.outcomes.len()].clone();
        let answer = answer.unwrap_or_else(|| {
            let reason =
                self.stopped.as_deref().unwrap_or("it was not sent: the batch was not run to its end");
            Err(Failure::new(Kind::NotExecuted, reason))
        });
        self.outcomes.push(Outcome { method, answer, unresolved });
    }

    /// Sends nothing more. Of several reasons the first is the cause.
    fn stop(&mut self, reason: String) {
        self.parts.clear();
        self.stopped.get_or_insert(reason);
    }

    /// A command as errors of others speak of it.
    fn named(&self, position: usize) -> String {
        format!("command {} (`{}`)", position + 1, self.methods[position])
    }

    /// What the last answer told of the pace of its commands, for a limiter: the time that they took, or that they were refused
    /// on account of it.
    pub fn paces(&self) -> impl Iterator<Item = pace::Outcome<'_>> {
        self.paces.iter().map(|(position, pace)| {
            let method = &self.methods[*position];
            match pace {
                Pace::Ran(time) => pace::Outcome::ran(method, time),
                Pace::Refused(refusal) => pace::Outcome::refused(method, *refusal),
            }
        })
    }

    /// What came of each command, in their order. Those that were not sent are [`Kind::NotExecuted`].
    pub fn finish(mut self) -> Vec<Outcome> {
        while self.outcomes.len() < self.methods.len() {
            self.settle(None, None);
        }
        self.outcomes
    }
}
