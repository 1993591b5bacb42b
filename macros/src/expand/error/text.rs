//! What an error says of itself: `Display`.

use proc_macro2::{Ident, Span, TokenStream};
use quote::quote;
use syn::ext::IdentExt;

use super::{blind_pattern, field_local, matched, pattern};
use crate::expand::reason::reason;
use crate::model::{ErrorEnum, ErrorVariant, Message, VariantFields, VariantKind};
use crate::parse::message;

/// ```text
/// match self {
///     Self::NotFound { id } => write!(formatter, "there is no user {id}", id = id),
/// }
/// ```
pub(super) fn display(error: &ErrorEnum) -> TokenStream {
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
