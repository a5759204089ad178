//! The parameters of a method out of several documents: which there are is told by the newest, what is known of each by any.

use std::collections::HashSet;

use crate::descriptor::{AdditionalProperties, JsonType, Schema};
use crate::extract::evidence::Leaf;
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
        self.credit(by, "params");
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
            self.credit_front_matter(by, "params");
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
            self.credit(by, "params/anyOf");
        }
    }

    fn param(&mut self, listed_by: usize, param: &Param) -> Schema {
        let name = param.name.as_str();
        let key = |part: &str| format!("params/properties/{name}/{part}");
        self.report_other_type(name);
        let documented = |facts: &PageFacts| of(facts, name)?.documented.clone();
        let in_request = |facts: &PageFacts| of(facts, name)?.in_request.clone();
        let in_table = |facts: &PageFacts| of(facts, name)?.in_table.clone();
        let leaf = || Leaf::schema("params", [name], "type");
        let mut schema = match self.decide_leaf(leaf, &[&documented, &in_request, &in_table]) {
            Some((by, schema)) => {
                if by != listed_by {
                    self.credit(by, key("type"));
                }
                schema
            }
            None => {
                let expected = "a type in the table, or a value in the body of an example request";
                self.warn(listed_by, param.line, format!("the type of {name} is not known"), expected);
                Schema::default()
            }
        };
        let numeric = matches!(schema.types.single(), Some(JsonType::Integer | JsonType::Number));
        if let Some((by, (low, high))) =
            self.first(|facts| of(facts, name)?.range.clone()).filter(|_| numeric)
        {
            (schema.minimum, schema.maximum) = (Some(low), Some(high));
            if by != listed_by {
                self.credit(by, key("minimum"));
                self.credit(by, key("maximum"));
            }
        }
        schema
    }

    /// Reports an example that sends another type than is documented. A portal may read it all the same, so that the
    /// documented type stands.
    fn report_other_type(&mut self, name: &str) {
        let documented = self.first(|facts| of(facts, name)?.documented.clone());
        let in_request = self.first(|facts| {
            let param = of(facts, name)?;
            Some((param.in_request.clone()?, param.line))
        });
        let (Some((_, documented)), Some((by, (shown, line)))) = (documented, in_request) else { return };
        if !agree(&documented.value, &shown.value) {
            let message = format!("the example sends another type of {name} than is documented");
            self.warn(by, line, message, "the same type in both; the documented one was used");
        }
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
