//! `derive(ApiError)`: text, source, wire form and the way back. See `golden/user_error.rs`.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{format_ident, quote, quote_spanned};
use syn::Type;
use syn::ext::IdentExt;
use syn::spanned::Spanned;

use crate::expand::reason::reason;
use crate::model::{ErrorEnum, ErrorVariant, Message, VariantFields, VariantKind};
use crate::names;
use crate::parse::message;

pub(crate) fn error(error: &ErrorEnum) -> TokenStream {
    let display = display(error);
    let source = source(error);
    let from = error.variants.iter().filter_map(|variant| from(error, variant));
    let api = api_error(error);
    let reply = reply(&error.name);
    quote!(#display #source #(#from)* #api #reply)
}

/// What others ask of a broken enum, so that only the mistake itself is red.
pub(crate) fn stub(name: &Ident) -> TokenStream {
    let private = names::private();
    let reply = reply(name);
    quote! {
        impl ::core::fmt::Display for #name {
            fn fmt(&self, _: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                ::core::unreachable!()
            }
        }
        impl ::core::error::Error for #name where Self: ::core::fmt::Debug {}
        impl #private::ApiError for #name {
            const VARIANTS: &'static [#private::ErrorVariant] = &[];
            fn to_problem(&self) -> #private::Problem {
                ::core::unreachable!()
            }
            fn from_problem(_: &#private::Problem) -> ::core::option::Option<Self> {
                ::core::unreachable!()
            }
        }
        #reply
    }
}

/// ```text
/// match self {
///     Self::NotFound { id } => write!(formatter, "there is no user {id}", id = id),
/// }
/// ```
fn display(error: &ErrorEnum) -> TokenStream {
    let name = &error.name;
    let formatter = Ident::new("formatter", Span::mixed_site());
    let arms = error.variants.iter().map(|variant| {
        let text = display_arm(variant, &formatter);
        let pattern = match (&variant.kind, &variant.fields) {
            (VariantKind::Plain { message: Some(message), .. }, VariantFields::Members(_)) => {
                text_pattern(variant, message)
            }
            (VariantKind::Transparent, _) => pattern(variant),
            _ => blind_pattern(variant),
        };
        quote!(#pattern => #text)
    });
    let body = matched(error, arms);
    quote! {
        #[automatically_derived]
        impl ::core::fmt::Display for #name {
            #[allow(unused_variables)]
            fn fmt(&self, #formatter: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                #body
            }
        }
    }
}

