//! The client's half: a macro that writes the method wherever a list stands, and the call it gives back.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{format_ident, quote};
use syn::ext::IdentExt;
use syn::{Type, Visibility};

use crate::expand::types::{ArgumentTypes, Types, setter_item};
use crate::model::{Argument, Role, Route};
use crate::{doc, names, shape};

/// See `golden/list_users.rs`.
pub(crate) fn client(route: &Route, types: &Types) -> TokenStream {
    let rules = rules(route, types);
    let call = has_setters(route).then(|| call(route, types));
    quote!(#rules #call)
}

fn has_setters(route: &Route) -> bool {
    route.arguments.iter().any(|argument| setter_item(argument).is_some())
}

/// The macro has a name of its own in the crate, and is said as `get_user::client!`.
fn rules(route: &Route, types: &Types) -> TokenStream {
    let name = route.function.signature.ident.unraw();
    let rules = format_ident!("__counterpart_{name}_{}", route.mark);
    let method = method(route, types);
    let location = location(route, types);
    // A macro can only leave the crate from its root, and a route only leaves it if it is `pub`.
    let (export, visibility) = match route.function.visibility {
        Visibility::Public(_) => (quote!(#[macro_export]), quote!(pub)),
        _ => (TokenStream::new(), quote!(pub(crate))),
    };
    quote! {
        #[doc(hidden)]
        #[allow(unused_macros)]
        #export
        macro_rules! #rules {
            (method $name:ident $($route:tt)*) => { #method };
            (location ($($route:tt)*) ($answer:expr)) => { #location };
        }
        #[doc(hidden)]
        #[allow(unused_imports)]
        #visibility use #rules as client;
    }
}

/// ```text
/// pub fn get_user(&self, id: get_user::types::u64) -> Call<…> {
///     let mut draft = ApiClient::draft(self, get_user::ENDPOINT);
///     get_user::types::__Wire0::put_path(&mut draft, "id", &id);
///     Call::new(draft)
/// }
/// ```
fn method(route: &Route, types: &Types) -> TokenStream {
    let private = names::private();
    let docs = doc::attributes_of(&route.function.attributes);
    let draft = Ident::new("draft", Span::mixed_site());
    let mut declarations = Vec::new();
    let mut statements = Vec::new();
    for (argument, its) in route.arguments.iter().zip(&types.arguments) {
        if !argument.role.travels() || setter_item(argument).is_some() {
            continue;
        }
        let whole = &its.whole;
        let name = &argument.name;
        let parameter = parameter(name, &argument.ty, &quote!($($route)*::types::#whole));
        declarations.push(parameter.declaration);
        // Content is given away, since it may be a stream.
        let value = if argument.role == Role::Body { quote!(#name) } else { quote!(&#name) };
        let write = write(argument, &quote!(&mut #draft), &value);
        let (conversion, witness) = (parameter.conversion, &its.witness);
        statements.push(quote!(#conversion $($route)*::types::#witness::#write;));
    }
    let Types { answer, error, .. } = types;
    let call = quote! {
        ::counterpart::Call<$($route)*::types::#answer, $($route)*::types::#error, { $($route)*::KIND }>
    };
    let (returns, made) = match has_setters(route) {
        true => {
            (quote!($($route)*::Call), quote!($($route)*::Call(::counterpart::Call::new(#draft))))
        }
        false => (call, quote!(::counterpart::Call::new(#draft))),
    };
    quote! {
        #(#docs)*
        pub fn $name(&self, #(#declarations),*) -> #returns {
            let mut #draft = #private::ApiClient::draft(self, $($route)*::ENDPOINT);
            #(#statements)*
            #made
        }
    }
}

/// The path, filled from same-named members of another route's answer.
///
/// ```text
/// {
///     let writer = PathWriter::new(get_user::TEMPLATE);
///     let writer = get_user::types::__Wire0::put_param(writer, "id", &answer.id);
///     writer.finish()
/// }
/// ```
fn location(route: &Route, types: &Types) -> TokenStream {
    let private = names::private();
    let writer = Ident::new("writer", Span::mixed_site());
    let both = route.arguments.iter().zip(&types.arguments);
    let writes = both.filter(|(argument, _)| argument.role == Role::Path).map(|(argument, its)| {
        let (name, witness) = (&argument.name, &its.witness);
        let key = name.unraw().to_string();
        quote!(let #writer = $($route)*::types::#witness::put_param(#writer, #key, &$answer.#name);)
    });
    quote! {{
        let #writer = #private::PathWriter::new($($route)*::TEMPLATE);
        #(#writes)*
        #writer.finish()
    }}
}

/// `put_query(&mut draft, "q", &q)`: how one argument goes into a draft.
fn write(argument: &Argument, draft: &TokenStream, value: &TokenStream) -> TokenStream {
    match &argument.role {
        Role::Path => {
            let key = argument.name.unraw().to_string();
            quote!(put_path(#draft, #key, #value))
        }
        Role::Query { key } => quote!(put_query(#draft, #key, #value)),
        Role::Header { name } => quote!(put_header(#draft, #name, #value)),
        _ => quote!(put(#draft, #value)),
    }
}

/// A parameter of a generated function, and the statement that brings it to its type.
pub(crate) struct Parameter {
    pub(crate) declaration: TokenStream,
    pub(crate) conversion: TokenStream,
}

/// A `String` is passed by `impl Into<String>`, content so too, and everything else as it is.
pub(crate) fn parameter(name: &Ident, ty: &Type, alias: &TokenStream) -> Parameter {
    if ["String", "Body", "Bytes"].iter().any(|known| shape::is_named(ty, known)) {
        return Parameter {
            declaration: quote!(#name: impl ::core::convert::Into<#alias>),
            conversion: quote!(let #name: #alias = ::core::convert::Into::into(#name);),
        };
    }
    Parameter { declaration: quote!(#name: #alias), conversion: TokenStream::new() }
}

/// A call with setters. It is generic so that what it asks of the answer is asked only where it is awaited: a
/// type that cannot be read back is still a legal answer.
///
/// ```text
/// pub struct Call<T = types::User, E = types::UserError, const K: u8 = KIND>(pub Call<T, E, K>);
/// impl Call { pub fn limit(mut self, limit: types::u32) -> Self { … } }
/// impl<T, E, const K: u8> Future for Call<T, E, K> where … { … }
/// ```
fn call(route: &Route, types: &Types) -> TokenStream {
    let private = names::near();
    let Types { answer, error, .. } = types;
    let both = route.arguments.iter().zip(&types.arguments);
    let setters = both.filter_map(|(argument, its)| setter(argument, its));
    let taken = |word: &str| {
        route
            .arguments
            .iter()
            .any(|argument| setter_item(argument).is_some() && argument.name.unraw() == word)
    };
    let forwarders =
        names::CALL_METHODS.iter().filter(|word| !taken(word)).map(|word| forwarder(word));
    // `bearer` is made of `header`.
    let options = ["timeout", "header"].map(option);
    let future = future();
    quote! {
        #[must_use = "a call does nothing until it is awaited"]
        pub struct Call<T = types::#answer, E = types::#error, const K: u8 = KIND>(
            #[doc(hidden)] pub private::Call<T, E, K>,
        );
        impl Call {
            #(#setters)*
            #(#forwarders)*
        }
        impl<T, E, const K: u8> #private::CallOptions for Call<T, E, K> {
            #(#options)*
        }
        #future
    }
}

/// An optional value is set by itself, repeated ones by anything that can be walked.
fn setter(argument: &Argument, its: &ArgumentTypes) -> Option<TokenStream> {
    let item_type = setter_item(argument)?;
    let name = &argument.name;
    let its_item = its.item.as_ref()?;
    let item = quote!(types::#its_item);
    let text = shape::is_named(item_type, "String");
    let optional = shape::only_argument(&argument.ty, "Option").is_some();
    let (parameter, value) = match (optional, text) {
        (true, false) => (item, quote!(Some(#name))),
        (true, true) => (quote!(impl Into<#item>), quote!(Some::<#item>(#name.into()))),
        (false, false) => (
            quote!(impl IntoIterator<Item = #item>),
            quote!(#name.into_iter().collect::<Vec<#item>>()),
        ),
        (false, true) => (
            quote!(impl IntoIterator<Item = impl Into<#item>>),
            quote!(#name.into_iter().map(Into::into).collect::<Vec<#item>>()),
        ),
    };
    let draft = Ident::new("draft", Span::mixed_site());
    let write = write(argument, &quote!(#draft), &quote!(&#value));
    let witness = &its.witness;
    let docs = setter_docs(argument, optional);
    Some(quote! {
        #[doc = #docs]
        pub fn #name(mut self, #name: #parameter) -> Self {
            self.0.draft(|#draft| types::#witness::#write);
            self
        }
    })
}

fn setter_docs(argument: &Argument, optional: bool) -> String {
    let place = match &argument.role {
        Role::Header { name } => format!("header `{name}`"),
        Role::Query { key } => format!("query key `{key}`"),
        _ => format!("`{}`", argument.name),
    };
    match optional {
        true => format!("Sets the {place}, in place of an earlier value."),
        false => format!("Sets the {place}, once for each value, in place of earlier ones."),
    }
}

/// The declaration and the arguments of an option that every call has.
fn option_words(word: &str) -> (TokenStream, TokenStream) {
    match word {
        "timeout" => (quote!(limit: ::core::time::Duration), quote!(limit)),
        "header" => (quote!(name: &str, value: &str), quote!(name, value)),
        _ => (quote!(token: impl AsRef<str>), quote!(token)),
    }
}

/// `pub fn timeout(self, limit: Duration) -> Self { CallOptions::timeout(self, limit) }`
fn forwarder(word: &str) -> TokenStream {
    let private = names::near();
    let docs = match word {
        "timeout" => "Gives the call up after `limit`.",
        "header" => "Adds a header to the request.",
        _ => "Sends `authorization: Bearer …`.",
    };
    let (declaration, arguments) = option_words(word);
    let name = Ident::new(word, Span::call_site());
    quote! {
        #[doc = #docs]
        pub fn #name(self, #declaration) -> Self {
            #private::CallOptions::#name(self, #arguments)
        }
    }
}

/// `fn timeout(self, limit: Duration) -> Self { Self(self.0.timeout(limit)) }`
fn option(word: &str) -> TokenStream {
    let private = names::near();
    let (declaration, arguments) = option_words(word);
    let name = Ident::new(word, Span::call_site());
    quote! {
        fn #name(self, #declaration) -> Self {
            Self(#private::CallOptions::#name(self.0, #arguments))
        }
    }
}

/// Awaiting the call awaits what it wraps.
fn future() -> TokenStream {
    quote! {
        impl<T, E, const K: u8> ::core::future::Future for Call<T, E, K>
        where
            private::Call<T, E, K>: ::core::future::Future + Unpin,
        {
            type Output = <private::Call<T, E, K> as ::core::future::Future>::Output;
            fn poll(
                self: ::core::pin::Pin<&mut Self>,
                context: &mut ::core::task::Context<'_>,
            ) -> ::core::task::Poll<Self::Output> {
                ::core::future::Future::poll(::core::pin::Pin::new(&mut self.get_mut().0), context)
            }
        }
    }
}
