//! `derive(ApiError)`: the enum, its variants and their `#[error(…)]`.

use proc_macro2::{Span, TokenStream};
use syn::ext::IdentExt;
use syn::parse::{ParseStream, Parser};
use syn::{Attribute, Data, DeriveInput, Field, Fields, Ident, LitInt, LitStr, Token, Variant};

use crate::diagnostic::Diagnostics;
use crate::model::{ErrorEnum, ErrorVariant, Member, Message, VariantFields, VariantKind};
use crate::names;
use crate::parse::message::{self, Hole};

/// Reads the enum; nothing if it is none.
pub(crate) fn error_enum(tokens: TokenStream, diagnostics: &mut Diagnostics) -> Option<ErrorEnum> {
    let input: DeriveInput = diagnostics.keep(syn::parse2(tokens))?;
    if !input.generics.params.is_empty() {
        diagnostics.blame(
            &input.generics,
            "an error of an API has one wire form, so its type is not generic; remove the parameters",
        );
        return None;
    }
    let Data::Enum(data) = &input.data else {
        let message = format!(
            "`ApiError` is derived for an enum, each variant an answer with its own status; make `{}` one",
            input.ident
        );
        diagnostics.blame(&input.ident, message);
        return None;
    };
    let read: Vec<Option<ErrorVariant>> =
        data.variants.iter().map(|v| variant(v, diagnostics)).collect();
    Some(ErrorEnum { name: input.ident, variants: read.into_iter().flatten().collect() })
}

/// The words of one `#[error(…)]`.
#[derive(Default)]
struct Words {
    status: Option<(u16, Span)>,
    message: Option<LitStr>,
    code: Option<LitStr>,
    transparent: Option<Ident>,
}

fn variant(variant: &Variant, diagnostics: &mut Diagnostics) -> Option<ErrorVariant> {
    let words = words(variant, diagnostics)?;
    let fields = fields(variant, &words, diagnostics)?;
    let kind = match (&words.transparent, words.status) {
        (Some(_), _) => VariantKind::Transparent,
        (None, Some((status, _))) => {
            let message = words.message.map(|text| read_message(text, &fields, diagnostics));
            VariantKind::Plain { status, message }
        }
        (None, None) => return None,
    };
    let (code, code_place) = match words.code {
        Some(code) => (code.value(), code.span()),
        None => (kebab_case(&variant.ident), variant.ident.span()),
    };
    Some(ErrorVariant { name: variant.ident.clone(), code, code_place, kind, fields })
}

fn words(variant: &Variant, diagnostics: &mut Diagnostics) -> Option<Words> {
    let mut attributes = variant.attrs.iter().filter(|a| a.path().is_ident(names::ERROR));
    let Some(attribute) = attributes.next() else {
        let message =
            format!("`{}` has no status; write `#[error(404, \"…\")]` above it", variant.ident);
        diagnostics.blame(&variant.ident, message);
        return None;
    };
    for second in attributes {
        diagnostics
            .blame(second, format!("`{}` has an `#[error(…)]` already; remove one", variant.ident));
    }
    let mut words = Words::default();
    let tokens = list_tokens(attribute);
    let result =
        (|input: ParseStream| read_words(input, &mut words, variant, diagnostics)).parse2(tokens);
    diagnostics.keep(result)?;
    Some(words)
}

/// The tokens inside `#[error(…)]`; none of `#[error]`.
fn list_tokens(attribute: &Attribute) -> TokenStream {
    attribute.meta.require_list().map(|list| list.tokens.clone()).unwrap_or_default()
}

