//! The arguments of a handler: names, types and markers, and the rule that gives each its role.

use proc_macro2::Ident;
use syn::ext::IdentExt;
use syn::{Attribute, FnArg, LitStr, Meta, Pat, PatType, Signature, Type};

use crate::diagnostic::Diagnostics;
use crate::model::{Argument, Hold, Marker, MarkerKind, Role, Template};
use crate::{names, shape};

/// Takes the arguments out of `signature`, the markers off it, and gives every argument its role.
pub(crate) fn arguments(
    signature: &mut Signature,
    method: &str,
    template: &Template,
    diagnostics: &mut Diagnostics,
) -> Vec<Argument> {
    let generics: Vec<Ident> = signature.generics.type_params().map(|t| t.ident.clone()).collect();
    let mut arguments = Vec::new();
    for input in &mut signature.inputs {
        let typed = match input {
            FnArg::Typed(typed) => typed,
            FnArg::Receiver(receiver) => {
                let message = "a route stands on a free function, which has no `self`; take the state as an argument, such as `db: &Db`";
                diagnostics.blame(receiver.self_token, message);
                continue;
            }
        };
        let markers = markers(typed, diagnostics);
        let Some(name) = name(typed, diagnostics) else { continue };
        let role = role(&name, &typed.ty, &markers, method, template);
        let nameable = is_nameable(&typed.ty, &generics);
        arguments.push(Argument { name, ty: (*typed.ty).clone(), role, markers, nameable });
    }
    arguments
}

/// Whether the type means the same outside the function. References around it are taken off before it is said.
pub(crate) fn is_nameable(ty: &Type, generics: &[Ident]) -> bool {
    let inner = shape::reference(ty).map_or(ty, |reference| &reference.elem);
    let inner = shape::only_argument(inner, "Option").unwrap_or(inner);
    let inner = shape::reference(inner).map_or(inner, |reference| &reference.elem);
    let whole = !shape::is_unsized(inner) && shape::ampersand(inner).is_none();
    whole && means_the_same(inner, generics)
}

/// Whether nothing in the type is known to its function alone.
pub(crate) fn means_the_same(ty: &Type, generics: &[Ident]) -> bool {
    let is_generic = generics.iter().any(|name| shape::word(ty, &[&name.to_string()]).is_some());
    !is_generic
        && shape::word(ty, &["impl", "_", "Self"]).is_none()
        && shape::lifetime(ty).is_none()
}

/// The name of the argument: a handler's arguments are bound by it.
fn name(typed: &PatType, diagnostics: &mut Diagnostics) -> Option<Ident> {
    match &*typed.pat {
        Pat::Ident(pattern) if pattern.by_ref.is_none() && pattern.subpat.is_none() => {
            Some(pattern.ident.clone())
        }
        pattern => {
            diagnostics.blame(
                pattern,
                "an argument is bound by its name, so it must be a name; take the value apart in the body",
            );
            None
        }
    }
}

/// Takes our markers off an argument and leaves the attributes that are the compiler's.
fn markers(typed: &mut PatType, diagnostics: &mut Diagnostics) -> Vec<Marker> {
    let mut markers = Vec::new();
    let PatType { attrs, pat, .. } = typed;
    attrs.retain(|attribute| {
        let Some(word) = attribute.path().get_ident() else { return true };
        if word == "cfg" || word == "cfg_attr" {
            diagnostics.blame(
                attribute,
                "an argument cannot come and go with `#[cfg]`: server and client would disagree; write two functions",
            );
            return false;
        }
        match marker(attribute, word, pat, diagnostics) {
            Some(marker) => markers.push(marker),
            None => return true,
        }
        false
    });
    markers
}

