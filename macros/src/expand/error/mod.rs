//! `derive(ApiError)`: text, source, wire form and the way back. See `golden/user_error.rs`.

mod problem;
mod text;

use std::collections::HashSet;

use proc_macro2::{Ident, Span, TokenStream};
use quote::{format_ident, quote, quote_spanned};
use syn::Type;
use syn::ext::IdentExt;
use syn::spanned::Spanned;

use crate::model::{ErrorEnum, ErrorVariant, VariantFields};
use crate::names;

pub(crate) fn error(error: &ErrorEnum) -> TokenStream {
    let display = text::display(error);
    let source = source(error);
    let from = error.variants.iter().filter_map(|variant| from(error, variant));
    let api = problem::api_error(error);
    let reply = reply(&error.name);
    quote!(#display #source #(#from)* #api #reply)
}

/// What others ask of a broken enum, so that only the mistake itself is red.
pub(crate) fn stub(error: &ErrorEnum) -> TokenStream {
    let private = names::private();
    let name = &error.name;
    let reply = reply(name);
    let from = stubs_of_from(error);
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
        #(#from)*
    }
}

/// `?` still works, whatever is wrong with the variant it leads to; two variants of one type are one here.
fn stubs_of_from(error: &ErrorEnum) -> Vec<TokenStream> {
    let name = &error.name;
    let mut seen = HashSet::new();
    let sources = error.variants.iter().filter_map(|variant| match &variant.fields {
        VariantFields::Opaque { ty, .. } | VariantFields::Nested { ty } => Some(ty),
        _ => None,
    });
    let once = sources.filter(|ty| seen.insert(quote!(#ty).to_string()));
    let stub = once.map(|ty| {
        quote! {
            impl ::core::convert::From<#ty> for #name {
                fn from(_: #ty) -> Self {
                    ::core::unreachable!()
                }
            }
        }
    });
    stub.collect()
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
                let cause = quote_spanned!(source.span()=> #source.as_cause());
                Some(quote!(#pattern => ::core::option::Option::Some(#cause)))
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

fn blind_pattern(variant: &ErrorVariant) -> TokenStream {
    let name = &variant.name;
    quote!(Self::#name { .. })
}

/// The local that holds a field, which no constant of the user's can be mistaken for.
fn field_local(field: &Ident) -> Ident {
    format_ident!("field_{}", field.unraw(), span = Span::mixed_site())
}
