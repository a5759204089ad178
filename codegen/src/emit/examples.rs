//! Examples of calls, in the documentation of the main methods of each module and as one program that compiles all of them.

mod needed;
mod values;

use proc_macro2::TokenStream;
use quote::{format_ident, quote};

use self::needed::Needed;
use super::{file, ident};
use crate::descriptor::{Api, Keyset, Pagination};
use crate::model::{
    Direction, EnumValues, Field, Library, Method, Module, ModulePath, Presence, RustName, StructItem,
    TypeItem, TypeRef,
};

/// How many optional values an example sets.
const MAX_SETTERS: usize = 3;

/// How deep the objects of an example are.
const MAX_DEPTH: usize = 2;

/// What an example shows.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// All rows of a list, with a filter.
    Rows,
    /// A call whose result is printed.
    Read,
    /// A call that sets values.
    Write,
    /// Calls in one request.
    Batch,
    /// Any other call, whose required values are all known.
    Other,
}

/// A method with the module in which its types are.
struct Context<'a> {
    library: &'a Library,
    module: &'a Module,
    /// The name of the module in paths of the example.
    name: TokenStream,
    /// Whether each text has a value that its words or its name give.
    is_exact: bool,
}

/// The lines of the example of a method, as a documentation test. Empty: it has none.
///
/// ```text
/// ```no_run
/// # async fn example(portal: bitrix24::Client) -> Result<(), Box<dyn std::error::Error>> {
/// use bitrix24::zoo::animal;
/// let request = animal::add("Forty chairs").legs(4);
/// let saved = portal.call(request).await?.result;
/// println!("{saved:?}");
/// # Ok(())
/// # }
/// ```
/// ```
pub(super) fn lines(library: &Library, path: &ModulePath, module: &Module, method: &Method) -> Vec<String> {
    let Some(body) = body(library, path, module, method) else { return Vec::new() };
    let mut lines = vec![
        "```no_run".to_owned(),
        "# async fn example(portal: bitrix24::Client) -> Result<(), Box<dyn std::error::Error>> {".to_owned(),
    ];
    lines.extend(file::statements(body));
    lines.extend(["# Ok(())", "# }", "```"].map(str::to_owned));
    lines
}

/// The file with all examples as functions: `tests/generated/examples.rs`.
pub(super) fn program(library: &Library) -> String {
    let mut items = vec![super::docs::inner(&["The examples of the documentation.".to_owned()])];
    for (path, module) in &library.modules {
        for method in &module.methods {
            let Some(body) = body(library, path, module, method) else { continue };
            let words: Vec<&str> = path.0.iter().chain([&method.function]).map(RustName::bare).collect();
            let name = format_ident!("{}", words.join("_"));
            items.push(quote! {
                pub(crate) async fn #name(portal: bitrix24::Client) -> Result<(), Box<dyn std::error::Error>> {
                    #body
                    Ok(())
                }
            });
        }
    }
    file::print(&["spec/"], items)
}