/// One marker, or nothing if the attribute is not ours.
fn marker(
    attribute: &Attribute,
    word: &Ident,
    pattern: &Pat,
    diagnostics: &mut Diagnostics,
) -> Option<Marker> {
    let name = word.to_string();
    let kind = match name.as_str() {
        names::QUERY => MarkerKind::Query,
        names::HEADER => MarkerKind::Header,
        names::BODY => MarkerKind::Body,
        names::SERVER => MarkerKind::Server,
        names::PATH => {
            let message =
                "`#[path]` is not needed: an argument is a path parameter if the path names it";
            diagnostics.blame(word, message);
            MarkerKind::Refused
        }
        other if names::MARKERS_TO_COME.contains(&other) => {
            diagnostics.blame(
                word,
                format!(
                    "`#[{other}]` is not yet in this version; there are `#[query]`, `#[header(\"…\")]`, `#[body]` and `#[server]`"
                ),
            );
            MarkerKind::Refused
        }
        other => {
            let (_, instead) = names::FOREIGN_MARKERS.iter().find(|(word, _)| *word == other)?;
            diagnostics.blame(word, format!("there is no `#[{other}]`; {instead}"));
            MarkerKind::Refused
        }
    };
    let text = match kind {
        MarkerKind::Refused => None,
        _ => text(attribute, kind, pattern, diagnostics),
    };
    Some(Marker { word: word.clone(), kind, text })
}

/// The `"name"` in a marker's parentheses.
fn text(
    attribute: &Attribute,
    kind: MarkerKind,
    pattern: &Pat,
    diagnostics: &mut Diagnostics,
) -> Option<LitStr> {
    let word = attribute.path();
    match (&attribute.meta, kind) {
        (Meta::Path(_), MarkerKind::Header) => {
            let name = header_name(pattern);
            let message =
                format!("the name of the header is missing; write `#[header(\"{name}\")]`");
            diagnostics.blame(word, message);
            None
        }
        (Meta::Path(_), _) => None,
        (Meta::List(list), MarkerKind::Query | MarkerKind::Header) => {
            let text = list.parse_args::<LitStr>().map_err(|error| {
                let message = format!(
                    "write the name as text, such as `#[{}(\"name\")]`",
                    quote::quote!(#word)
                );
                syn::Error::new(error.span(), message)
            });
            diagnostics.keep(text)
        }
        _ => {
            let word = quote::quote!(#word).to_string();
            let message = match kind {
                MarkerKind::Query => "write the name as `#[query(\"name\")]`".to_owned(),
                MarkerKind::Header => "write the name as `#[header(\"x-name\")]`".to_owned(),
                _ => format!("`#[{word}]` takes nothing in parentheses; remove them"),
            };
            diagnostics.blame(&attribute.meta, message);
            None
        }
    }
}

/// The header that an argument is called after: `if_match` says `if-match`.
fn header_name(pattern: &Pat) -> String {
    let name = match pattern {
        Pat::Ident(pattern) => pattern.ident.unraw().to_string(),
        _ => String::new(),
    };
    let name = name.trim_matches('_').replace('_', "-").to_ascii_lowercase();
    let is_free = name.is_ascii() && !names::ENGINE_HEADERS.contains(&name.as_str());
    if name.is_empty() || !is_free { "x-name".to_owned() } else { name }
}

/// The argument rule, in its order: the path, a reference, a marker, then the method decides.
fn role(name: &Ident, ty: &Type, markers: &[Marker], method: &str, template: &Template) -> Role {
    let key = name.unraw().to_string();
    if template.parameters.iter().any(|parameter| parameter.name == key) {
        return Role::Path;
    }
    let marker = markers.iter().find(|marker| marker.kind != MarkerKind::Refused);
    let kind = marker.map(|marker| marker.kind);
    if kind == Some(MarkerKind::Server) {
        return Role::Server(hold(ty));
    }
    if shape::reference(ty).is_some() {
        return Role::Provided { optional: false };
    }
    if shape::only_argument(ty, "Option").and_then(shape::reference).is_some() {
        return Role::Provided { optional: true };
    }
    let text = marker.and_then(|marker| marker.text.as_ref()).map(LitStr::value);
    match kind {
        Some(MarkerKind::Query) => Role::Query { key: text.unwrap_or(key) },
        Some(MarkerKind::Header) => Role::Header { name: text.unwrap_or_default() },
        Some(MarkerKind::Body) => Role::Body,
        _ if matches!(method, "POST" | "PUT" | "PATCH") => Role::Body,
        _ => Role::Query { key },
    }
}

/// How `#[server] x: …` is held, by its tokens.
fn hold(ty: &Type) -> Hold {
    if shape::reference(ty).is_some() {
        Hold::Reference
    } else if shape::only_argument(ty, "Option").and_then(shape::reference).is_some() {
        Hold::OptionalReference
    } else if shape::only_argument(ty, "Arc").is_some() {
        Hold::Shared
    } else {
        Hold::Value
    }
}
