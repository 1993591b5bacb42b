//! Behind each door: read, judge, write; and where something is wrong, every mistake and a stub.

use proc_macro2::TokenStream;
use quote::quote;

use crate::diagnostic::Diagnostics;
use crate::expand::endpoint::State;
use crate::parse::attr::Door;
use crate::{check, expand, parse};

pub(crate) fn route(door: Door, words: TokenStream, item: TokenStream) -> TokenStream {
    let mut diagnostics = Diagnostics::new();
    let route = parse::route::route(door, words, item.clone(), &mut diagnostics);
    if let Some(route) = &route {
        check::route(route, &mut diagnostics);
    }
    let state = if diagnostics.is_empty() { State::Whole } else { State::Broken };
    let written = route.map_or(item, |route| expand::endpoint::endpoint(&route, state));
    let mistakes = diagnostics.finish();
    quote!(#mistakes #written)
}

pub(crate) fn api(list: TokenStream) -> TokenStream {
    let mut diagnostics = Diagnostics::new();
    let list =
        parse::api::list(list, &mut diagnostics).map(|list| check::list(list, &mut diagnostics));
    let written = list.as_ref().map(expand::api::list);
    let mistakes = diagnostics.finish();
    quote!(#mistakes #written)
}

pub(crate) fn api_error(item: TokenStream) -> TokenStream {
    let mut diagnostics = Diagnostics::new();
    let error = parse::error::error_enum(item, &mut diagnostics);
    if let Some(error) = &error {
        check::error(error, &mut diagnostics);
    }
    let written = match &error {
        Some(error) if diagnostics.is_empty() => expand::error::error(error),
        Some(error) => expand::error::stub(error),
        None => TokenStream::new(),
    };
    let mistakes = diagnostics.finish();
    quote!(#mistakes #written)
}

pub(crate) fn state(item: TokenStream) -> TokenStream {
    let mut diagnostics = Diagnostics::new();
    let name = parse::state::state(item, &mut diagnostics);
    let written = name.as_ref().map(expand::state::state);
    let mistakes = diagnostics.finish();
    quote!(#mistakes #written)
}

pub(crate) fn entry(runner: &str, words: TokenStream, item: TokenStream) -> TokenStream {
    let mut diagnostics = Diagnostics::new();
    let function = parse::signature::entry(runner, words, item.clone(), &mut diagnostics);
    let written = match &function {
        Some(function) if diagnostics.is_empty() => expand::main::entry(function, runner),
        Some(function) => expand::main::stub(function, runner),
        None => item,
    };
    let mistakes = diagnostics.finish();
    quote!(#mistakes #written)
}
