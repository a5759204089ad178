//! What callers of the earlier spec rely on: the arguments of constructors, and the types of what they send.
//!
//! A page may drop an argument, change its spelling, or document another type. The argument stays, under the new spelling if only
//! case and separators differ. Its type is kept or widened by `schema/kept.rs`. Each such decision is reported. A patch that sets
//! the parameter is the decision of a maintainer and holds instead.

use std::cell::LazyCell;
use std::collections::{HashMap, HashSet};

use crate::descriptor::{Descriptor, Schema};
use crate::diagnostic::{Diagnostic, Topic};
use crate::extract::evidence::Leaf;
use crate::extract::ledger::Ledger;
use crate::extract::register::page::{FROZEN_ARGUMENTS, FROZEN_TYPE};
use crate::schema::kept::{Kept, keep};

/// What is decided on the parameters of one method.
pub(crate) struct Frozen<'a> {
    /// The descriptor of the earlier spec.
    pub(crate) earlier: &'a Descriptor,
    /// Whether a patch decides the type at a path of the descriptor.
    pub(crate) is_patched: &'a dyn Fn(&str) -> bool,
    pub(crate) ledger: &'a mut Ledger,
    pub(crate) diagnostics: &'a mut Vec<Diagnostic>,
    /// The parameters that were kept or widened.
    pub(crate) places: Vec<String>,
}

impl Frozen<'_> {
    /// Keeps the arguments and the types of a method.
    pub(crate) fn apply(mut self, descriptor: &mut Descriptor) {
        let known = self.earlier;
        self.respell(descriptor);
        let (method, root) = (descriptor.method.clone(), descriptor.params.clone());
        let kept: Vec<&str> = known.args.iter().map(String::as_str).collect();
        self.restore(&method, (&known.params, "params"), &mut descriptor.params, &kept);
        self.fields(&method, (&known.params, &known.params), (&mut descriptor.params, &root), "params");
        descriptor.frozen = self.places;
    }

    /// Keeps only the arguments that the documents list, in their order.
    pub(crate) fn thaw(mut self, descriptor: &mut Descriptor) {
        self.respell(descriptor);
        let Descriptor { args, params, .. } = descriptor;
        args.retain(|arg| params.properties.contains_key(arg));
    }

    /// Writes arguments as the page spells them now.
    fn respell(&mut self, descriptor: &mut Descriptor) {
        let Descriptor { args, params, .. } = descriptor;
        for index in 0..args.len() {
            let Some(arg) = args.get(index).filter(|arg| !params.properties.contains_key(*arg)) else {
                continue;
            };
            let now = params.properties.keys().find(|name| same_letters(name, arg) && !args.contains(name));
            if let (Some(now), Some(arg)) = (now.cloned(), args.get_mut(index)) {
                self.ledger.claim(&FROZEN_ARGUMENTS, 0, || Leaf::key("args"), &now);
                *arg = now;
            }
        }
    }

    /// Restores the fields of an object that its constructor takes and the documents no longer list, each behind the one that it
    /// was behind.
    fn restore(&mut self, method: &str, (earlier, at): (&Schema, &str), object: &mut Schema, taken: &[&str]) {
        let taken: HashSet<&str> = taken.iter().copied().collect();
        let mut known: HashSet<String> = object.properties.keys().map(|name| letters(name)).collect();
        for (index, (name, schema)) in earlier.properties.iter().enumerate() {
            if !taken.contains(name.as_str()) || !known.insert(letters(name)) {
                continue;
            }
            let before = earlier.properties.keys().take(index).rev();
            let place = before.filter_map(|known| object.properties.get_index_of(known)).next();
            let place = place.map_or(0, |place| place + 1);
            let schema = Schema { deprecated: true, ..schema.clone() };
            object.properties.shift_insert(place, name.clone(), schema);
            self.ledger.claim(&FROZEN_ARGUMENTS, 0, || Leaf::key("args"), name);
            let message = format!("{method} takes the argument {name}, which is no longer documented");
            let expected = "it stays, as deprecated; a patch of `args` removes it, which breaks callers";
            self.record(&format!("{at}/properties/{name}"), Topic::KeptArgument, message, expected);
        }
    }

    /// Keeps the types of the fields of an object.
    fn fields(
        &mut self,
        method: &str,
        (earlier, earlier_root): (&Schema, &Schema),
        (object, root): (&mut Schema, &Schema),
        at: &str,
    ) {
        let respelled = LazyCell::new(|| -> HashMap<String, &Schema> {
            earlier.properties.iter().rev().map(|(name, schema)| (letters(name), schema)).collect()
        });
        for (name, schema) in &mut object.properties {
            let known = earlier.properties.get(name);
            let Some(known) = known.or_else(|| respelled.get(&letters(name)).copied()) else { continue };
            let at = format!("{at}/properties/{name}");
            if !(self.is_patched)(&at) {
                self.value(method, (known, earlier_root), (schema, root), &at);
            }
        }
    }

    /// Keeps the type of a value.
    fn value(
        &mut self,
        method: &str,
        (earlier, earlier_root): (&Schema, &Schema),
        (schema, root): (&mut Schema, &Schema),
        at: &str,
    ) {
        let what = match keep((earlier, earlier_root), (schema, root)) {
            Kept::Same(same) => {
                if *schema != same {
                    // Values that the page no longer lists.
                    self.places.push(place_of(at));
                }
                *schema = same;
                return self.inside(method, (earlier, earlier_root), (schema, root), at);
            }
            // The documents take everything that callers send.
            Kept::Widened(widened) if widened == *schema => return,
            Kept::Widened(widened) => {
                *schema = widened;
                "widened"
            }
            Kept::Earlier => {
                *schema = earlier.clone();
                "kept"
            }
        };
        self.ledger.claim(&FROZEN_TYPE, 0, || Leaf::of_pointer(at), &*schema);
        let place = place_of(at);
        let message = format!("type of argument {what}: the documents give {place} of {method} another type");
        self.record(at, Topic::KeptType, message, &format!("a patch of `{at}`, if callers may break"));
    }

    /// Keeps the types inside of objects and lists.
    fn inside(
        &mut self,
        method: &str,
        (earlier, earlier_root): (&Schema, &Schema),
        (schema, root): (&mut Schema, &Schema),
        at: &str,
    ) {
        if let (Some(known), Some(items)) = (&earlier.items, &mut schema.items) {
            self.inside(method, (known, earlier_root), (items, root), &format!("{at}/items"));
        }
        if !schema.properties.is_empty() {
            let required: Vec<&str> = earlier.required.iter().map(String::as_str).collect();
            self.restore(method, (earlier, at), schema, &required);
            self.fields(method, (earlier, earlier_root), (schema, root), at);
        }
    }

    /// Records a parameter that the documents do not give like this. It is reported once.
    fn record(&mut self, at: &str, topic: Topic, message: String, expected: &str) {
        let place = place_of(at);
        if !self.earlier.frozen.contains(&place) {
            self.diagnostics.push(Diagnostic::warning(message).expecting(expected).about(topic));
        }
        self.places.push(place);
    }
}

/// The names on a path in the parameters, with `/` between them.
fn place_of(at: &str) -> String {
    at.trim_start_matches("params/properties/").replace("/properties/", "/")
}

/// Whether two names differ in case and separators only.
fn same_letters(one: &str, other: &str) -> bool {
    one == other || letters(one) == letters(other)
}

/// A name without case and separators.
fn letters(name: &str) -> String {
    name.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}
