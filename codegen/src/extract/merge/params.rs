//! The parameters of a method out of several documents: which there are is told by the newest, what is known of each by any.

use std::collections::HashSet;

use crate::descriptor::{AdditionalProperties, JsonType, Schema};
use crate::extract::facts::PageFacts;
use crate::extract::merge::Merge;
use crate::extract::rules::params::param::Param;
use crate::extract::rules::params::param::Params;
use crate::schema::join::agree;

impl Merge<'_> {
    /// Names, order and marks come from the newest document that lists parameters.
    pub(super) fn params(&mut self) {
        self.front_matter_params();
        let listed = self.pages.iter().enumerate().find_map(|(by, told)| Some((by, told.params.as_ref()?)));
        let Some((by, listed)) = listed else {
            if self.descriptor.params == Schema::any_object() {
                self.warn(
                    0,
                    1,
                    "the parameters of this method are not known",
                    "a table of parameters, or \"No parameters\"",
                );
                self.descriptor.required_unknown = true;
            }
            return;
        };
        let mut params = Schema::any_object();
        self.page_gave(by, "params");
        self.any_of(by, listed, &mut params);
        let alternatives: HashSet<&str> =
            params.any_of.iter().flat_map(|set| &set.required).map(String::as_str).collect();
        let required = listed
            .list
            .values()
            .filter(|param| param.required && !alternatives.contains(param.name.as_str()));
        params.required = required.map(|param| param.name.clone()).collect();
        for param in listed.list.values() {
            let schema = self.param(by, param);
            params.properties.insert(param.name.clone(), schema);
        }
        if listed.open {
            params.additional = Some(AdditionalProperties::Allowed(true));
        }
        self.report_dropped(by, &params);
        self.descriptor.required_unknown = listed.required_unknown && !listed.list.is_empty();
        self.descriptor.params = params;
    }

    /// Front-matter is a last resort.
    fn front_matter_params(&mut self) {
        let stated = |page: &PageFacts| {
            let front_matter = page.front_matter.as_ref()?;
            Some((front_matter.params.clone()?, front_matter.line("params")))
        };
        let Some((by, (schema, line))) = self.first(stated) else {
            return;
        };
        let known = self.pages.iter().any(|page| page.params.is_some());
        if schema.properties.is_empty() {
            self.warn(
                by,
                line,
                "`params` in the front-matter says nothing",
                "the properties of the parameters; it was not used",
            );
        } else if !known {
            self.descriptor.params = schema;
            self.front_matter_gave(by, "params");
        }
    }

    fn any_of(&mut self, listed_by: usize, listed: &Params, params: &mut Schema) {
        let sets = |told: &PageFacts| {
            let (sets, _) = told.params.as_ref()?.any_of.clone()?;
            sets.iter().flatten().all(|name| listed.list.contains_key(name)).then_some(sets)
        };
        let Some((by, sets)) = self.first(sets) else {
            return;
        };
        params.any_of = sets.into_iter().map(|set| Schema { required: set, ..Schema::default() }).collect();
        if by != listed_by {
            self.page_gave(by, "params/anyOf");
        }
    }

    fn param(&mut self, listed_by: usize, param: &Param) -> Schema {
        let key = |part: &str| format!("params/properties/{}/{part}", param.name);
        let documented = self.first(|told| of(told, &param.name)?.documented.clone());
        let in_request = self.first(|told| known(&of(told, &param.name)?.in_request));
        let in_table = self.first(|told| known(&of(told, &param.name)?.in_table));
        if let (Some((_, told)), Some((by, shown))) = (&documented, &in_request)
            && !agree(told, shown)
        {
            let message = format!("the example sends another type of {} than is documented", param.name);
            let line =
                self.pages.get(*by).and_then(|told| of(told, &param.name)).map_or(1, |param| param.line);
            self.warn(*by, line, message, "the same type in both; the documented one was used");
        }
        let mut schema = match documented.or(in_request).or(in_table) {
            Some((by, schema)) => {
                if by != listed_by {
                    self.page_gave(by, key("type"));
                }
                schema
            }
            None => {
                let message = format!("the type of {} is not known", param.name);
                self.warn(
                    listed_by,
                    param.line,
                    message,
                    "a type in the table, or a value in the body of an example request",
                );
                Schema::default()
            }
        };
        let numeric = matches!(schema.types.single(), Some(JsonType::Integer | JsonType::Number));
        if let Some((by, (low, high))) =
            self.first(|told| of(told, &param.name)?.range.clone()).filter(|_| numeric)
        {
            (schema.minimum, schema.maximum) = (Some(low), Some(high));
            if by != listed_by {
                self.page_gave(by, key("minimum"));
                self.page_gave(by, key("maximum"));
            }
        }
        schema
    }

    /// A parameter that only an older document lists is gone.
    fn report_dropped(&mut self, listed_by: usize, params: &Schema) {
        let mut gone = Vec::new();
        for (by, told) in self.pages.iter().enumerate().skip(listed_by + 1) {
            let list = told.params.iter().flat_map(|params| params.list.values());
            let dropped = list.filter(|param| !params.properties.contains_key(&param.name));
            gone.extend(dropped.map(|param| (by, param.line, param.name.clone())));
        }
        for (by, line, name) in gone {
            self.warn(
                by,
                line,
                format!("{name} is no longer a parameter in the newer documentation"),
                "it was left out",
            );
        }
    }
}

/// What a document says of a parameter.
fn of<'a>(page: &'a PageFacts, name: &str) -> Option<&'a Param> {
    page.params.as_ref()?.list.get(name)
}

fn known(schema: &Schema) -> Option<Schema> {
    Some(schema.clone()).filter(|schema| !schema.is_unknown())
}
