//! An error on the wire: its variants for the documentation, the problem it becomes, and the way back.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{quote, quote_spanned};
use syn::ext::IdentExt;

use super::{blind_pattern, field_local, matched, pattern};
use crate::model::{ErrorEnum, ErrorVariant, Member, VariantFields, VariantKind};
use crate::{names, shape};

pub(super) fn api_error(error: &ErrorEnum) -> TokenStream {
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
    let assertions = members(error).map(|member| {
        let ty = &member.ty;
        quote_spanned!(shape::place(ty)=> #private::assert_travels::<#ty>();)
    });
    let problem = problem_local();
    quote! {
        #[automatically_derived]
        impl #private::ApiError for #name {
            const VARIANTS: &'static [#private::ErrorVariant] = {
                #(#assertions)*
                &[#(#variants),*]
            };
            fn to_problem(&self) -> #private::Problem {
                #[allow(unused_imports)]
                use #private::ProbeDefault as _;
                #to_problem
            }
            #[allow(unused_variables)]
            fn from_problem(#problem: &#private::Problem) -> ::core::option::Option<Self> {
                #[allow(unused_imports)]
                use #private::ProbeDefault as _;
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
            let nested = quote_spanned!(shape::place(ty)=> <#ty as #private::ApiError>::VARIANTS);
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

/// `Wire::<u64, …>::put_member(Problem::of_variant(404, "not-found", self.to_string()), "id", id)`
fn to_problem(variant: &ErrorVariant) -> TokenStream {
    let private = names::private();
    let code = &variant.code;
    match (&variant.kind, &variant.fields) {
        (VariantKind::Transparent, _) => quote!(#private::ApiError::to_problem(nested)),
        (VariantKind::Plain { status, .. }, VariantFields::Opaque { .. }) => {
            quote!(#private::Problem::of_opaque(#status))
        }
        (VariantKind::Plain { status, .. }, fields) => {
            let problem = quote! {
                #private::Problem::of_variant(#status, #code, ::std::string::ToString::to_string(self))
            };
            members_of(fields).iter().fold(problem, |problem, member| {
                let key = member.name.unraw().to_string();
                let (witness, local) = (witness(member), field_local(&member.name));
                quote!(#witness::put_member(#problem, #key, #local))
            })
        }
    }
}

/// ```text
/// if problem.status.as_u16() == 404 && problem.code.as_deref() == Some("not-found") {
///     return Some(Self::NotFound { id: Wire::<u64, …>::take_member(problem, "id")? });
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
                let witness = witness(member);
                quote!(#field: #witness::take_member(#problem, #key)?)
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

/// `Wire::<u64, { Probe::<u64>::TRAVELS }>`: it is there for every type, so that only the assertion fails for
/// one that does not travel.
fn witness(member: &Member) -> TokenStream {
    let private = names::private();
    let ty = &member.ty;
    quote!(#private::Wire::<#ty, { #private::Probe::<#ty>::TRAVELS }>)
}

/// Every field that travels, in all variants.
fn members(error: &ErrorEnum) -> impl Iterator<Item = &Member> {
    error.variants.iter().flat_map(|variant| members_of(&variant.fields))
}

fn members_of(fields: &VariantFields) -> &[Member] {
    match fields {
        VariantFields::Members(members) => members,
        _ => &[],
    }
}

fn problem_local() -> Ident {
    Ident::new("problem", Span::mixed_site())
}