/// `transparent`, or a status, then a text and `code = "…"`, each once.
fn read_words(
    input: ParseStream,
    words: &mut Words,
    variant: &Variant,
    diagnostics: &mut Diagnostics,
) -> syn::Result<()> {
    if input.peek(Ident) && !input.peek2(Token![=]) {
        let word: Ident = input.parse()?;
        if word != names::TRANSPARENT {
            let message = "`#[error(…)]` begins with a status, such as `404`, or is `transparent`";
            return Err(syn::Error::new(word.span(), message));
        }
        words.transparent = Some(word);
        if !input.is_empty() {
            return Err(input.error(
                "`transparent` takes status, text and code from the error inside; remove the rest",
            ));
        }
        return Ok(());
    }
    if !input.peek(LitInt) {
        let message =
            format!("the status of `{}` is missing; write `#[error(404, \"…\")]`", variant.ident);
        let place = if input.is_empty() { variant.ident.span() } else { input.span() };
        return Err(syn::Error::new(place, message));
    }
    let status: LitInt = input.parse()?;
    words.status = Some((read_status(&status, diagnostics), status.span()));
    while !input.is_empty() {
        input.parse::<Token![,]>().map_err(|error| {
            syn::Error::new(error.span(), "write `,` between status, text and code")
        })?;
        if input.peek(LitStr) {
            let text: LitStr = input.parse()?;
            if words.message.is_some() {
                diagnostics.blame(&text, "there is a text already; the values of fields are written in it, such as `{id}`");
            }
            words.message = Some(text);
        } else if !input.is_empty() {
            option(input, words)?;
        }
    }
    Ok(())
}

fn option(input: ParseStream, words: &mut Words) -> syn::Result<()> {
    let usage = "after the status comes a text, and `code = \"…\"` where the variant's name is not the code";
    let word: Ident = input.parse().map_err(|error| syn::Error::new(error.span(), usage))?;
    if word != names::CODE {
        return Err(syn::Error::new(word.span(), usage));
    }
    if words.code.is_some() {
        return Err(syn::Error::new(word.span(), "`code` is given twice; remove one"));
    }
    input.parse::<Token![=]>()?;
    words.code = Some(input.parse()?);
    Ok(())
}

fn read_status(literal: &LitInt, diagnostics: &mut Diagnostics) -> u16 {
    match literal.base10_parse::<u16>() {
        Ok(status) if (400..=599).contains(&status) => return status,
        Ok(status) if (200..400).contains(&status) => {
            let what = if status < 300 { "success" } else { "a redirect" };
            diagnostics.blame(
                literal,
                format!("{status} says {what}, and a client would not read an error from it; use a status from 400 to 599"),
            );
        }
        _ => diagnostics
            .blame(literal, format!("{literal} is no status of an error; use one from 400 to 599")),
    }
    500
}

fn fields(
    variant: &Variant,
    words: &Words,
    diagnostics: &mut Diagnostics,
) -> Option<VariantFields> {
    let name = &variant.ident;
    let opaque: Vec<&Field> = variant.fields.iter().filter(|field| is_opaque(field)).collect();
    if let Some(word) = &words.transparent {
        return nested(variant, word, &opaque, diagnostics);
    }
    if let [first, rest @ ..] = opaque.as_slice() {
        for second in rest {
            diagnostics
                .blame(second, format!("`{name}` has one source; remove the second `#[opaque]`"));
        }
        if variant.fields.len() > opaque.len() {
            let message = format!(
                "an `#[opaque]` field hides the whole variant, so it stands alone; move the other fields of `{name}` to a variant that travels"
            );
            diagnostics.blame(first, message);
        }
        return Some(VariantFields::Opaque { name: first.ident.clone(), ty: first.ty.clone() });
    }
    match &variant.fields {
        Fields::Unit => Some(VariantFields::Unit),
        Fields::Named(fields) => {
            let members = fields.named.iter().filter_map(|field| member(field, diagnostics));
            Some(VariantFields::Members(members.collect()))
        }
        Fields::Unnamed(fields) if fields.unnamed.is_empty() => {
            Some(VariantFields::Members(Vec::new()))
        }
        Fields::Unnamed(fields) => {
            let message = format!(
                "a field travels under its name and this one has none; write `{name} {{ … }}`, or mark it `#[opaque]` to keep it on the server"
            );
            diagnostics.blame(&fields.unnamed[0], message);
            None
        }
    }
}

fn is_opaque(field: &Field) -> bool {
    field.attrs.iter().any(|attribute| attribute.path().is_ident(names::OPAQUE))
}

