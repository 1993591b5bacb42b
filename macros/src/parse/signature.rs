//! The item under a route attribute: its attributes, visibility and signature. The body stays raw tokens, so a
//! half-typed handler gets the compiler's own messages and completion.

use proc_macro2::TokenStream;
use syn::parse::{Parse, ParseStream, Parser};
use syn::{Attribute, Token, Visibility};

use crate::diagnostic::Diagnostics;
use crate::model::Function;
use crate::names;

impl Parse for Function {
    fn parse(input: ParseStream) -> syn::Result<Self> {
        Ok(Self {
            attributes: input.call(Attribute::parse_outer)?,
            visibility: input.parse()?,
            signature: input.parse()?,
            body: input.parse()?,
            rivals: Vec::new(),
        })
    }
}

/// Reads the function, or says what the item should have been.
pub(crate) fn function(
    word: &str,
    tokens: TokenStream,
    diagnostics: &mut Diagnostics,
) -> Option<Function> {
    if let Some(error) =
        (|input: ParseStream| other_item(word, input)).parse2(tokens.clone()).ok()?
    {
        diagnostics.note(error);
        return None;
    }
    let mut function: Function = diagnostics.keep(syn::parse2(tokens))?;
    function.rivals = function.attributes.extract_if(.., |attribute| is_route(attribute)).collect();
    if function.body.to_string().trim() == ";" {
        let name = &function.signature.ident;
        diagnostics
            .blame(name, format!("`{name}` has no body; `#[{word}]` stands on a whole function"));
        return None;
    }
    Some(function)
}

/// Whether this is an attribute of ours that makes a route. A qualified one may be another crate's.
fn is_route(attribute: &Attribute) -> bool {
    let path = attribute.path();
    let Some(word) = path.segments.last().map(|segment| &segment.ident) else { return false };
    let known = word == names::ROUTE || names::METHODS.iter().any(|(name, _)| word == name);
    known && (path.segments.len() == 1 || path.segments[0].ident == "counterpart")
}

/// What is wrong with an item that is no function; consumes all input.
fn other_item(word: &str, input: ParseStream) -> syn::Result<Option<syn::Error>> {
    input.call(Attribute::parse_outer)?;
    input.parse::<Visibility>()?;
    let way_out = if input.peek(Token![struct]) {
        Some("a struct can be an argument or an answer of one")
    } else if input.peek(Token![enum]) {
        Some("an enum can be an argument or an answer of one")
    } else if input.peek(Token![impl]) {
        Some(
            "a method takes `self`, which a route does not; write a free function that takes its state as `&T`",
        )
    } else if input.peek(Token![trait]) {
        Some("a trait has no body to run; write a free function")
    } else if input.peek(Token![mod]) {
        Some("put it on each function of the module, and list them in `api!`")
    } else {
        None
    };
    let error = way_out.map(|way_out| {
        syn::Error::new(input.span(), format!("`#[{word}]` makes a route of a function; {way_out}"))
    });
    input.parse::<TokenStream>()?;
    Ok(error)
}

/// The function under `#[counterpart::main]` or `#[counterpart::test]`.
pub(crate) fn entry(
    word: &str,
    words: TokenStream,
    tokens: TokenStream,
    diagnostics: &mut Diagnostics,
) -> Option<Function> {
    if !words.is_empty() {
        diagnostics.blame(words, format!("`#[counterpart::{word}]` takes no options; remove them"));
    }
    let function: Function = match syn::parse2(tokens) {
        Ok(function) => function,
        Err(error) => {
            let message = format!("`#[counterpart::{word}]` stands on an `async fn`");
            diagnostics.blame_at(error.span(), message);
            return None;
        }
    };
    let signature = &function.signature;
    if signature.asyncness.is_none() {
        let name = &signature.ident;
        let message =
            format!("`#[counterpart::{word}]` runs an async function; write `async fn {name}`");
        diagnostics.blame(signature.fn_token, message);
    }
    if !signature.inputs.is_empty() {
        let message = format!("nobody passes arguments to `{}`; remove them", signature.ident);
        diagnostics.blame(&signature.inputs, message);
    }
    if !signature.generics.params.is_empty() {
        let message =
            format!("nobody chooses types for `{}`; remove the parameters", signature.ident);
        diagnostics.blame(&signature.generics, message);
    }
    Some(function)
}