fn display_arm(variant: &ErrorVariant, formatter: &Ident) -> TokenStream {
    match &variant.kind {
        VariantKind::Transparent => quote!(::core::fmt::Display::fmt(nested, #formatter)),
        VariantKind::Plain { message: Some(message), .. } => {
            let text = &message.text;
            let values = message.fields.iter().map(|field| {
                let field = message::argument(field, text.span());
                let local = field_local(&field);
                quote!(#field = #local)
            });
            quote!(::core::write!(#formatter, #text, #(#values),*))
        }
        VariantKind::Plain { status, .. } => {
            let reason = match variant.fields {
                VariantFields::Opaque { .. } => reason(*status).to_lowercase(),
                _ => reason(*status).to_owned(),
            };
            quote!(#formatter.write_str(#reason))
        }
    }
}

/// `match self { … }`, which an enum without variants needs in another form.
fn matched(error: &ErrorEnum, arms: impl Iterator<Item = TokenStream>) -> TokenStream {
    if error.variants.is_empty() {
        return quote!(match *self {});
    }
    quote!(match self { #(#arms,)* })
}

/// `Self::NotFound { id: field_id }`
fn pattern(variant: &ErrorVariant) -> TokenStream {
    let name = &variant.name;
    match &variant.fields {
        VariantFields::Unit => quote!(Self::#name),
        VariantFields::Members(members) => {
            let fields = members.iter().map(|member| {
                let field = &member.name;
                let local = field_local(field);
                quote!(#field: #local)
            });
            quote!(Self::#name { #(#fields),* })
        }
        VariantFields::Opaque { name: Some(field), .. } => quote!(Self::#name { #field: source }),
        VariantFields::Opaque { name: None, .. } => quote!(Self::#name(source)),
        VariantFields::Nested { .. } => quote!(Self::#name(nested)),
    }
}

/// The pattern that binds only what the text names.
fn text_pattern(variant: &ErrorVariant, message: &Message) -> TokenStream {
    let name = &variant.name;
    let VariantFields::Members(members) = &variant.fields else { return blind_pattern(variant) };
    let shown = members.iter().filter(|m| message.fields.contains(&m.name.unraw().to_string()));
    let fields = shown.map(|member| {
        let field = &member.name;
        let local = field_local(field);
        quote!(#field: #local)
    });
    quote!(Self::#name { #(#fields,)* .. })
}

fn blind_pattern(variant: &ErrorVariant) -> TokenStream {
    let name = &variant.name;
    quote!(Self::#name { .. })
}

/// The local that holds a field, which no constant of the user's can be mistaken for.
fn field_local(field: &Ident) -> Ident {
    format_ident!("field_{}", field.unraw(), span = Span::mixed_site())
}

/// `source()` gives what is opaque; the server logs it, the client never sees it.
fn source(error: &ErrorEnum) -> TokenStream {
    let private = names::private();
    let name = &error.name;
    let arms = error.variants.iter().filter_map(|variant| {
        let pattern = pattern(variant);
        match &variant.fields {
            VariantFields::Opaque { ty, .. } => {
                let source = source_local(ty);
                // A method call, so that a box of an error is one too.
                let cause = Ident::new("as_cause", source.span());
                Some(quote!(#pattern => ::core::option::Option::Some(#source.#cause())))
            }
            VariantFields::Nested { .. } => {
                Some(quote!(#pattern => ::core::error::Error::source(nested)))
            }
            _ => None,
        }
    });
    let arms: Vec<TokenStream> = arms.collect();
    let body = (!arms.is_empty()).then(|| {
        let rest =
            (arms.len() < error.variants.len()).then(|| quote!(_ => ::core::option::Option::None,));
        quote! {
            fn source(&self) -> ::core::option::Option<&(dyn ::core::error::Error + 'static)> {
                #[allow(unused_imports)]
                use #private::AsCause as _;
                match self { #(#arms,)* #rest }
            }
        }
    });
    quote! {
        #[automatically_derived]
        impl ::core::error::Error for #name {
            #body
        }
    }
}

/// The local of a pattern, told where the type stands: a type that is no error is told there.
fn source_local(ty: &Type) -> Ident {
    Ident::new("source", Span::call_site().located_at(ty.span()))
}

/// `?` turns a source into its variant: `impl From<sqlx::Error> for UserError { … }`
fn from(error: &ErrorEnum, variant: &ErrorVariant) -> Option<TokenStream> {
    let name = &error.name;
    let variant_name = &variant.name;
    let (ty, made) = match &variant.fields {
        VariantFields::Opaque { name: Some(field), ty } => {
            (ty, quote!(Self::#variant_name { #field: source }))
        }
        VariantFields::Opaque { name: None, ty } | VariantFields::Nested { ty } => {
            (ty, quote!(Self::#variant_name(source)))
        }
        _ => return None,
    };
    Some(quote! {
        #[automatically_derived]
        impl ::core::convert::From<#ty> for #name {
            fn from(source: #ty) -> Self {
                #made
            }
        }
    })
}

fn api_error(error: &ErrorEnum) -> TokenStream {
    let private = names::private();
    let name = &error.name;
    let variants = error.variants.iter().map(described);
    let problems = error.variants.iter().map(|variant| {
        let pattern = pattern_for_problem(variant);
        let problem = to_problem(variant);
        quote!(#pattern => #problem)
    });
    let to_problem = matched(error, problems);
    let attempts = error.variants.iter().filter_map(from_problem);
    let problem = problem_local();
    quote! {
        #[automatically_derived]
        impl #private::ApiError for #name {
            const VARIANTS: &'static [#private::ErrorVariant] = &[#(#variants),*];
            fn to_problem(&self) -> #private::Problem {
                #to_problem
            }
            #[allow(unused_variables)]
            fn from_problem(#problem: &#private::Problem) -> ::core::option::Option<Self> {
                #(#attempts)*
                ::core::option::Option::None
            }
        }
    }
}

fn pattern_for_problem(variant: &ErrorVariant) -> TokenStream {
    match variant.fields {
        VariantFields::Opaque { .. } => blind_pattern(variant),
        _ => pattern(variant),
    }
}

/// `ErrorVariant { status: 404, code: "not-found", message: "there is no user {id}", nested: None }`
fn described(variant: &ErrorVariant) -> TokenStream {
    let private = names::private();
    let code = &variant.code;
    match (&variant.kind, &variant.fields) {
        (VariantKind::Transparent, VariantFields::Nested { ty }) => {
            let nested =
                quote_spanned!(crate::shape::place(ty)=> <#ty as #private::ApiError>::VARIANTS);
            quote! {
                #private::ErrorVariant {
                    status: 0, code: "", message: "", nested: ::core::option::Option::Some(#nested),
                }
            }
        }
        (VariantKind::Plain { status, message }, fields) => {
            // What the client is told of an opaque variant is its status alone.
            let code =
                if matches!(fields, VariantFields::Opaque { .. }) { "http.internal" } else { code };
            let message = match message {
                Some(message) => message.text.value(),
                None => String::new(),
            };
            quote! {
                #private::ErrorVariant {
                    status: #status, code: #code, message: #message, nested: ::core::option::Option::None,
                }
            }
        }
        (VariantKind::Transparent, _) => TokenStream::new(),
    }
}

/// `Problem::of_variant(404, "not-found", self.to_string()).member("id", id)`
fn to_problem(variant: &ErrorVariant) -> TokenStream {
    let private = names::private();
    let code = &variant.code;
    match (&variant.kind, &variant.fields) {
        (VariantKind::Transparent, _) => quote!(#private::ApiError::to_problem(nested)),
        (VariantKind::Plain { status, .. }, VariantFields::Opaque { .. }) => {
            quote!(#private::Problem::of_opaque(#status))
        }
        (VariantKind::Plain { status, .. }, fields) => {
            let members = match fields {
                VariantFields::Members(members) => members.as_slice(),
                _ => &[],
            };
            let members = members.iter().map(|member| {
                let key = member.name.unraw().to_string();
                let local = field_local(&member.name);
                quote_spanned!(crate::shape::place(&member.ty)=> .member(#key, #local))
            });
            quote! {
                #private::Problem::of_variant(#status, #code, ::std::string::ToString::to_string(self))
                    #(#members)*
            }
        }
    }
}

/// ```text
/// if problem.status.as_u16() == 404 && problem.code.as_deref() == Some("not-found") {
///     return Some(Self::NotFound { id: problem.take_member::<u64>("id")? });
/// }
/// ```
///
/// An opaque variant never comes back.
fn from_problem(variant: &ErrorVariant) -> Option<TokenStream> {
    let private = names::private();
    let problem = problem_local();
    let name = &variant.name;
    let code = &variant.code;
    let made = match (&variant.kind, &variant.fields) {
        (_, VariantFields::Opaque { .. }) => return None,
        (_, VariantFields::Nested { ty }) => {
            return Some(quote! {
                if let ::core::option::Option::Some(nested) =
                    <#ty as #private::ApiError>::from_problem(#problem)
                {
                    return ::core::option::Option::Some(Self::#name(nested));
                }
            });
        }
        (_, VariantFields::Unit) => quote!(Self::#name),
        (_, VariantFields::Members(members)) => {
            let fields = members.iter().map(|member| {
                let field = &member.name;
                let key = field.unraw().to_string();
                let ty = &member.ty;
                let take =
                    quote_spanned!(crate::shape::place(ty)=> #problem.take_member::<#ty>(#key));
                quote!(#field: #take?)
            });
            quote!(Self::#name { #(#fields),* })
        }
    };
    let VariantKind::Plain { status, .. } = variant.kind else { return None };
    Some(quote! {
        if #problem.status.as_u16() == #status && #problem.code.as_deref() == ::core::option::Option::Some(#code) {
            return ::core::option::Option::Some(#made);
        }
    })
}

fn problem_local() -> Ident {
    Ident::new("problem", Span::mixed_site())
}

/// `impl Reply for UserError { fn reply(self) -> Response { reply_error(&self) } }`
fn reply(name: &Ident) -> TokenStream {
    let private = names::private();
    quote! {
        #[automatically_derived]
        impl #private::Reply for #name {
            fn reply(self) -> #private::Response {
                #private::reply_error(&self)
            }
        }
    }
}
