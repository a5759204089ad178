//! What stays for callers although a documentation changed it: names in Rust and parameters, with those of the earlier spec left out.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use bitrix24_codegen::descriptor::{
    Api, Descriptor, FrozenMethod, FrozenModule, FrozenName, FrozenNames, FrozenType, Schema, Spec,
};

/// The entries of `names.yaml` that the earlier one does not have, a line for each name.
pub(super) fn names(old: &Spec, new: &Spec) -> Vec<String> {
    let lines = |spec: &Spec| spec.names.as_ref().map(|file| lines(&file.content)).unwrap_or_default();
    let known: BTreeSet<String> = lines(old).into_iter().collect();
    lines(new).into_iter().filter(|line| !known.contains(line)).collect()
}

fn lines(names: &FrozenNames) -> Vec<String> {
    let modules = names.modules.iter().flat_map(of_module);
    modules.chain(names.methods.iter().flat_map(of_method)).collect()
}

fn of_module(module: &FrozenModule) -> Vec<String> {
    let FrozenModule { module: words, name, aliases, .. } = module;
    of_name(words, "module", name.as_deref(), aliases)
}

fn of_method(frozen: &FrozenMethod) -> Vec<String> {
    let FrozenMethod { function, request, error, errors, params, types, .. } = frozen;
    let method = name(frozen.api, &frozen.method);
    let of_item = |what, item: &FrozenName| of_name(&method, what, item.name.as_deref(), &item.aliases);
    let mut lines = of_item("function", function);
    lines.extend(of_item("request", request));
    lines.extend(of_item("error", error));
    lines.extend(errors.iter().map(|error| {
        let of = error.message.as_deref().filter(|_| error.code.is_empty()).unwrap_or(&error.code);
        format!("{method}: error {of} stays `{}`", error.name)
    }));
    lines.extend(params.iter().map(|(wire, name)| format!("{method}: parameter {wire} stays `{name}`")));
    lines.extend(types.iter().flat_map(|of_type| of_frozen_type(&method, of_type)));
    lines
}

fn of_frozen_type(method: &str, frozen: &FrozenType) -> Vec<String> {
    let FrozenType { at, name, aliases, args, fields, values, .. } = frozen;
    let mut lines = of_name(method, &format!("type of {at}"), name.as_deref(), aliases);
    lines.extend(args.iter().map(|args| format!("{method}: constructor of {at} takes {}", args.join(", "))));
    lines.extend(fields.iter().map(|(wire, name)| format!("{method}: field {at}/{wire} stays `{name}`")));
    lines
        .extend(values.iter().map(|(value, name)| format!("{method}: value {value} of {at} stays `{name}`")));
    lines
}

fn of_name(subject: &str, what: &str, name: Option<&str>, aliases: &[String]) -> Vec<String> {
    let stays = name.map(|name| format!("{subject}: {what} stays `{name}`"));
    let aliases = aliases.iter().map(|alias| format!("{subject}: {what} has the deprecated alias `{alias}`"));
    stays.into_iter().chain(aliases).collect()
}

/// The parameters that the documents do not give like this, and did in the earlier spec: a line for each method and fate.
pub(super) fn parameters(old: &Spec, new: &Spec) -> Vec<String> {
    let key = |method: &Descriptor| (method.api, method.method.to_lowercase());
    let earlier: HashMap<(Api, String), &Descriptor> =
        old.methods.iter().map(|file| (key(&file.content), &file.content)).collect();
    let mut lines = Vec::new();
    for method in new.methods.iter().map(|file| &file.content) {
        let Some(known) = earlier.get(&key(method)) else { continue };
        let mut by_fate: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
        for place in method.frozen.iter().filter(|place| !known.frozen.contains(place)) {
            let fate = fate(at(&known.params, place), at(&method.params, place));
            by_fate.entry(fate).or_default().push(place);
        }
        let method = name(method.api, &method.method);
        let of_method =
            by_fate.into_iter().map(|(fate, places)| format!("{method}: {fate}: {}", places.join(", ")));
        lines.extend(of_method);
    }
    lines
}

/// What became of a frozen parameter.
fn fate(earlier: Option<&Schema>, now: Option<&Schema>) -> &'static str {
    let (Some(earlier), Some(now)) = (earlier, now) else { return "stays in its earlier form" };
    let has_type = |schema: &Schema| Schema { deprecated: false, ..schema.clone() };
    match has_type(earlier) == has_type(now) {
        true if now.deprecated && !earlier.deprecated => "no longer documented; stays, as deprecated",
        true if now.is_unknown() => "has a documented type now; stays JSON",
        true => "documented with another type; the earlier one stays",
        false => "documented with another type or fewer values; widened, so that both are accepted",
    }
}

/// The schema at a place: names of fields and `items`, with `/` between them.
fn at<'s>(params: &'s Schema, place: &str) -> Option<&'s Schema> {
    place.split('/').try_fold(params, |schema, name| match &schema.items {
        Some(items) if name == "items" => Some(items.as_ref()),
        _ => schema.properties.get(name),
    })
}

fn name(api: Api, method: &str) -> String {
    match api {
        Api::V2 => method.to_owned(),
        Api::V3 => format!("{method} (v3)"),
    }
}
