//! The rules: everything that a comparison knows about changes.

use std::collections::BTreeMap;

use serde::{Serialize, Serializer};

use super::severity::Severity;

/// One kind of change.
#[derive(Debug)]
pub struct Rule {
    /// The id of the rule, and the name of its folder in `codegen/tests/diff/`.
    pub id: &'static str,
    /// The severity without settings.
    pub severity: Severity,
    /// Whether calls that compile may behave differently from before.
    pub changes_calls: bool,
    text: &'static str,
}

impl Rule {
    /// The rule in one sentence.
    pub fn summary(&self) -> &str {
        self.text.trim()
    }

    /// The id as words: `parameter removed`.
    pub fn title(&self) -> String {
        self.id.replace('_', " ")
    }
}

/// Ids are unique.
impl PartialEq for Rule {
    fn eq(&self, other: &Self) -> bool {
        self.id == other.id
    }
}

/// A rule is serialized as its id.
impl Serialize for Rule {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.id)
    }
}

/// The rule with this id.
pub fn find_rule(id: &str) -> Option<&'static Rule> {
    RULES.iter().copied().find(|rule| rule.id == id)
}

/// Declares the rules: a static for each, and all of them as `RULES`. `calls` marks rules about calls that behave differently.
macro_rules! register {
    ($($(#[doc = $text:literal])+ $name:ident: $id:literal, $severity:ident $(, $calls:ident)?;)+) => {
        $(
            $(#[doc = $text])+
            pub(crate) static $name: Rule = Rule {
                id: $id,
                severity: Severity::$severity,
                changes_calls: register!(@ $($calls)?),
                text: concat!($($text),+),
            };
        )+

        /// All rules, by subject.
        pub static RULES: &[&Rule] = &[$(&$name),+];
    };
    (@) => { false };
    (@ calls) => { true };
}

register! {
    // Methods and their functions.
    /// A method is new.
    METHOD_ADDED: "method_added", Additive;
    /// A method is gone, with its function, request and errors.
    METHOD_REMOVED: "method_removed", Breaking;
    /// A method has another name: the new one names the old one as an alias, is its only replacement, or has its page.
    METHOD_RENAMED: "method_renamed", Breaking;
    /// The name of a method is spelled in another case, which portals do not distinguish.
    METHOD_RESPELLED: "method_respelled", Documentation;
    /// A function has another path in Rust.
    FUNCTION_RENAMED: "function_renamed", Breaking;
    /// A method is deprecated; its function warns.
    METHOD_DEPRECATED: "method_deprecated", Additive;
    /// No page describes a method any more. It stays for one release; its function warns.
    METHOD_UNDOCUMENTED: "method_undocumented", Additive;
    /// A method is not deprecated any more.
    METHOD_RESTORED: "method_restored", Documentation;
    /// Another method replaces a deprecated method.
    REPLACEMENT_CHANGED: "replacement_changed", Documentation;
    /// A method has another documented alias.
    ALIASES_CHANGED: "aliases_changed", Documentation;
    /// A method has another page.
    PAGE_MOVED: "page_moved", Documentation;
    /// A method has another summary.
    SUMMARY_CHANGED: "summary_changed", Documentation;
    /// The words about a method, its parameters and its errors are others, or those about a type and its fields.
    WORDS_CHANGED: "words_changed", Documentation;

    // Scopes and features.
    /// A scope is new: a feature of the crate.
    SCOPE_ADDED: "scope_added", Additive;
    /// A scope has no methods any more: a feature of the crate is gone.
    SCOPE_REMOVED: "scope_removed", Breaking;
    /// A further scope permits a method.
    METHOD_SCOPE_ADDED: "method_scope_added", Additive;
    /// A scope permits a method no more, so that its feature does not enable the function.
    METHOD_SCOPE_REMOVED: "method_scope_removed", Breaking, calls;

    // Requests.
    /// A parameter is new: a setter.
    PARAMETER_ADDED: "parameter_added", Additive;
    /// A parameter is new, and required by its page although it is only a setter: calls without it may fail.
    REQUIRED_PARAMETER_ADDED: "required_parameter_added", Additive, calls;
    /// A parameter is new, and an argument of the constructor.
    ARGUMENT_ADDED: "argument_added", Breaking;
    /// A parameter is gone, with its setter and field.
    PARAMETER_REMOVED: "parameter_removed", Breaking;
    /// A parameter has another name in Rust.
    PARAMETER_RENAMED: "parameter_renamed", Breaking;
    /// A parameter is spelled in another case on the wire, which portals do not distinguish at the top of a request.
    PARAMETER_RESPELLED: "parameter_respelled", Documentation;
    /// A parameter has another type.
    PARAMETER_RETYPED: "parameter_retyped", Breaking, calls;
    /// A parameter that was JSON has a type.
    PARAMETER_TYPED: "parameter_typed", Breaking;
    /// A setter became an argument of the constructor.
    SETTER_BECAME_ARGUMENT: "setter_became_argument", Breaking;
    /// An argument of the constructor became a setter.
    ARGUMENT_BECAME_SETTER: "argument_became_setter", Breaking;
    /// The arguments of a constructor have another order.
    ARGUMENTS_REORDERED: "arguments_reordered", Breaking, calls;
    /// A page marks a parameter as required, which is a setter: calls without it may fail.
    PARAMETER_REQUIRED: "parameter_required", Documentation, calls;
    /// A page does not mark a parameter as required any more.
    PARAMETER_NOT_REQUIRED: "parameter_not_required", Documentation;
    /// A parameter is deprecated.
    PARAMETER_DEPRECATED: "parameter_deprecated", Documentation;
    /// A value has the same type in Rust and another form on the wire.
    WIRE_FORM_CHANGED: "wire_form_changed", Documentation, calls;
    /// Documented values, bounds, the default or the documented type of a parameter are others.
    CONSTRAINTS_CHANGED: "constraints_changed", Documentation;
    /// Other sets of parameters are required.
    ALTERNATIVES_CHANGED: "alternatives_changed", Documentation, calls;
    /// Parameters are sent by position instead of by name, or the reverse.
    POSITIONAL_CHANGED: "positional_changed", Documentation, calls;

    // Results.
    /// A result has another type.
    RESULT_RETYPED: "result_retyped", Breaking, calls;
    /// A result that was JSON has a type.
    RESULT_TYPED: "result_typed", Breaking;
    /// A field of a result is new.
    FIELD_ADDED: "field_added", Additive;
    /// A field of a result is gone; its values are in `extra`.
    FIELD_REMOVED: "field_removed", Breaking, calls;
    /// A field of a result has another name in Rust.
    FIELD_RENAMED: "field_renamed", Breaking;
    /// A field of a result is spelled in another case on the wire.
    FIELD_RESPELLED: "field_respelled", Documentation, calls;
    /// A field of a result has another type.
    FIELD_RETYPED: "field_retyped", Breaking, calls;
    /// A field of a result that was JSON has a type.
    FIELD_TYPED: "field_typed", Breaking;
    /// Documented values or the documented type of a field of a result are others, or it is deprecated.
    FIELD_DESCRIPTION_CHANGED: "field_description_changed", Documentation;
    /// A method has become a list, whose rows `Client::rows` yields.
    LIST_ADDED: "list_added", Additive;
    /// A method is no list any more.
    LIST_REMOVED: "list_removed", Breaking;
    /// The rows of a list have another type.
    ROW_RETYPED: "row_retyped", Breaking;

    // Types.
    /// A type is new.
    TYPE_ADDED: "type_added", Additive;
    /// A type is gone.
    TYPE_REMOVED: "type_removed", Breaking;
    /// A type has another name.
    TYPE_RENAMED: "type_renamed", Breaking;
    /// A name that was an object is an enumeration, or the reverse, or is of a request instead of a result.
    TYPE_REPLACED: "type_replaced", Breaking;
    /// Two names that were different types are one type.
    TYPES_MERGED: "types_merged", Breaking;
    /// Two names that were one type are different types.
    TYPES_SEPARATED: "types_separated", Breaking;
    /// A type got or lost the parameter for the entity.
    GENERICS_CHANGED: "generics_changed", Breaking;
    /// An enumeration has a new value.
    VALUE_ADDED: "value_added", Additive;
    /// An enumeration has lost a value.
    VALUE_REMOVED: "value_removed", Breaking;
    /// The values of an enumeration are numbers instead of texts, or the reverse.
    VALUES_RETYPED: "values_retyped", Breaking, calls;
    /// An enumeration can be read or written, and could not before.
    CONVERSION_ADDED: "conversion_added", Additive;
    /// An enumeration cannot be read or written any more.
    CONVERSION_REMOVED: "conversion_removed", Breaking;

    // Entities and kinds.
    /// An entity is new: methods share a type.
    ENTITY_ADDED: "entity_added", Additive;
    /// An entity is gone; what its types became has changes of its own.
    ENTITY_REMOVED: "entity_removed", Documentation;
    /// A kind of an entity is new.
    KIND_ADDED: "kind_added", Additive;
    /// A kind of an entity is gone.
    KIND_REMOVED: "kind_removed", Breaking;
    /// A kind has another value, or another type of fields that requests write.
    KIND_CHANGED: "kind_changed", Breaking, calls;
    /// Another parameter chooses the kind.
    KIND_PARAMETER_CHANGED: "kind_parameter_changed", Breaking;
    /// A method is called by kind.
    KIND_METHOD_ADDED: "kind_method_added", Additive;
    /// A method is not called by kind any more, or its call by kind returns another type.
    KIND_METHOD_REMOVED: "kind_method_removed", Breaking;

    // Errors.
    /// A method has a new error.
    ERROR_ADDED: "error_added", Additive;
    /// A method has lost an error.
    ERROR_REMOVED: "error_removed", Breaking;
    /// An error has another name in Rust.
    ERROR_RENAMED: "error_renamed", Breaking;
    /// Only an earlier version of the documentation lists an error.
    ERROR_HISTORICAL: "error_historical", Documentation;
    /// The status of an error is another one.
    ERROR_STATUS_CHANGED: "error_status_changed", Documentation, calls;

    // Events.
    /// An event is new.
    EVENT_ADDED: "event_added", Additive;
    /// An event is gone.
    EVENT_REMOVED: "event_removed", Breaking;
    /// The name of an event is spelled in another case, which portals do not distinguish.
    EVENT_RESPELLED: "event_respelled", Documentation;
    /// An event is deprecated.
    EVENT_DEPRECATED: "event_deprecated", Additive;
    /// No page names an event any more. It stays for one release.
    EVENT_UNDOCUMENTED: "event_undocumented", Additive;
    /// An event is not deprecated any more.
    EVENT_RESTORED: "event_restored", Documentation;
    /// The scopes of an event are others, or who may subscribe, its tokens, its family, or what else is known of it.
    EVENT_FACTS_CHANGED: "event_facts_changed", Documentation;
    /// A value of a payload is new.
    EVENT_FIELD_ADDED: "event_field_added", Additive;
    /// A value of a payload is gone.
    EVENT_FIELD_REMOVED: "event_field_removed", Breaking;
    /// A value of a payload has another type.
    EVENT_FIELD_RETYPED: "event_field_retyped", Breaking;

    // Placements.
    /// A placement is new.
    PLACEMENT_ADDED: "placement_added", Additive;
    /// A placement is gone.
    PLACEMENT_REMOVED: "placement_removed", Breaking;
    /// A placement is deprecated.
    PLACEMENT_DEPRECATED: "placement_deprecated", Additive;
    /// No page names a placement any more. It stays for one release.
    PLACEMENT_UNDOCUMENTED: "placement_undocumented", Additive;
    /// A placement is not deprecated any more.
    PLACEMENT_RESTORED: "placement_restored", Documentation;
    /// The scopes of a placement are others, or the method that binds it, what the interface shows, or its family.
    PLACEMENT_FACTS_CHANGED: "placement_facts_changed", Documentation;
    /// An option of a placement is new.
    PLACEMENT_OPTION_ADDED: "placement_option_added", Additive;
    /// An option of a placement is gone.
    PLACEMENT_OPTION_REMOVED: "placement_option_removed", Breaking;
    /// An option of a placement has another type, or is required and was not, or the reverse.
    PLACEMENT_OPTION_RETYPED: "placement_option_retyped", Breaking;
    /// A value that the handler of a placement receives is new.
    PLACEMENT_FIELD_ADDED: "placement_field_added", Additive;
    /// A value that the handler of a placement receives is gone.
    PLACEMENT_FIELD_REMOVED: "placement_field_removed", Breaking;
    /// A value that the handler of a placement receives has another type.
    PLACEMENT_FIELD_RETYPED: "placement_field_retyped", Breaking;

    // Handlers.
    /// A handler is new: a portal sends requests to a further registered address.
    HANDLER_ADDED: "handler_added", Additive;
    /// A handler is gone.
    HANDLER_REMOVED: "handler_removed", Breaking;
    /// The name of a handler is spelled in another case.
    HANDLER_RESPELLED: "handler_respelled", Documentation;
    /// A handler is deprecated.
    HANDLER_DEPRECATED: "handler_deprecated", Additive;
    /// No page describes a handler any more. It stays for one release.
    HANDLER_UNDOCUMENTED: "handler_undocumented", Additive;
    /// A handler is not deprecated any more.
    HANDLER_RESTORED: "handler_restored", Documentation;
    /// The scopes of a handler are others, or the method that registers its address, or the parameter with the address.
    HANDLER_FACTS_CHANGED: "handler_facts_changed", Documentation;
    /// A value of a request to a handler is new.
    HANDLER_FIELD_ADDED: "handler_field_added", Additive;
    /// A value of a request to a handler is gone.
    HANDLER_FIELD_REMOVED: "handler_field_removed", Breaking;
    /// A value of a request to a handler has another type.
    HANDLER_FIELD_RETYPED: "handler_field_retyped", Breaking;
    /// A portal expects another response of a handler.
    HANDLER_RESPONSE_CHANGED: "handler_response_changed", Breaking;

    // The types of events, placements and handlers.
    /// The type of an event, a placement or a handler has another name in Rust, or a type inside of it has.
    SENT_TYPE_RENAMED: "sent_type_renamed", Breaking;
    /// The variant of an event or a placement has another name in Rust.
    SENT_VARIANT_RENAMED: "sent_variant_renamed", Breaking;

    // How a method is called.
    /// Further pages are requested in another way.
    PAGINATION_CHANGED: "pagination_changed", Documentation, calls;
    /// The rows of a list are in another place of the result.
    ROWS_MOVED: "rows_moved", Documentation, calls;
    /// A list can be read by ascending identifier.
    KEYSET_ADDED: "keyset_added", Additive;
    /// A list cannot be read by ascending identifier any more: `by_id` fails.
    KEYSET_REMOVED: "keyset_removed", Breaking, calls;
    /// A list is read by another identifier or with other parameters.
    KEYSET_CHANGED: "keyset_changed", Documentation, calls;
    /// A method is known to only read, so that lost responses are retried.
    READ_ONLY_ADDED: "read_only_added", Additive, calls;
    /// A method may change data, so that lost responses are not retried.
    READ_ONLY_REMOVED: "read_only_removed", Documentation, calls;
    /// A method requires an application, or does not any more.
    CONTEXT_CHANGED: "context_changed", Documentation, calls;
    /// The rate limit of a method is another one.
    RATE_LIMIT_CHANGED: "rate_limit_changed", Documentation, calls;

    // What all methods share.
    /// A system error is new.
    SYSTEM_ERROR_ADDED: "system_error_added", Additive;
    /// A system error is gone.
    SYSTEM_ERROR_REMOVED: "system_error_removed", Breaking;
    /// The statuses of a system error are others, or what is known about whether the request ran.
    SYSTEM_ERROR_CHANGED: "system_error_changed", Documentation, calls;
    /// A limit of portals is newly documented, or a plan.
    LIMIT_ADDED: "limit_added", Additive;
    /// A limit of portals is gone, or a plan.
    LIMIT_REMOVED: "limit_removed", Breaking;
    /// A limit of portals is another one.
    LIMIT_CHANGED: "limit_changed", Documentation, calls;
}

/// The rules by severity.
pub(super) fn by_severity() -> BTreeMap<Severity, Vec<&'static Rule>> {
    let mut sorted: BTreeMap<Severity, Vec<&'static Rule>> = BTreeMap::new();
    for rule in RULES {
        sorted.entry(rule.severity).or_default().push(rule);
    }
    sorted
}