/// The statements of an example.
fn body(library: &Library, path: &ModulePath, module: &Module, method: &Method) -> Option<TokenStream> {
    let kind = kind(method)?;
    let (name, path) = (ident(path.0.last()?), path.0.iter().map(ident));
    let is_exact = kind == Kind::Other;
    let context = Context { library, module, name: quote! { #name }, is_exact };
    let import = quote! { use bitrix24::#(#path)::*; };
    let request = context.request(method, kind)?;
    Some(match kind {
        Kind::Rows => quote! {
            #import
            let request = #request;
            let rows = portal.rows(request).collect_all().await?;
            println!("{} rows", rows.len());
        },
        Kind::Read => quote! {
            #import
            let request = #request;
            let found = portal.call(request).await?.result;
            println!("{found:?}");
        },
        Kind::Write => quote! {
            #import
            let request = #request;
            let saved = portal.call(request).await?.result;
            println!("{saved:?}");
        },
        Kind::Other => quote! {
            #import
            let request = #request;
            let result = portal.call(request).await?.result;
            println!("{result:?}");
        },
        Kind::Batch => {
            let function = ident(&method.function);
            quote! {
                #import
                let mut batch = bitrix24::Batch::new();
                let [first, second] = [42, 43].map(|id| batch.add(#name::#function(id)));
                let response = portal.run(batch).await;
                let (first, second) = (response.get(first)?, response.get(second)?);
                println!("{:?}, {:?}", first.result, second.result);
            }
        }
    })
}

/// What the example of a method shows, by the last word of its name.
fn kind(method: &Method) -> Option<Kind> {
    if method.deprecated.is_some() || method.undocumented.is_some() {
        return None;
    }
    let word = method.wire.rsplit('.').next().unwrap_or_default().to_lowercase();
    let is_list =
        method.row.is_some() && !matches!(method.pagination, Pagination::None | Pagination::Unknown);
    let ids: Vec<&Field> =
        method.request.params.iter().filter(|param| param.presence == Presence::Required).collect();
    let by_id =
        matches!(ids.as_slice(), [id] if id.ty == TypeRef::Integer) && Needed::of(method).set.is_empty();
    match word.as_str() {
        "list" | "getlist" if is_list => Some(Kind::Rows),
        "get" | "list" | "getlist" => Some(Kind::Read),
        "add" | "update" => Some(Kind::Write),
        // A batch takes methods of REST 2 only.
        "delete" if by_id && method.api == Api::V2 => Some(Kind::Batch),
        _ => Some(Kind::Other),
    }
}

impl Context<'_> {
    /// The expression that builds a request.
    fn request(&self, method: &Method, kind: Kind) -> Option<TokenStream> {
        let (module, function) = (&self.name, ident(&method.function));
        let params = &method.request.params;
        let args: Vec<TokenStream> = self.arguments(params, 0)?;
        let needed = Needed::of(method);
        let mut setters: Vec<TokenStream> =
            needed.set.iter().map(|field| self.setter(field, 0)).collect::<Option<_>>()?;
        setters.extend(match kind {
            Kind::Rows => {
                method.keyset.as_ref().map(|keyset| list_setters(params, keyset)).unwrap_or_default()
            }
            Kind::Write => self.setters(params, 0, &needed.names),
            Kind::Other => self.values_setter(params).into_iter().collect(),
            Kind::Read | Kind::Batch => Vec::new(),
        });
        Some(quote! { #module::#function(#(#args),*) #(#setters)* })
    }

    /// The values of the required fields. `None`: one of them has no plausible value.
    fn arguments(&self, fields: &[Field], depth: usize) -> Option<Vec<TokenStream>> {
        let required = fields.iter().filter(|field| field.presence == Presence::Required);
        required.map(|field| self.value(field, &field.ty, depth)).collect()
    }

    /// The setters of the first optional fields with a plausible value, without those in `set`; objects and titles come first.
    fn setters(&self, fields: &[Field], depth: usize, set: &[&str]) -> Vec<TokenStream> {
        let is_set = |field: &Field| set.contains(&field.wire.as_str());
        let is_free = |field: &Field| field.presence == Presence::Optional && !is_set(field);
        let mut optional: Vec<&Field> =
            fields.iter().filter(|field| is_free(field) && is_shown(field)).collect();
        optional.sort_by_key(|field| match &field.ty {
            TypeRef::Named(_) if self.object(&field.ty).is_some() => 0,
            _ if is_title(&field.wire) => 1,
            TypeRef::Text | TypeRef::Number => 2,
            _ => 3,
        });
        optional.into_iter().filter_map(|field| self.setter(field, depth)).take(MAX_SETTERS).collect()
    }

    /// The setter of the optional object of values that calls such as `send` take.
    fn values_setter(&self, params: &[Field]) -> Option<TokenStream> {
        let is_optional = |param: &&Field| param.presence == Presence::Optional;
        let fields =
            params.iter().filter(is_optional).find(|param| param.wire.eq_ignore_ascii_case("fields"))?;
        self.setter(fields, 0)
    }

    fn setter(&self, field: &Field, depth: usize) -> Option<TokenStream> {
        let (name, value) = (ident(&field.name), self.value(field, &field.ty, depth)?);
        Some(quote! { .#name(#value) })
    }

    /// A plausible value. `None`: there is none for this type.
    fn value(&self, field: &Field, ty: &TypeRef, depth: usize) -> Option<TokenStream> {
        Some(match ty {
            TypeRef::Bool | TypeRef::YesNo => quote! { true },
            TypeRef::Integer => super::enums::integer(values::integer(field)),
            TypeRef::Number => {
                let number = proc_macro2::Literal::f64_unsuffixed(values::number(field));
                quote! { #number }
            }
            TypeRef::Text => {
                let text = values::text(field, self.is_exact)?;
                quote! { #text }
            }
            TypeRef::DateTime => {
                let time = values::time(field);
                quote! { #time }
            }
            TypeRef::List(items) if **items == TypeRef::DateTime => return None,
            TypeRef::List(items) if **items == TypeRef::Integer && field.docs.values.is_empty() => {
                quote! { [42, 43] }
            }
            TypeRef::List(items) if **items == TypeRef::Text && values::all_from_words(field).len() > 1 => {
                let texts = values::all_from_words(field);
                quote! { [#(#texts),*] }
            }
            TypeRef::List(items) => {
                let item = self.value(field, items, depth)?;
                quote! { [#item] }
            }
            TypeRef::Named(name) => {
                let (module, path) = (&self.name, ident(name));
                match self.find(name)? {
                    TypeItem::Struct(item) => return self.new_object(item, depth),
                    TypeItem::Enum(item) => {
                        let first = match &item.values {
                            EnumValues::Texts(values) => values.first().map(|(name, _)| name),
                            EnumValues::Integers(values) => values.first().map(|(name, _)| name),
                        };
                        let first = ident(first?);
                        quote! { #module::#path::#first }
                    }
                }
            }
            _ => return None,
        })
    }

    /// An object of a request with its required fields, and some others.
    fn new_object(&self, item: &StructItem, depth: usize) -> Option<TokenStream> {
        let has_setter_new = item.fields.iter().any(|field| field.name.as_str() == "new");
        if item.direction != Direction::Request || has_setter_new || depth >= MAX_DEPTH {
            return None;
        }
        let (module, name) = (&self.name, ident(&item.name));
        let args = self.arguments(&item.fields, depth + 1)?;
        let setters = self.setters(&item.fields, depth + 1, &[]);
        (!args.is_empty() || !setters.is_empty())
            .then(|| quote! { #module::#name::new(#(#args),*) #(#setters)* })
    }

    /// The object of a request that a type is.
    fn object(&self, ty: &TypeRef) -> Option<&StructItem> {
        match self.find(ty.named()?)? {
            TypeItem::Struct(item) if item.direction == Direction::Request => Some(item),
            _ => None,
        }
    }

    fn find(&self, name: &RustName) -> Option<&TypeItem> {
        let own = self.module.methods.iter().flat_map(|method| &method.types).chain(&self.module.types);
        own.into_iter().find(|item| item.name() == name).or_else(|| {
            let import = self.module.imports.iter().find(|import| import.name == *name)?;
            let declaring = self.library.modules.get(&import.module)?;
            declaring.types.iter().find(|item| item.name() == name)
        })
    }
}

/// The filter and the order of a list by its identifier.
fn list_setters(params: &[Field], keyset: &Keyset) -> Vec<TokenStream> {
    let is_object = |name: &str| {
        let param = params.iter().find(|param| param.wire.eq_ignore_ascii_case(name));
        param.filter(|param| param.ty == TypeRef::Object && param.presence == Presence::Optional)
    };
    let filter = is_object(&keyset.filter).map(|param| {
        let (name, condition) = (ident(&param.name), format!(">{}", keyset.id));
        quote! { .#name([(#condition, 100)]) }
    });
    filter.into_iter().collect()
}

/// Whether an optional value is worth showing: its name says which values it has, or its words do.
fn is_shown(field: &Field) -> bool {
    let name = field.wire.to_lowercase();
    let has = |words: &[&str]| words.iter().any(|word| name.contains(word));
    let is_known = match &field.ty {
        TypeRef::Text => values::text(field, true).is_some(),
        TypeRef::Number => has(&["price", "amount", "opportunity", "sum", "quantity"]),
        TypeRef::Integer => has(&["sort", "quantity", "assigned", "responsible", "user"]),
        TypeRef::Named(_) => true,
        _ => false,
    };
    is_known
        && !field.docs.deprecated
        && name != "scope"
        && !has(&[
            "xml",
            "guid",
            "origin",
            "utm",
            "class",
            "discount",
            "user_type",
            "usertype",
            "site_id",
            "siteid",
        ])
        && !needed::is_conditional(field)
}

fn is_title(name: &str) -> bool {
    ["title", "name", "subject"].iter().any(|word| name.eq_ignore_ascii_case(word))
}
