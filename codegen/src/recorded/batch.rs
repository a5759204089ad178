//! Batches in recorded traffic: the methods of the commands are in the request, the results in the response.

use std::borrow::Cow;

use serde_json::{Map, Value};

use super::Recorded;
use crate::descriptor::Api;

/// Whether a line is about a batch of REST 2.
pub(crate) fn is_batch(line: &Recorded) -> bool {
    line.api == Api::V2 && line.method.eq_ignore_ascii_case("batch")
}

/// The commands of a batch, by name.
pub(crate) struct BatchCommands<'l> {
    file: &'l str,
    commands: Vec<(Cow<'l, str>, &'l str)>,
}

impl<'l> BatchCommands<'l> {
    /// The commands in a request.
    pub(crate) fn of(request: &'l Recorded) -> Self {
        let commands = entries(request.body.get("cmd"));
        let method = |command: &'l Value| Some(command.as_str()?.split('?').next().unwrap_or_default());
        let commands = commands.filter_map(|(name, command)| Some((name, method(command)?)));
        Self { file: &request.source.path, commands: commands.collect() }
    }

    /// Whether a response may be that to this request: it has no other commands.
    pub(crate) fn fits(&self, response: &Recorded, result: &Map<String, Value>) -> bool {
        let mut names = entries(result.get("result")).chain(entries(result.get("result_error")));
        self.file == response.source.path && names.all(|(name, _)| self.method(&name).is_some())
    }

    /// The method of a command.
    pub(crate) fn method(&self, name: &str) -> Option<&'l str> {
        self.commands.iter().find(|(known, _)| known == name).map(|(_, method)| *method)
    }
}

/// The entries of an object or a list. PHP writes an object whose keys are 0, 1, 2, … as a list.
pub(crate) fn entries(value: Option<&Value>) -> impl Iterator<Item = (Cow<'_, str>, &Value)> {
    let of_object = value.and_then(Value::as_object).into_iter().flatten();
    let of_list = value.and_then(Value::as_array).into_iter().flatten().enumerate();
    let of_object = of_object.map(|(name, value)| (Cow::Borrowed(name.as_str()), value));
    of_object.chain(of_list.map(|(index, value)| (Cow::Owned(index.to_string()), value)))
}
