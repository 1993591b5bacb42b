//! A route: the function as it was written, and beside it a module of the same name that holds the rest.

use proc_macro2::{Delimiter, Group, Ident, Span, TokenStream};
use quote::quote;
use syn::ext::IdentExt;
use syn::{Attribute, Signature, Token};

use crate::expand::types::{ArgumentTypes, Types};
use crate::expand::{assert, client, fallback, handle};
use crate::model::{Function, Hold, Role, Route};
use crate::{doc, names};

/// Whether the route is whole. A broken one keeps its names, so that only the true mistake is red.
#[derive(Clone, Copy, PartialEq)]
pub(crate) enum State {
    Whole,
    Broken,
}

/// See `golden/get_user.rs`.
pub(crate) fn endpoint(route: &Route, state: State) -> TokenStream {
    let function = function(&route.function);
    // A method stands in an `impl`, where no module can.
    let is_method = route.function.signature.receiver().is_some();
    let module = (!is_method).then(|| module(route, state));
    quote!(#function #module)
}

fn function(function: &Function) -> TokenStream {
    let Function { attributes, visibility, signature, body, .. } = function;
    // The signature is a contract; how its types are passed is no question of style.
    quote! {
        #[allow(
            clippy::needless_pass_by_value, clippy::unused_async, clippy::trivially_copy_pass_by_ref,
            clippy::too_many_arguments, clippy::ref_option
        )]
        #(#attributes)*
        #visibility #signature #body
    }
}

fn module(route: &Route, state: State) -> TokenStream {
    let private = names::near();
    let types = Types::of(route);
    let Function { attributes, visibility, signature, .. } = &route.function;
    let answer = &types.answer;
    let handle = match state {
        State::Whole => handle::handle(route, &types),
        State::Broken => fallback::handle(),
    };
    let type_module = types.module();
    let beside = types.beside_the_handler();
    let conditions: Vec<&Attribute> = conditions(attributes).collect();
    let path = path(route, &types);
    let template = template(route, state);
    let description = description(route, &types, state);
    let client = client::client(route, &types);
    let beside = beside
        .iter()
        .map(|alias| quote!(#(#conditions)* #[doc(hidden)] #[allow(non_camel_case_types)] #alias));
    let content = quote! {
        #type_module
        use ::counterpart::private;
        #[allow(unused_imports)]
        use private::ProbeDefault as _;
        pub const KIND: ::core::primitive::u8 = #private::Probe::<types::#answer>::KIND;
        pub const TEMPLATE: &str = #template;
        #path
        #description
        #handle
        #client
    };
    let declared = declared(signature, &content);
    quote! {
        #(#beside)*
        #(#conditions)*
        #[doc(hidden)]
        #[allow(
            non_snake_case, non_camel_case_types, missing_docs, missing_debug_implementations, deprecated,
            unreachable_pub, unnameable_types, private_interfaces, private_bounds, unused_qualifications,
            clippy::all, clippy::pedantic, clippy::nursery
        )]
        #visibility #declared
    }
}

