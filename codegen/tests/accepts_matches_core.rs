//! `accepts` says of a schema and a value what core does: read it as the Rust type that `lower` gives the schema, or refuse.

mod schemas;

use std::cell::RefCell;
use std::collections::{BTreeMap, HashMap};
use std::rc::Rc;

use bitrix24_codegen::descriptor::{
    AdditionalProperties, Descriptor, Schema, Spec, SpecFile, SystemDescriptor,
};
use bitrix24_codegen::diagnostic::SourceText;
use bitrix24_codegen::lower::lower;
use bitrix24_codegen::model::{EnumValues, Field, Presence, RustName, TypeItem, TypeRef};
use bitrix24_codegen::schema::accepts;
use bitrix24_core::Map;
use bitrix24_core::wire::{DateTime, Fields, FromWire, Mismatch, YesNo};
use proptest::prelude::*;
use schemas::values::{nearly_described, single_values};
use schemas::{schema_with_shared_parts, simple};
use serde_json::Value;

/// A type that was generated for a result.
enum Declared {
    Struct(Vec<Field>),
    TextEnum,
    IntegerEnum,
}

/// The type of a result, and the generated types in it.
#[derive(Clone)]
struct Lowered {
    ty: TypeRef,
    declared: Rc<HashMap<RustName, Declared>>,
}

thread_local! {
    /// The type that a [`Part`] stands for at the moment.
    static PART: RefCell<Option<Lowered>> = const { RefCell::new(None) };
}

/// A part of a value, of a type that is known at run time only: core's lists, maps and options read it like any other.
struct Part;

impl FromWire for Part {
    fn from_wire(value: Value) -> Result<Self, Mismatch> {
        let part = PART.with_borrow(Clone::clone).expect("parts are read inside of a value");
        part.read(value).map(|()| Self)
    }
}

impl Lowered {
    /// What `lower` makes of a result.
    fn of(schema: &Schema) -> Self {
        let returns = serde_yaml::to_value(schema).unwrap();
        let yaml =
            serde_yaml::to_value(BTreeMap::from([("method", serde_yaml::Value::from("zoo.animal.get"))]));
        let mut yaml = yaml.unwrap();
        yaml["returns"] = returns;
        let method: Descriptor = serde_yaml::from_value(yaml).unwrap();
        let source = || SourceText::new("a.yaml", "");
        let system = SpecFile::new(source(), SystemDescriptor::default());
        let spec =
            Spec { methods: vec![SpecFile::new(source(), method)], system: Some(system), ..Spec::default() };
        let library = lower(&spec).unwrap_or_else(|problems| panic!("{problems:#?}"));
        let module = library.modules.values().next().unwrap();
        let method = &module.methods[0];
        let declared = library.types(module, method).map(|item| (item.name().clone(), declared(item)));
        Self { ty: method.output.clone(), declared: Rc::new(declared.collect()) }
    }

    fn read(&self, value: Value) -> Result<(), Mismatch> {
        match &self.ty {
            TypeRef::Nothing => <()>::from_wire(value),
            TypeRef::Bool => bool::from_wire(value).map(drop),
            TypeRef::YesNo => YesNo::from_wire(value).map(drop),
            TypeRef::Integer => i64::from_wire(value).map(drop),
            TypeRef::Number => f64::from_wire(value).map(drop),
            TypeRef::Text => String::from_wire(value).map(drop),
            TypeRef::DateTime => DateTime::from_wire(value).map(drop),
            TypeRef::Json => Value::from_wire(value).map(drop),
            TypeRef::Object => Map::<String, Value>::from_wire(value).map(drop),
            TypeRef::List(items) => self.with_parts(items, || Vec::<Part>::from_wire(value).map(drop)),
            TypeRef::Map(values) => {
                self.with_parts(values, || BTreeMap::<String, Part>::from_wire(value).map(drop))
            }
            TypeRef::Nullable(part) => self.with_parts(part, || Option::<Part>::from_wire(value).map(drop)),
            TypeRef::Named(name) => match &self.declared[name] {
                Declared::TextEnum => String::from_wire(value).map(drop),
                Declared::IntegerEnum => i64::from_wire(value).map(drop),
                Declared::Struct(fields) => self.read_fields(fields, value),
            },
        }
    }

    /// As generated code reads a struct: see `emit/structs.rs`.
    fn read_fields(&self, fields: &[Field], value: Value) -> Result<(), Mismatch> {
        let mut given = Fields::new(value)?;
        for field in fields {
            self.with_parts(&field.ty, || match field.presence {
                Presence::Required => given.required::<Part>(&field.wire).map(drop),
                Presence::Optional => {
                    given.optional::<Part>(&field.wire);
                    Ok(())
                }
            })?;
        }
        given.finish(())
    }

    fn with_parts<T>(&self, ty: &TypeRef, read: impl FnOnce() -> T) -> T {
        let part = Self { ty: ty.clone(), declared: Rc::clone(&self.declared) };
        let outer = PART.replace(Some(part));
        let read = read();
        PART.set(outer);
        read
    }
}

fn declared(item: &TypeItem) -> Declared {
    match item {
        TypeItem::Struct(item) => Declared::Struct(item.fields.clone()),
        TypeItem::Enum(item) => match item.values {
            EnumValues::Texts(_) => Declared::TextEnum,
            EnumValues::Integers(_) => Declared::IntegerEnum,
        },
    }
}

/// The same schema with a name of its own for each field: objects that share names would become one type, which reads what
/// either does.
fn with_own_names(schema: &Schema, count: &mut usize) -> Schema {
    let mut own = schema.clone();
    own.properties.clear();
    own.required.clear();
    for (name, field) in &schema.properties {
        *count += 1;
        let renamed = format!("{name}{count}");
        own.required.extend(schema.required.contains(name).then(|| renamed.clone()));
        own.properties.insert(renamed, with_own_names(field, count));
    }
    own.items = schema.items.as_ref().map(|items| Box::new(with_own_names(items, count)));
    if let Some(AdditionalProperties::Of(values)) = &schema.additional {
        own.additional = Some(AdditionalProperties::Of(Box::new(with_own_names(values, count))));
    }
    for shared in own.defs.values_mut() {
        *shared = with_own_names(shared, count);
    }
    own
}

fn schema_and_value() -> impl Strategy<Value = (Schema, Value)> {
    schema_with_shared_parts().prop_flat_map(|schema| {
        let schema = with_own_names(&schema, &mut 0);
        let value = nearly_described(&schema);
        (Just(schema), value)
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 3000, ..ProptestConfig::default() })]

    #[test]
    fn what_is_accepted_is_read_and_nothing_else((schema, value) in schema_and_value()) {
        let read = Lowered::of(&schema).read(value.clone());
        prop_assert_eq!(accepts(&schema, &value), read.is_ok(), "{}: {:?}", value, read);
    }
}

#[test]
fn a_single_value_is_accepted_in_each_form_that_core_reads() {
    for schema in simple() {
        let lowered = Lowered::of(&schema);
        for value in single_values() {
            let read = lowered.read(value.clone());
            assert_eq!(accepts(&schema, &value), read.is_ok(), "{value} as {schema:?}: {read:?}");
        }
    }
}
