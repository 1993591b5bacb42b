//! Rules about an error enum that need more than one variant.

use quote::ToTokens;
use syn::Type;

use crate::diagnostic::Diagnostics;
use crate::model::{ErrorEnum, ErrorVariant, VariantFields, VariantKind};
use crate::parse::error::code::is_kebab_case;
use crate::shape;

/// Every rule about an error enum.
pub(crate) fn error(error: &ErrorEnum, diagnostics: &mut Diagnostics) {
    codes_are_kebab_case(error, diagnostics);
    codes_differ(error, diagnostics);
    sources_differ(error, diagnostics);
    members_own_what_they_hold(error, diagnostics);
}

/// The variants whose code a client can see.
fn coded(error: &ErrorEnum) -> impl Iterator<Item = &ErrorVariant> {
    error.variants.iter().filter(|variant| {
        matches!(variant.kind, VariantKind::Plain { .. })
            && !matches!(variant.fields, VariantFields::Opaque { .. })
    })
}

fn codes_are_kebab_case(error: &ErrorEnum, diagnostics: &mut Diagnostics) {
    for variant in coded(error) {
        let code = &variant.code;
        let message = if code.contains('.') {
            format!(
                "the code `{code}` has a dot, which only the framework's own codes have; write it with `-`"
            )
        } else if !is_kebab_case(code) {
            format!(
                "the code `{code}` is not in kebab case; write small letters and digits with `-` between words"
            )
        } else {
            continue;
        };
        diagnostics.blame_at(variant.code_place, message);
    }
}

fn codes_differ(error: &ErrorEnum, diagnostics: &mut Diagnostics) {
    let variants: Vec<&ErrorVariant> = coded(error).collect();
    for (index, variant) in variants.iter().enumerate() {
        let Some(first) = variants[..index].iter().find(|first| first.code == variant.code) else {
            continue;
        };
        let message = format!(
            "`{}` and `{}` have the same code `{}`, so a client could not tell them apart; rename one, or give it `code = \"…\"`",
            first.name, variant.name, variant.code
        );
        diagnostics.blame_at(variant.code_place, message);
    }
}

/// `?` must know which variant an error of one type becomes.
fn sources_differ(error: &ErrorEnum, diagnostics: &mut Diagnostics) {
    let mut seen: Vec<(String, &ErrorVariant)> = Vec::new();
    for variant in &error.variants {
        let Some(ty) = source(variant) else { continue };
        let key = ty.to_token_stream().to_string();
        let Some((_, first)) = seen.iter().find(|(other, _)| *other == key) else {
            seen.push((key, variant));
            continue;
        };
        let message = format!(
            "`?` would not know whether a `{}` becomes `{}` or `{}`; wrap one in a type of its own, or remove it",
            key.replace(' ', ""),
            first.name,
            variant.name
        );
        diagnostics.blame(ty, message);
    }
}

/// What a client decodes has nothing to borrow from, not even for `'static`.
fn members_own_what_they_hold(error: &ErrorEnum, diagnostics: &mut Diagnostics) {
    for variant in &error.variants {
        let VariantFields::Members(members) = &variant.fields else { continue };
        for member in members {
            if let Some(place) = shape::ampersand(&member.ty) {
                let message = format!(
                    "an error travels back to the client, which owns what it reads, so `{}` cannot hold a reference; take an owned type, such as `String` or `Cow<'static, str>`",
                    member.name
                );
                diagnostics.blame_at(place, message);
            }
        }
    }
}

fn source(variant: &ErrorVariant) -> Option<&Type> {
    match &variant.fields {
        VariantFields::Opaque { ty, .. } | VariantFields::Nested { ty } => Some(ty),
        _ => None,
    }
}
