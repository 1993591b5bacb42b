//! A route attribute and the function under it, put together.

use std::hash::{DefaultHasher, Hash, Hasher};

use proc_macro2::{Span, TokenStream};
use quote::ToTokens;
use syn::{Ident, ReturnType, Signature};

use crate::diagnostic::Diagnostics;
use crate::model::{Answer, Route};
use crate::parse::arguments::means_the_same;
use crate::parse::attr::Door;
use crate::parse::{arguments, attr, signature};
use crate::shape;

/// Reads both; nothing if either is missing, with the mistakes noted.
pub(crate) fn route(
    door: Door,
    words: TokenStream,
    item: TokenStream,
    diagnostics: &mut Diagnostics,
) -> Option<Route> {
    let seed = format!("{words} {item}");
    let attribute = attr::route(door, words, diagnostics);
    let mut function = signature::function(door.word(), item, diagnostics)?;
    let Some(attribute) = attribute else {
        // Without a path nothing can be bound; still, the markers must come off.
        strip(&mut function.signature);
        return Some(pathless(function, &seed));
    };
    let attr::RouteAttribute { method, template, location, body_limit, detach } = attribute;
    let arguments = arguments::arguments(&mut function.signature, &method, &template, diagnostics);
    let answer = answer(&function.signature);
    let mark = mark(&function.signature.ident, &seed);
    Some(Route {
        function,
        method,
        template,
        arguments,
        answer,
        location,
        body_limit,
        detach,
        mark,
    })
}

/// What the function gives back, seen through `async` and `impl Future`.
fn answer(signature: &Signature) -> Answer {
    let generics: Vec<Ident> = signature.generics.type_params().map(|t| t.ident.clone()).collect();
    let awaited = signature.asyncness.is_some();
    let ReturnType::Type(_, written) = &signature.output else {
        return Answer { ty: None, awaited, nameable: true };
    };
    let future = shape::future_output(written).filter(|_| !awaited);
    let ty = future.unwrap_or(written);
    Answer {
        nameable: means_the_same(ty, &generics) && shape::borrowed(ty).is_none(),
        awaited: awaited || future.is_some(),
        ty: Some(ty.clone()),
    }
}

/// A route whose attribute could not be read: only its name is certain.
fn pathless(function: crate::model::Function, seed: &str) -> Route {
    let place = Span::call_site();
    let mut answer = answer(&function.signature);
    answer.nameable = answer.nameable && function.signature.generics.params.is_empty();
    Route {
        mark: mark(&function.signature.ident, seed),
        function,
        method: "GET".to_owned(),
        template: crate::model::Template { text: String::new(), parameters: Vec::new(), place },
        arguments: Vec::new(),
        answer,
        location: None,
        body_limit: None,
        detach: None,
    }
}

/// Takes the markers off and says nothing: the attribute is broken, and one message is enough.
fn strip(signature: &mut Signature) {
    let nowhere = crate::model::Template {
        text: String::new(),
        parameters: Vec::new(),
        place: Span::call_site(),
    };
    let mut silent = Diagnostics::new();
    arguments::arguments(signature, "GET", &nowhere, &mut silent);
    drop(silent.finish());
}

/// A mark for the route's hidden macro, which may be exported and then shares one name space with the whole
/// crate. The place tells most routes apart; the tokens tell those apart that one `macro_rules!` wrote.
fn mark(name: &Ident, seed: &str) -> String {
    let mut hasher = DefaultHasher::new();
    (name.to_token_stream().to_string(), seed).hash(&mut hasher);
    if proc_macro::is_available() {
        let place = Span::call_site().unwrap();
        (place.file(), place.line(), place.column()).hash(&mut hasher);
    }
    format!("{:016x}", hasher.finish())
}
