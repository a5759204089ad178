//! What the pages of all methods say together about error codes: the statuses of codes of REST 3, and names for numbers.

use std::collections::{BTreeMap, HashMap, HashSet};

use crate::descriptor::{Api, Descriptor, MethodKey, SystemDescriptor, method_key};
use crate::extract::facts::PageFacts;
use crate::extract::merge::error_names::ErrorNames;

/// The error codes of all methods.
#[derive(Default)]
pub(crate) struct KnownErrors {
    /// The codes of the system, in lower case.
    pub(crate) system_codes: HashSet<String>,
    /// The statuses of each code of REST 3: those of its labels, of its examples, and of the sections that list it.
    rest_3: HashMap<String, [Agreement; 3]>,
    /// The names of codes that are numbers, by the first word of methods and by all but their last.
    names: HashMap<String, ErrorNames>,
}

/// A status, as long as all sources give the same.
#[derive(Clone, Copy, Default)]
enum Agreement {
    #[default]
    Unknown,
    Of(u16),
    Contradicted,
}

impl Agreement {
    fn add(&mut self, status: u16) {
        *self = match *self {
            Self::Unknown => Self::Of(status),
            Self::Of(known) if known == status => Self::Of(status),
            _ => Self::Contradicted,
        };
    }
}

impl KnownErrors {
    /// Reads the pages of all methods, the names in the descriptors of an earlier import, and the codes of the system.
    pub(crate) fn of(
        pages: &BTreeMap<MethodKey, Vec<PageFacts>>,
        existing: &BTreeMap<MethodKey, &Descriptor>,
        system: Option<&SystemDescriptor>,
    ) -> Self {
        let codes = system.iter().flat_map(|system| &system.errors);
        let mut known =
            Self { system_codes: codes.map(|error| error.code.to_lowercase()).collect(), ..Self::default() };
        for facts in pages.values().flatten() {
            known.add_page(facts);
        }
        for descriptor in existing.values() {
            let named = descriptor.errors.iter().filter_map(|error| Some((error, error.name.as_ref()?)));
            let [_, module] = modules(&descriptor.method);
            for (error, name) in named {
                known.names.entry(module.clone()).or_default().freeze(&error.code, name);
            }
        }
        known.names.values_mut().for_each(ErrorNames::choose);
        known
    }

    fn add_page(&mut self, facts: &PageFacts) {
        for row in facts.errors.rows.iter().flatten() {
            let Some(code) = row.code.as_deref().filter(|code| !code.is_empty()) else { continue };
            if facts.api == Api::V3 {
                self.add_status(code, 0, row.status);
                self.add_status(code, 2, row.section_status);
            }
            if is_number(code) {
                for module in modules(&facts.method) {
                    self.names.entry(module).or_default().add(code, &row.words);
                }
            }
        }
        if let Some(example) = facts.errors.example.as_ref().filter(|_| facts.api == Api::V3) {
            self.add_status(&example.code, 1, example.status);
        }
    }

    fn add_status(&mut self, code: &str, kind: usize, status: Option<u16>) {
        let statuses = self.rest_3.entry(code.to_lowercase()).or_default();
        if let (Some(agreement), Some(status)) = (statuses.get_mut(kind), status) {
            agreement.add(status);
        }
    }

    /// The status of a code of REST 3.
    pub(super) fn status_in_rest_3(&self, code: &str) -> Option<u16> {
        let statuses = self.rest_3.get(&code.to_lowercase())?;
        let known = statuses.iter().find(|agreement| !matches!(agreement, Agreement::Unknown))?;
        if let Agreement::Of(status) = known { Some(*status) } else { None }
    }

    /// The name of a code that is a number: that of the earlier import of the method or its module, then that of all methods with
    /// the same first word if it fits the module, then that of the module.
    pub(super) fn name(&self, method: &str, code: &str, existing: Option<&Descriptor>) -> Option<String> {
        let own = existing.iter().flat_map(|descriptor| &descriptor.errors);
        let own = own.filter(|error| error.code == code).find_map(|error| error.name.clone());
        let [all, module] = modules(method).map(|module| self.names.get(&module));
        let frozen = || module?.frozen(code);
        let of_all = || all?.get_if_true_of(code, module?);
        own.or_else(frozen).or_else(of_all).or_else(|| module?.get(code))
    }
}

/// The first word of a method, and all words but the last.
fn modules(method: &str) -> [String; 2] {
    let (_, method) = method_key(Api::V2, method);
    let first = method.split('.').next().unwrap_or_default().to_owned();
    // The marker keeps a module of one word apart from the first word of its methods.
    let module = method.rsplit_once('.').map_or("", |(module, _)| module);
    [first, format!("{module}.")]
}

/// Whether a code is a number, also in hexadecimal digits as `0x100002`. `0` and `100` are sent for many different errors.
pub(super) fn is_number(code: &str) -> bool {
    let digits = code.strip_prefix("0x").unwrap_or(code);
    let is_hexadecimal = digits.len() < code.len();
    let is_digit = |c: char| if is_hexadecimal { c.is_ascii_hexdigit() } else { c.is_ascii_digit() };
    !digits.is_empty() && digits.chars().all(is_digit) && !is_unspecific(code)
}

/// Codes that do not identify an error: none, and the numbers that the portal sends for errors without a code.
const UNSPECIFIC_CODES: &[&str] = &["", "0", "100"];

pub(super) fn is_unspecific(code: &str) -> bool {
    UNSPECIFIC_CODES.contains(&code)
}
