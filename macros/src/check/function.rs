//! Rules about the function itself and what it gives back.

use syn::{GenericParam, ReturnType, Safety};

use crate::diagnostic::Diagnostics;
use crate::model::Route;
use crate::shape;

pub(super) fn function(route: &Route, diagnostics: &mut Diagnostics) {
    the_function_is_plain(route, diagnostics);
    nothing_is_generic(route, diagnostics);
    one_route_a_function(route, diagnostics);
    the_answer_is_a_plain_type(route, diagnostics);
    what_is_detached_waits(route, diagnostics);
}

fn the_function_is_plain(route: &Route, diagnostics: &mut Diagnostics) {
    let signature = &route.function.signature;
    if let Some(word) = &signature.constness {
        diagnostics.blame(word, "a handler runs when a request comes; remove `const`");
    }
    if let Safety::Unsafe(word) = &signature.safety {
        diagnostics
            .blame(word, "anyone may call a route, so it cannot be `unsafe`; remove the word");
    }
    if let Some(abi) = &signature.abi {
        diagnostics.blame(abi, "a handler is an ordinary Rust function; remove `extern`");
    }
    if let Some(variadic) = &signature.variadic {
        diagnostics.blame(variadic, "a handler names each of its arguments; remove `...`");
    }
}

fn nothing_is_generic(route: &Route, diagnostics: &mut Diagnostics) {
    let generics = &route.function.signature.generics;
    for parameter in &generics.params {
        let message = match parameter {
            GenericParam::Lifetime(lifetime) => format!(
                "a handler needs no lifetime; remove `{}` and write `&T` for what the server lends",
                lifetime.lifetime
            ),
            GenericParam::Type(ty) => format!(
                "a route is one function, and `{}` would make it many; write the type itself",
                ty.ident
            ),
            GenericParam::Const(constant) => format!(
                "a route is one function, and `{}` would make it many; write the value itself",
                constant.ident
            ),
        };
        diagnostics.blame(parameter, message);
    }
    if let Some(clause) = &generics.where_clause {
        diagnostics.blame(
            clause,
            "a handler is not generic, so there is nothing to bound; remove `where`",
        );
    }
}

fn one_route_a_function(route: &Route, diagnostics: &mut Diagnostics) {
    for rival in &route.function.rivals {
        let message = format!(
            "`{}` has a route already; write a second function that calls it",
            route.function.signature.ident
        );
        diagnostics.blame(rival, message);
    }
}

/// Only where a function waits can it be given up.
fn what_is_detached_waits(route: &Route, diagnostics: &mut Diagnostics) {
    if let Some(word) = route.detach.as_ref().filter(|_| !route.answer.awaited) {
        let name = &route.function.signature.ident;
        let message =
            format!("`{name}` is not async, so it always runs to its end; remove `detach`");
        diagnostics.blame(word, message);
    }
}

fn the_answer_is_a_plain_type(route: &Route, diagnostics: &mut Diagnostics) {
    let ReturnType::Type(_, written) = &route.function.signature.output else { return };
    let ty = route.answer.ty.as_ref().unwrap_or(written);
    if let Some(word) = shape::word(ty, &["impl"]) {
        let way_out = if shape::future_output(ty).is_some() {
            "remove `async`, or write the future's own answer for `impl Future`"
        } else {
            "write the type itself for `impl …`"
        };
        diagnostics.blame(word, format!("the client must know the type of the answer; {way_out}"));
    } else if let Some((place, lifetime)) = shape::lifetime(ty) {
        let message = format!(
            "an answer outlives the handler, so it cannot borrow for `{lifetime}`; give back an owned type"
        );
        diagnostics.blame_at(place, message);
    } else if let Some(place) = shape::borrowed(ty) {
        diagnostics.blame_at(
            place,
            "an answer outlives the handler, so it cannot be a reference; give back an owned type",
        );
    } else if let Some(word) = shape::word(ty, &["_"]) {
        diagnostics.blame_at(word.span(), "the type of the answer must be written out");
    }
}
