//! `accepts` says of a schema and a value what core does: read it as the Rust type that `lower` gives the schema, or refuse.

mod schemas;

use std::cell::RefCell;
use std::collections::{BTreeMap, HashMap};
use std::rc::Rc;

use bitrix24_codegen::descriptor::{
    AdditionalProperties, Descriptor, JsonType, Schema, Spec, SpecFile, SystemDescriptor,
};
use bitrix24_codegen::diagnostic::SourceText;
use bitrix24_codegen::lower::lower;
use bitrix24_codegen::model::{EnumValues, Field, Presence, RustName, TypeItem, TypeRef};
use bitrix24_codegen::schema::accepts;
use bitrix24_core::Map;
use bitrix24_core::wire::{
    DateTime, Decimal, Fields, FromFields, FromWire, FromWireError, JsonRef, Mismatch, Mismatches, OneOrMany,
    ScalarOr, decode_strict,
};
use proptest::prelude::*;
use schemas::values::{nearly_described, single_values};
use schemas::{schema, schema_with_shared_parts, simple};
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
    fn from_wire(json: JsonRef<'_>, mismatches: &mut Mismatches) -> Result<Self, FromWireError> {
        let part = PART.with_borrow(Clone::clone).expect("parts are read inside of a value");
        part.read(json, mismatches).map(|()| Self)
    }
}

/// A struct of a type that is known at run time only.
struct StructPart;

impl FromFields for StructPart {
    /// As generated code reads a struct: see `emit/structs.rs`.
    fn from_fields(fields: &mut Fields<'_>) -> Self {
        let part = PART.with_borrow(Clone::clone).expect("parts are read inside of a value");
        let TypeRef::Named(name) = &part.ty else { panic!("a struct has a name") };
        let Declared::Struct(known) = &part.declared[name] else { panic!("{name} is a struct") };
        for field in known {
            assert_eq!(field.presence, Presence::Optional, "a field of a result may always be absent");
            part.with_part(&field.ty, || fields.optional::<Part>(&field.wire));
        }
        Self
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

    /// Reads a value that must fit in all its parts.
    fn read_strictly(&self, value: Value) -> Result<(), Mismatch> {
        self.with_part(&self.ty, || decode_strict::<Part>(value).map(drop))
    }

    fn read(&self, value: JsonRef<'_>, mismatches: &mut Mismatches) -> Result<(), FromWireError> {
        match &self.ty {
            TypeRef::Nothing => read::<()>(value, mismatches),
            TypeRef::Bool | TypeRef::YesNo | TypeRef::ZeroOne => read::<bool>(value, mismatches),
            TypeRef::Integer => read::<i64>(value, mismatches),
            TypeRef::Number => read::<Decimal>(value, mismatches),
            TypeRef::Float => read::<f64>(value, mismatches),
            TypeRef::Text => read::<String>(value, mismatches),
            TypeRef::DateTime => read::<DateTime>(value, mismatches),
            TypeRef::Json => read::<Value>(value, mismatches),
            TypeRef::Object => read::<Map<String, Value>>(value, mismatches),
            TypeRef::List(items) => self.with_part(items, || read::<Vec<Part>>(value, mismatches)),
            TypeRef::OneOrMany(items) => self.with_part(items, || read::<OneOrMany<Part>>(value, mismatches)),
            TypeRef::ScalarOr(scalar, structured) => {
                let is_structured = value.is_array() || value.is_object();
                let part = if is_structured { structured } else { scalar };
                self.with_part(part, || read::<ScalarOr<Part, Part>>(value, mismatches))
            }
            TypeRef::Map(values) => {
                self.with_part(values, || read::<BTreeMap<String, Part>>(value, mismatches))
            }
            TypeRef::Nullable(part) => self.with_part(part, || read::<Option<Part>>(value, mismatches)),
            TypeRef::Named(name) => match &self.declared[name] {
                Declared::TextEnum => read::<String>(value, mismatches),
                Declared::IntegerEnum => read::<i64>(value, mismatches),
                Declared::Struct(_) => self.with_part(&self.ty, || read::<StructPart>(value, mismatches)),
            },
            TypeRef::External(path) => panic!("{path:?} is declared by another crate"),
        }
    }

    fn with_part<T>(&self, ty: &TypeRef, read: impl FnOnce() -> T) -> T {
        let part = Self { ty: ty.clone(), declared: Rc::clone(&self.declared) };
        let outer = PART.replace(Some(part));
        let read = read();
        PART.set(outer);
        read
    }
}

fn read<T: FromWire>(value: JsonRef<'_>, mismatches: &mut Mismatches) -> Result<(), FromWireError> {
    T::from_wire(value, mismatches).map(drop)
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

/// A schema of a scalar or a structure in its place, with a value of one of the two.
fn forms_and_value() -> impl Strategy<Value = (Schema, Value)> {
    let is = |schema: &Schema, wanted: &[JsonType]| {
        schema.types.single().is_some_and(|kind| wanted.contains(&kind)) && !schema.types.nullable()
    };
    let is_scalar = move |one: &Schema| {
        is(one, &[JsonType::Boolean, JsonType::Integer, JsonType::Number, JsonType::String])
    };
    let is_structure = move |one: &Schema| is(one, &[JsonType::Array, JsonType::Object]);
    let scalars: Vec<Schema> = simple().into_iter().filter(is_scalar).collect();
    let structures = schema().prop_filter("a structure", is_structure);
    (prop::sample::select(scalars), structures, any::<bool>()).prop_flat_map(
        |(scalar, structure, is_scalar)| {
            let structure = with_own_names(&structure, &mut 0);
            let value = nearly_described(if is_scalar { &scalar } else { &structure });
            (Just(Schema { one_of: vec![scalar, structure], ..Schema::default() }), value)
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 3000, ..ProptestConfig::default() })]

    #[test]
    fn a_value_of_two_forms_is_accepted_where_core_reads_the_form_that_it_has((schema, value) in forms_and_value()) {
        let read = Lowered::of(&schema).read_strictly(value.clone());
        prop_assert_eq!(accepts(&schema, &value), read.is_ok(), "{}: {:?}", value, read);
    }

    #[test]
    fn what_is_accepted_is_read_and_nothing_else((schema, value) in schema_and_value()) {
        let read = Lowered::of(&schema).read_strictly(value.clone());
        prop_assert_eq!(accepts(&schema, &value), read.is_ok(), "{}: {:?}", value, read);
    }
}

proptest! {
    #[test]
    fn the_digits_of_a_number_decide_whether_it_is_an_integer(
        number in "[+-]?(450359962737049[0-9]{1,3}|[0-9]{0,4})(\\.(0{0,5}|[0-9]{0,20}))?([eE][+-]?[0-9]{1,3})?"
    ) {
        for kind in [JsonType::Integer, JsonType::Number, JsonType::Boolean] {
            let schema = Schema::of(kind);
            let lowered = Lowered::of(&schema);
            for value in [Some(Value::from(&*number)), serde_json::from_str(&number).ok()].into_iter().flatten() {
                let read = lowered.read_strictly(value.clone());
                prop_assert_eq!(accepts(&schema, &value), read.is_ok(), "{}: {:?}", value, read);
            }
        }
    }
}

#[test]
fn a_single_value_is_accepted_in_each_form_that_core_reads() {
    for schema in simple() {
        let lowered = Lowered::of(&schema);
        for value in single_values() {
            let read = lowered.read_strictly(value.clone());
            assert_eq!(accepts(&schema, &value), read.is_ok(), "{value} as {schema:?}: {read:?}");
        }
    }
}
