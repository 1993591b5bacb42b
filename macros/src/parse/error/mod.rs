//! `derive(ApiError)`: the enum, its variants and their `#[error(…)]`.

pub(crate) mod code;
mod words;

use proc_macro2::TokenStream;
use syn::ext::IdentExt;
use syn::{Data, DeriveInput, Field, Fields, Ident, LitStr, Variant};

use crate::diagnostic::Diagnostics;
use crate::model::{ErrorEnum, ErrorVariant, Member, Message, VariantFields, VariantKind};
use crate::names;
use crate::parse::message::{self, Hole};
use code::kebab_case;
use words::{Words, words};

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

fn fields(
    variant: &Variant,
    words: &Words,
    diagnostics: &mut Diagnostics,
) -> Option<VariantFields> {
    let name = &variant.ident;
    for field in &variant.fields {
        refuse_foreign_sources(field, words, diagnostics);
    }
    let opaque: Vec<&Field> = variant.fields.iter().filter(|field| is_opaque(field)).collect();
    if let Some(word) = &words.transparent {
        return nested(variant, word, &opaque, diagnostics);
    }
    // A refused word is read as the one to write for it.
    if let Some(field) = variant.fields.iter().find(|field| foreign_source(field).is_some()) {
        return Some(VariantFields::Opaque { name: field.ident.clone(), ty: field.ty.clone() });
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

fn foreign_source(field: &Field) -> Option<&Ident> {
    let mut words = field.attrs.iter().filter_map(|attribute| attribute.path().get_ident());
    words.find(|word| names::FOREIGN_SOURCES.iter().any(|foreign| *word == foreign))
}

/// `#[from]` and `#[source]`, which stand beside a source elsewhere.
fn refuse_foreign_sources(field: &Field, words: &Words, diagnostics: &mut Diagnostics) {
    let Some(word) = foreign_source(field) else { return };
    let way_out = if words.transparent.is_some() || is_opaque(field) {
        "remove it"
    } else {
        "write `#[opaque]` for it, or make the variant `transparent` if the error inside is an `ApiError`"
    };
    let message = format!(
        "there is no `#[{word}]`, since `?` takes every error that a variant holds; {way_out}"
    );
    diagnostics.blame(word, message);
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
