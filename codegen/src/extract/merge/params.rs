//! Merges the parameters of several documents: the newest one that lists parameters decides on the names, and every document
//! may complete what is known of each.

use std::collections::HashSet;

use serde_json::Number;

use crate::descriptor::{AdditionalProperties, JsonType, Schema};
use crate::extract::evidence::{Evidence, Leaf};
use crate::extract::facts::PageFacts;
use crate::extract::merge::Merge;
use crate::extract::register::params::{
    COMPLETED_BY_OLDER_DOCUMENT, FRONT_MATTER_PARAMETERS, NEWEST_PARAMETER_TABLE, REQUEST_SENDS_ANOTHER_TYPE,
};
use crate::extract::resolve::resolve;
use crate::extract::rules::params::param::{Param, Params};
use crate::schema::join::agree;

impl Merge<'_> {
    /// Names, order and marks come from the newest document that lists parameters.
    pub(super) fn params(&mut self) {
        self.front_matter_params();
        let mut listing =
            self.pages.iter().enumerate().filter_map(|(by, facts)| Some((by, facts.params.as_ref()?)));
        let Some((by, listed)) = listing.next() else {
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
        if listing.next().is_some() {
            self.ledger.fire(&NEWEST_PARAMETER_TABLE);
        }
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

    /// Front-matter counts only where no page gives the parameters.
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
                "`params` in the front-matter has no properties",
                "the properties of the parameters; it was not used",
            );
        } else if !known {
            let evidence = |page: &PageFacts| {
                let (schema, line) = stated(page)?;
                Some(Evidence::new(&FRONT_MATTER_PARAMETERS, schema, line))
            };
            self.decide_leaf(|| Leaf::schema("params", [], "type"), &[&evidence]);
            self.descriptor.params = schema;
            self.credit_front_matter(by, "params");
        }
    }

    fn any_of(&mut self, listed_by: usize, listed: &Params, params: &mut Schema) {
        let sets = |facts: &PageFacts| {
            let any_of = facts.params.as_ref()?.any_of.clone()?;
            any_of.value.iter().flatten().all(|name| listed.list.contains_key(name)).then_some(any_of)
        };
        let leaf = || Leaf::schema("params", [], "anyOf");
        let Some((by, sets)) = self.decide_leaf(leaf, &[&sets]) else {
            return;
        };
        params.any_of = sets.into_iter().map(|set| Schema { required: set, ..Schema::default() }).collect();
        self.complete(listed_by, by, &["params/anyOf".to_owned()]);
    }

    /// Records that an older document than the one that lists the parameters decided some keys.
    fn complete(&mut self, listed_by: usize, by: usize, keys: &[String]) {
        if by == listed_by {
            return;
        }
        self.ledger.fire(&COMPLETED_BY_OLDER_DOCUMENT);
        keys.iter().for_each(|key| self.credit(by, key));
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
                self.complete(listed_by, by, &[key("type")]);
                schema
            }
            None => {
                let expected = "a type in the table, or a value in the body of an example request";
                self.warn(listed_by, param.line, format!("the type of {name} is not known"), expected);
                Schema::default()
            }
        };
        self.range(listed_by, name, &mut schema);
        schema
    }

    /// Adds the range of a number, which a page may give without its type.
    fn range(&mut self, listed_by: usize, name: &str, schema: &mut Schema) {
        let range = |facts: &PageFacts| of(facts, name)?.range.clone();
        let numeric = schema.values.is_empty()
            && matches!(schema.types.single(), Some(JsonType::Integer | JsonType::Number));
        let Some((by, found)) = self.first(range).filter(|_| numeric) else { return };
        let (low, high) = found.value;
        let bounds = [("minimum", &mut schema.minimum, low), ("maximum", &mut schema.maximum, high)];
        for (keyword, bound, value) in bounds {
            if bound.as_ref() != Some(&value) {
                let claim = Evidence::new(found.rule, &value, found.line);
                self.record(by, || Leaf::schema("params", [name], keyword), claim);
            }
            *bound = Some(value);
        }
        let key = |keyword: &str| format!("params/properties/{name}/{keyword}");
        self.complete(listed_by, by, &[key("minimum"), key("maximum")]);
    }

    /// Records evidence in a document that nothing competes with.
    fn record(&mut self, by: usize, leaf: impl Fn() -> Leaf, found: Evidence<&Number>) {
        let file = |_| self.pages.get(by).map(|facts| facts.source.path.clone()).unwrap_or_default();
        let evidence = [found];
        self.ledger.decided_in(&evidence, &resolve(&evidence, |_| true), leaf, file);
    }

    /// Reports an example request that sends another type than is documented. A portal may read it all the same, so the
    /// documented type counts.
    fn report_other_type(&mut self, name: &str) {
        let pages = self.pages;
        let documented = pages.iter().find_map(|facts| of(facts, name)?.documented.as_ref());
        let in_request = pages.iter().enumerate().find_map(|(by, facts)| {
            let param = of(facts, name)?;
            Some((by, param.in_request.as_ref()?, param.line))
        });
        let (Some(documented), Some((by, shown, line))) = (documented, in_request) else { return };
        if !agree(&documented.value, &shown.value) {
            self.ledger.fire(&REQUEST_SENDS_ANOTHER_TYPE);
            let message = format!("the example sends another type of {name} than is documented");
            self.contradiction(by, line, message, "the same type in both; the documented one was used");
        }
    }

    /// Reports parameters that only an older document lists. They are left out.
    fn report_dropped(&mut self, listed_by: usize, params: &Schema) {
        let mut gone = Vec::new();
        for (by, facts) in self.pages.iter().enumerate().skip(listed_by + 1) {
            let list = facts.params.iter().flat_map(|params| params.list.values());
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

/// A parameter in a document.
fn of<'a>(page: &'a PageFacts, name: &str) -> Option<&'a Param> {
    page.params.as_ref()?.list.get(name)
}
