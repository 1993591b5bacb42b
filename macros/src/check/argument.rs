//! Rules about one argument.

use quote::ToTokens;
use syn::Type;

use crate::diagnostic::Diagnostics;
use crate::model::{Argument, Hold, MarkerKind, Role};
use crate::parse::attr::is_token_byte;
use crate::{names, shape};

pub(super) fn argument(argument: &Argument, diagnostics: &mut Diagnostics) {
    markers_agree(argument, diagnostics);
    references_are_to_whole_things(argument, diagnostics);
    values_own_what_they_hold(argument, diagnostics);
    parameters_are_always_there(argument, diagnostics);
    a_key_is_optional_once(argument, diagnostics);
    header_names_are_free(argument, diagnostics);
}

fn markers_agree(argument: &Argument, diagnostics: &mut Diagnostics) {
    let name = &argument.name;
    if let [first, rest @ ..] = argument.markers.as_slice() {
        for second in rest {
            let message = if first.word == second.word {
                format!("`#[{}]` stands twice on `{name}`; remove one", second.word)
            } else {
                format!(
                    "`{name}` cannot be both `#[{}]` and `#[{}]`; remove one",
                    first.word, second.word
                )
            };
            diagnostics.blame(&second.word, message);
        }
    }
    let Some(marker) = argument.markers.iter().find(|m| m.kind != MarkerKind::Refused) else {
        return;
    };
    let word = &marker.word;
    if argument.role == Role::Path {
        let message = format!(
            "`{name}` is a path parameter, since the path names it; remove `#[{word}]`, or rename the argument"
        );
        diagnostics.blame(word, message);
    }
    if matches!(argument.role, Role::Provided { .. }) {
        let message = format!(
            "`{name}` is a reference, which the server provides, and `#[{word}]` says it travels; take it by value or remove `#[{word}]`"
        );
        diagnostics.blame(word, message);
    }
}

/// `&str`, `&[u8]`, `&mut T` and lifetimes: nothing the server could lend.
fn references_are_to_whole_things(argument: &Argument, diagnostics: &mut Diagnostics) {
    let optional = shape::only_argument(&argument.ty, "Option");
    let Some(reference) = shape::reference(optional.unwrap_or(&argument.ty)) else { return };
    let name = &argument.name;
    let take = |owned: &str| match optional {
        Some(_) => format!("an `Option<{owned}>`"),
        None => format!("a `{owned}`"),
    };
    if reference.mutability.is_some() {
        let message = format!(
            "`{name}` is lent to all requests at once, so it cannot be `&mut`; take `&T` and put a lock inside `T`"
        );
        return diagnostics.blame(reference, message);
    }
    let owned = owned_twin(&reference.elem).filter(|_| !matches!(argument.role, Role::Server(_)));
    if let Some(owned) = owned {
        let message = format!(
            "a reference is what the server provides, and `{name}` would come over the wire; take {}",
            take(owned)
        );
        return diagnostics.blame(reference, message);
    }
    if shape::is_unsized(&reference.elem) {
        let message = format!(
            "`{name}` is found by its type, which must be one of a known size; wrap it in a struct of your own"
        );
        return diagnostics.blame(&reference.elem, message);
    }
    if argument.role == Role::Path {
        let message =
            format!("`{name}` is a path parameter, which travels by value; remove the `&`");
        return diagnostics.blame(reference, message);
    }
    if let Some(lifetime) = &reference.lifetime {
        let message = format!("the server lends `{name}` for one request; remove `{lifetime}`");
        diagnostics.blame(lifetime, message);
    }
    if let Some((place, lifetime)) = shape::lifetime(&reference.elem) {
        let message = format!(
            "`{name}` is lent as a whole, so its type cannot have a lifetime; remove `{lifetime}`"
        );
        diagnostics.blame_at(place, message);
    }
    if let Some(word) = shape::word(&reference.elem, &["impl"]) {
        let message = format!("`{name}` is found by its type; write the type itself for `impl …`");
        diagnostics.blame(word, message);
    }
}

/// What to take instead of a reference to borrowed bytes or text.
fn owned_twin(ty: &Type) -> Option<&'static str> {
    if shape::is_named(ty, "str") || shape::is_named(ty, "String") {
        return Some("String");
    }
    let bytes = match shape::bare(ty) {
        Type::Slice(slice) => shape::is_named(&slice.elem, "u8"),
        _ => shape::only_argument(ty, "Vec").is_some_and(|item| shape::is_named(item, "u8")),
    };
    bytes.then_some("Vec<u8>")
}

/// By value: no lifetime but `'static`, no reference inside, no `impl Trait`.
fn values_own_what_they_hold(argument: &Argument, diagnostics: &mut Diagnostics) {
    let borrows = matches!(
        argument.role,
        Role::Provided { .. } | Role::Server(Hold::Reference | Hold::OptionalReference)
    );
    if borrows || shape::reference(&argument.ty).is_some() {
        return;
    }
    let name = &argument.name;
    if let Some(word) = shape::word(&argument.ty, &["impl"]) {
        let message = format!(
            "the client must know the type of `{name}`; write the type itself for `impl …`"
        );
        diagnostics.blame(word, message);
    } else if let Some((place, lifetime)) = shape::lifetime(&argument.ty) {
        let message = format!(
            "`{name}` is read from the request and owned by the handler, so it cannot borrow for `{lifetime}`; use a type without a lifetime"
        );
        diagnostics.blame_at(place, message);
    } else if let Some(place) = shape::ampersand(&argument.ty) {
        let message = format!(
            "`{name}` is read from the request and owned by the handler, so it cannot hold a reference; use an owned type, such as `String`"
        );
        diagnostics.blame_at(place, message);
    } else if let Some(word) = shape::word(&argument.ty, &["_"]) {
        diagnostics.blame(word, format!("the type of `{name}` must be written out"));
    }
}

fn parameters_are_always_there(argument: &Argument, diagnostics: &mut Diagnostics) {
    if argument.role != Role::Path {
        return;
    }
    let name = &argument.name;
    if let Some(inner) = shape::only_argument(&argument.ty, "Option") {
        let message = format!(
            "`{name}` is in the path, so it is always there; take `{}`, and write a second route for the path without it",
            inner.to_token_stream()
        );
        diagnostics.blame(&argument.ty, message);
    }
}

fn a_key_is_optional_once(argument: &Argument, diagnostics: &mut Diagnostics) {
    if !matches!(argument.role, Role::Query { .. } | Role::Header { .. }) {
        return;
    }
    let inner = shape::only_argument(&argument.ty, "Option");
    if inner.and_then(|inner| shape::only_argument(inner, "Option")).is_some() {
        let message = format!(
            "`{}` is there or not, which one `Option` says; a value that may be null belongs in a body",
            argument.name
        );
        diagnostics.blame(&argument.ty, message);
    }
}

fn header_names_are_free(argument: &Argument, diagnostics: &mut Diagnostics) {
    let Role::Header { name } = &argument.role else { return };
    let Some(text) = argument.markers.iter().find_map(|marker| marker.text.as_ref()) else {
        return;
    };
    let lower = name.to_ascii_lowercase();
    if name.is_empty() || !name.bytes().all(is_token_byte) {
        let message =
            format!("`{name}` is not the name of a header; it is made of letters, digits and `-`");
        diagnostics.blame(text, message);
    } else if names::ENGINE_HEADERS.contains(&lower.as_str()) {
        let message = format!(
            "`{name}` belongs to the connection, which the engine handles; no handler sees it"
        );
        diagnostics.blame(text, message);
    }
}
