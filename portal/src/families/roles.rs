//! What a method does, by the last word of its name and its parameters.

use super::fold;
use crate::spec::{JsonType, Method, Schema};

/// What a method does with rows.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) enum Role {
    /// Adds a row.
    Add,
    /// Returns one row.
    Get,
    /// Returns rows.
    List,
    /// Changes a row.
    Update,
    /// Removes rows.
    Delete,
    /// Describes the fields.
    #[default]
    Fields,
    /// Replaces all rows of an owner by those in a parameter.
    Replace(String),
    /// Sets values that have no identifier, such as options.
    Put,
    /// Adds a copy of a row.
    Copy,
    /// Returns the identifiers of rows of other families.
    Find,
    /// Has no row of its own: facts say what it returns and does.
    Show,
}

/// The names of the parameters of a list.
#[derive(Clone, Debug, Default)]
pub(crate) struct ListParams {
    pub(crate) filter: Option<String>,
    pub(crate) order: Option<String>,
    /// The direction, if `order` is the name of a field.
    pub(crate) direction: Option<String>,
    pub(crate) select: Option<String>,
    /// The order without one in a request: fields, folded, and whether each is descending.
    pub(crate) default_order: Vec<(String, bool)>,
    /// Parameters that are conditions: fields of rows.
    pub(crate) conditions: Vec<String>,
    /// The parameter with all of them, if they are inside one.
    pub(crate) container: Option<String>,
}

impl Role {
    /// The role by a word of `facts.json`.
    pub(super) fn named(word: &str) -> Option<Self> {
        Some(match word {
            "add" => Self::Add,
            "get" => Self::Get,
            "list" => Self::List,
            "update" => Self::Update,
            "delete" => Self::Delete,
            "fields" => Self::Fields,
            "put" => Self::Put,
            "copy" => Self::Copy,
            "find" => Self::Find,
            "show" => Self::Show,
            _ => return None,
        })
    }

    /// The word for the role.
    pub(crate) fn verb(&self) -> &'static str {
        match self {
            Self::Add => "adds",
            Self::Get => "gets",
            Self::List => "lists",
            Self::Update => "updates",
            Self::Delete => "deletes",
            Self::Fields => "describes fields",
            Self::Replace(_) => "replaces",
            Self::Put => "sets",
            Self::Copy => "copies",
            Self::Find => "finds",
            Self::Show => "shows",
        }
    }

    /// The role of a method. `None`: it works on no rows of its own.
    pub(crate) fn of(method: &Method) -> Option<Self> {
        Some(match method.verb().as_str() {
            "add" | "register" | "create" => Self::Add,
            "get" | "getbyid" if method.rows.is_some() => Self::List,
            "get" | "getbyid" => Self::Get,
            "list" | "getlist" | "tail" if method.rows.is_some() => Self::List,
            "update" | "edit" => Self::Update,
            "delete" | "deletebyfilter" | "remove" | "unregister" | "unset" | "reset" => Self::Delete,
            "fields" | "getfields" => Self::Fields,
            verb if verb.starts_with("getfieldsby") => Self::Fields,
            "set" => list_of_rows(method).map_or(Self::Put, Self::Replace),
            _ => return None,
        })
    }

    /// Whether the method changes rows.
    pub(crate) fn writes(&self) -> bool {
        matches!(self, Self::Add | Self::Replace(_) | Self::Put)
    }

    /// Whether the method changes rows, or adds or removes some.
    pub(crate) fn changes(&self) -> bool {
        !matches!(self, Self::Get | Self::List | Self::Fields | Self::Find | Self::Show)
    }

    /// Whether the method shows rows.
    pub(crate) fn reads(&self) -> bool {
        matches!(self, Self::Get | Self::List | Self::Find | Self::Show)
    }
}

/// The parameter with a list of objects.
fn list_of_rows(method: &Method) -> Option<String> {
    let is_rows = |schema: &Schema| {
        schema.single() == Some(JsonType::Array)
            && schema.items.as_ref().is_some_and(|item| item.is_object() && !item.properties.is_empty())
    };
    let found = method.params.properties.iter().find(|(_, schema)| is_rows(schema));
    found.map(|(name, _)| name.clone())
}

/// The parameters of a list.
pub(super) fn list_params(method: &Method, fields: &[String], partition: &[String]) -> ListParams {
    let has_filter = method.params.properties.keys().any(|name| fold(name) == "filter");
    let container = method.params.properties.iter().find(|(_, schema)| {
        // A cursor has an order too.
        !has_filter && schema.properties.keys().any(|name| matches!(fold(name).as_str(), "filter" | "order"))
    });
    let params = container.map_or(&method.params.properties, |(_, schema)| &schema.properties);
    let named = |names: &[&str]| {
        let found = params.keys().find(|name| names.iter().any(|wanted| wanted.eq_ignore_ascii_case(name)));
        found.cloned()
    };
    let keyset = method.keyset.as_ref();
    let filter = keyset.and_then(|keyset| keyset.filter.clone()).or_else(|| named(&["filter"]));
    let order = keyset.and_then(|keyset| keyset.order.clone()).or_else(|| {
        let sort = named(&["sort"]).filter(|_| named(&["order"]).is_some());
        sort.or_else(|| named(&["order", "sort"]))
    });
    let is_field_name = order.as_ref().is_some_and(|order| {
        order.eq_ignore_ascii_case("sort") && params.get(order).is_some_and(Schema::is_scalar)
    });
    let direction = keyset
        .and_then(|keyset| keyset.direction.clone())
        .or_else(|| named(&["order"]).filter(|_| is_field_name));
    let select = named(&["select"]);
    let used = [&filter, &order, &direction, &select];
    let is_condition = |name: &&String| {
        let folded = fold(name);
        fields.contains(&folded)
            && !partition.contains(&folded)
            && !used.iter().any(|used| used.as_ref() == Some(*name))
            && !matches!(folded.as_str(), "start" | "limit" | "offset" | "page" | "sort" | "order")
    };
    let scalars = params.iter().filter(|(_, schema)| schema.is_scalar()).map(|(name, _)| name);
    let conditions = scalars.filter(is_condition).cloned().collect();
    let container = container.map(|(name, _)| name.clone());
    ListParams { filter, order, direction, select, conditions, container, ..ListParams::default() }
}