fn nested(
    variant: &Variant,
    word: &Ident,
    opaque: &[&Field],
    diagnostics: &mut Diagnostics,
) -> Option<VariantFields> {
    for field in opaque {
        diagnostics
            .blame(field, "the error inside a `transparent` variant travels; remove `#[opaque]`");
    }
    match &variant.fields {
        Fields::Unnamed(fields) if fields.unnamed.len() == 1 => {
            Some(VariantFields::Nested { ty: fields.unnamed[0].ty.clone() })
        }
        _ => {
            let message = format!(
                "a `transparent` variant holds another error and nothing else; write `{}(OtherError)`",
                variant.ident
            );
            diagnostics.blame(word, message);
            None
        }
    }
}

fn member(field: &Field, diagnostics: &mut Diagnostics) -> Option<Member> {
    let name = field.ident.clone()?;
    let text = name.unraw().to_string();
    if names::PROBLEM_MEMBERS.contains(&text.as_str()) {
        let message = format!(
            "every problem has a member `{text}` already, so the field cannot be called so; rename it"
        );
        // It stays a member, so that a text that names it is not wrong too.
        diagnostics.blame(&name, message);
    }
    Some(Member { name, ty: field.ty.clone() })
}

/// Which fields the text names, each once.
fn read_message(text: LitStr, fields: &VariantFields, diagnostics: &mut Diagnostics) -> Message {
    let known: Vec<String> = match fields {
        VariantFields::Members(members) => {
            members.iter().map(|m| m.name.unraw().to_string()).collect()
        }
        _ => Vec::new(),
    };
    let mut named = Vec::new();
    let holes = message::holes(&text.value()).unwrap_or_else(|wrong| {
        diagnostics.blame(&text, wrong);
        Vec::new()
    });
    for hole in holes {
        match hole {
            Hole::Name(name) if known.contains(&name) => {
                if !named.contains(&name) {
                    named.push(name);
                }
            }
            Hole::Name(name) => diagnostics.blame(&text, unknown_field(&name, &known, fields)),
            Hole::Position(shown) => diagnostics.blame(
                &text,
                format!("`{shown}` names no field; fields are named in the text, such as `{{id}}`"),
            ),
        }
    }
    Message { text, fields: named }
}

fn unknown_field(name: &str, known: &[String], fields: &VariantFields) -> String {
    let why = match (fields, known) {
        (VariantFields::Opaque { .. }, _) => "an `#[opaque]` field is not shown".to_owned(),
        (_, []) => "the variant has no fields".to_owned(),
        (_, known) => format!("there are `{}`", known.join("`, `")),
    };
    format!("the text names `{{{name}}}`, which is no field of the variant: {why}")
}

/// `NotFound` is `not-found`.
pub(crate) fn kebab_case(name: &Ident) -> String {
    let text = name.unraw().to_string();
    let letters: Vec<char> = text.chars().collect();
    let mut kebab = String::new();
    for (index, letter) in letters.iter().enumerate() {
        let before = index.checked_sub(1).map(|before| letters[before]);
        let after_small =
            before.is_some_and(|before| before.is_lowercase() || before.is_ascii_digit());
        let ends_capitals = before.is_some_and(char::is_uppercase)
            && letters.get(index + 1).is_some_and(|next| next.is_lowercase());
        if letter.is_uppercase() && (after_small || ends_capitals) {
            kebab.push('-');
        }
        match letter {
            '_' if kebab.ends_with('-') => {}
            '_' => kebab.push('-'),
            letter => kebab.extend(letter.to_lowercase()),
        }
    }
    kebab
}

/// Whether a written code is one: small letters, digits and single `-` between them.
pub(crate) fn is_kebab_case(code: &str) -> bool {
    !code.is_empty()
        && code.split('-').all(|word| {
            !word.is_empty() && word.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit())
        })
}

#[cfg(test)]
mod tests {
    use super::*;
    use quote::format_ident;

    #[test]
    fn codes() {
        for (name, kebab) in [
            ("NotFound", "not-found"),
            ("HTTPError", "http-error"),
            ("V2Gone", "v2-gone"),
            ("A", "a"),
            ("Snake_Case", "snake-case"),
        ] {
            assert_eq!(kebab_case(&format_ident!("{name}")), kebab);
        }
        assert!(is_kebab_case("not-found-2"));
        for wrong in ["", "Not", "a.b", "a--b", "-a", "a_b"] {
            assert!(!is_kebab_case(wrong), "{wrong}");
        }
    }
}
