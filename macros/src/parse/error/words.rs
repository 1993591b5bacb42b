//! `#[error(404, "there is no user {id}", code = "…")]`: the words of one variant.

use proc_macro2::{Span, TokenStream};
use syn::parse::{ParseStream, Parser};
use syn::{Attribute, Ident, LitInt, LitStr, Token, Variant};

use crate::diagnostic::Diagnostics;
use crate::names;

/// The words of one `#[error(…)]`.
#[derive(Default)]
pub(super) struct Words {
    pub(super) status: Option<(u16, Span)>,
    pub(super) message: Option<LitStr>,
    pub(super) code: Option<LitStr>,
    pub(super) transparent: Option<Ident>,
}

pub(super) fn words(variant: &Variant, diagnostics: &mut Diagnostics) -> Option<Words> {
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