/// `mod get_user { … }` at the place of `fn get_user`: who lists a private route is shown the function to open.
fn declared(signature: &Signature, content: &TokenStream) -> TokenStream {
    let at = |place: Span| Span::mixed_site().located_at(place);
    let name = &signature.ident;
    let keyword = Token![mod](at(signature.fn_token.span));
    let mut body = Group::new(Delimiter::Brace, content.clone());
    body.set_span(at(name.span()));
    quote!(#keyword #name #body)
}

/// `#[cfg(…)]` holds for both halves.
fn conditions(attributes: &[Attribute]) -> impl Iterator<Item = &Attribute> {
    attributes.iter().filter(|attribute| attribute.path().is_ident("cfg"))
}

/// A broken route gets a path of its own, so that it is in conflict with none.
fn template(route: &Route, state: State) -> TokenStream {
    let text = match state {
        State::Whole => route.template.text.clone(),
        State::Broken => format!("/counterpart-broken-{}", route.mark),
    };
    quote!(#text)
}

/// ```text
/// pub fn path(id: types::u64) -> String {
///     let writer = PathWriter::new(TEMPLATE);
///     let writer = types::__Wire0::put_param(writer, "id", &id);
///     writer.finish()
/// }
/// ```
fn path(route: &Route, types: &Types) -> TokenStream {
    let private = names::near();
    let writer = Ident::new("writer", Span::mixed_site());
    let mut parameters = Vec::new();
    let mut conversions = Vec::new();
    let mut writes = Vec::new();
    for (argument, its) in route.arguments.iter().zip(&types.arguments) {
        if argument.role != Role::Path {
            continue;
        }
        let name = &argument.name;
        let key = name.unraw().to_string();
        let whole = &its.whole;
        let parameter = client::parameter(name, &argument.ty, &quote!(types::#whole));
        parameters.push(parameter.declaration);
        conversions.push(parameter.conversion);
        let witness = &its.witness;
        writes.push(quote!(let #writer = types::#witness::put_param(#writer, #key, &#name);));
    }
    quote! {
        /// The path of this route, its parameters percent-encoded.
        ///
        /// It knows nothing of the lists that hold the route: their prefixes come from [`counterpart::Prefix`].
        pub fn path(#(#parameters),*) -> String {
            #(#conversions)*
            let #writer = #private::PathWriter::new(TEMPLATE);
            #(#writes)*
            #writer.finish()
        }
    }
}

/// The constant that the route table reads.
fn description(route: &Route, types: &Types, state: State) -> TokenStream {
    let private = names::near();
    let method = &route.method;
    let name = &route.function.signature.ident;
    let text = name.unraw().to_string();
    let docs = doc::text_of(&route.function.attributes);
    let body_limit = match route.body_limit {
        Some(bytes) => quote!(Some(#bytes)),
        None => quote!(None),
    };
    // A broken route asks nothing of its types.
    let whole = |_: &TokenStream| state == State::Whole;
    let inputs = inputs(route, types).filter(whole);
    let needs = needs(route, types).filter(whole);
    let assertions = assert::assertions(route, types).filter(whole);
    quote! {
        pub const ENDPOINT: &#private::Endpoint = {
            #(#assertions)*
            &#private::Endpoint {
                method: #method,
                template: TEMPLATE,
                name: #text,
                module: module_path!(),
                file: file!(),
                line: line!(),
                docs: #docs,
                body_limit: #body_limit,
                inputs: &[#(#inputs),*],
                needs: &[#(#needs),*],
                handle,
            }
        };
    }
}

/// `Input::new::<types::u64>("id", Place::Path)`
fn inputs<'r>(route: &'r Route, types: &'r Types) -> impl Iterator<Item = TokenStream> + 'r {
    let private = names::near();
    route.arguments.iter().zip(&types.arguments).filter_map(move |(argument, its)| {
        let (name, place) = match &argument.role {
            Role::Path => (argument.name.unraw().to_string(), quote!(Path)),
            Role::Query { key } => (key.clone(), quote!(Query)),
            Role::Header { name } => (name.clone(), quote!(Header)),
            Role::Body => ("body".to_owned(), quote!(Body)),
            Role::Provided { .. } | Role::Server(_) => return None,
        };
        let whole = &its.whole;
        Some(quote!(#private::Input::new::<types::#whole>(#name, #private::Place::#place)))
    })
}

/// What must have been given to the app before it serves; an `Option<&T>` asks for nothing.
fn needs<'r>(route: &'r Route, types: &'r Types) -> impl Iterator<Item = TokenStream> + 'r {
    let private = names::near();
    route.arguments.iter().zip(&types.arguments).filter_map(move |(argument, its)| {
        let ArgumentTypes { whole, witness, .. } = its;
        match argument.role {
            _ if !argument.nameable => None,
            Role::Provided { optional: false } => Some(quote!(types::#witness::NEEDS)),
            Role::Server(Hold::Reference | Hold::Shared | Hold::Value) => Some(quote! {
                &[#private::Need::of::<types::#whole>()]
            }),
            _ => None,
        }
    })
}

/// The arguments' names in generated code, which no name of the user's can meet.
pub(crate) fn local(index: usize) -> Ident {
    Ident::new(&format!("a{index}"), Span::mixed_site())
}
