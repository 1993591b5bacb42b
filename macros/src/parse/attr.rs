//! `#[get("/path", option = value)]`: the words in a route attribute's parentheses.

use proc_macro2::{Ident, Span, TokenStream, TokenTree};
use syn::ext::IdentExt;
use syn::parse::{ParseStream, Parser};
use syn::{LitStr, Path, Token};

use crate::diagnostic::Diagnostics;
use crate::model::Template;
use crate::names;
use crate::parse::{size, template};

/// The door a route came by: `#[get]` knows its method, `#[route]` reads it.
#[derive(Clone, Copy)]
pub(crate) enum Door {
    Named { word: &'static str, method: &'static str },
    Any,
}

impl Door {
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Named { word, .. } => word,
            Self::Any => names::ROUTE,
        }
    }

    /// How the attribute is written, for messages.
    fn usage(self) -> String {
        match self {
            Self::Named { word, .. } => format!("`#[{word}(\"/path\")]`"),
            Self::Any => "`#[route(METHOD, \"/path\")]`".to_owned(),
        }
    }
}

pub(crate) struct RouteAttribute {
    pub(crate) method: String,
    pub(crate) template: Template,
    pub(crate) location: Option<Path>,
    pub(crate) body_limit: Option<u64>,
    pub(crate) detach: Option<Ident>,
}

/// Reads the attribute; nothing if it has no usable path.
pub(crate) fn route(
    door: Door,
    tokens: TokenStream,
    diagnostics: &mut Diagnostics,
) -> Option<RouteAttribute> {
    let result = (|input: ParseStream| words(door, input, diagnostics)).parse2(tokens);
    diagnostics.keep(result).flatten()
}

fn words(
    door: Door,
    input: ParseStream,
    diagnostics: &mut Diagnostics,
) -> syn::Result<Option<RouteAttribute>> {
    let method = method(door, input, diagnostics)?;
    if !input.peek(LitStr) {
        return Err(no_path(door, input)?);
    }
    let path: LitStr = input.parse()?;
    let template = template::template(&path, diagnostics);
    let mut attribute =
        RouteAttribute { method, template, location: None, body_limit: None, detach: None };
    let mut seen: Vec<Ident> = Vec::new();
    while !input.is_empty() {
        input.parse::<Token![,]>().map_err(|error| {
            syn::Error::new(error.span(), "write `,` between the path and the options")
        })?;
        if input.is_empty() {
            break;
        }
        option(input, &mut attribute, &mut seen, diagnostics)?;
    }
    Ok(Some(attribute))
}

/// What stands in the path's place: nothing, an option, or a value that a macro cannot see.
fn no_path(door: Door, input: ParseStream) -> syn::Result<syn::Error> {
    let usage = door.usage();
    let is_option = input.peek(Ident::peek_any) && input.peek2(Token![=]);
    if input.is_empty() || input.peek(Token![,]) || is_option {
        let message = format!("the path of the route is missing; write {usage}");
        return Ok(syn::Error::new(input.span(), message));
    }
    let mut value = TokenStream::new();
    while !input.is_empty() && !input.peek(Token![,]) {
        value.extend([input.parse::<TokenTree>()?]);
    }
    let message = format!(
        "the path is a string literal, since it is read before any value is known; write {usage}"
    );
    Ok(syn::Error::new_spanned(value, message))
}

/// The method: the attribute's own, or the first word of `#[route(PURGE, …)]`.
fn method(door: Door, input: ParseStream, diagnostics: &mut Diagnostics) -> syn::Result<String> {
    if let Door::Named { method, .. } = door {
        return Ok(method.to_owned());
    }
    let usage = door.usage();
    let missing = |place| syn::Error::new(place, format!("the method is missing; write {usage}"));
    let (name, place) = if input.peek(LitStr) {
        let text: LitStr = input.parse()?;
        (text.value(), text.span())
    } else {
        let word = input.call(Ident::parse_any).map_err(|error| missing(error.span()))?;
        (word.to_string(), word.span())
    };
    if name.starts_with('/') {
        return Err(missing(place));
    }
    input.parse::<Token![,]>().map_err(|error| {
        syn::Error::new(error.span(), format!("the path of the route is missing; write {usage}"))
    })?;
    check_method(&name, place, diagnostics);
    Ok(name)
}

/// A method is a token of RFC 9110 §5.6.2, and upper-case by every convention.
fn check_method(name: &str, place: Span, diagnostics: &mut Diagnostics) {
    let upper = name.to_ascii_uppercase();
    if name.is_empty() || !name.bytes().all(is_token_byte) {
        diagnostics.blame_at(
            place,
            format!(
                "`{name}` is not a method: a method is letters, digits and `-`, such as `PURGE`"
            ),
        );
    } else if name == "CONNECT" {
        diagnostics.blame_at(
            place,
            "`CONNECT` cannot be routed: it names an authority, not a path; answer it in a raw `Server`",
        );
    } else if name != upper {
        diagnostics
            .blame_at(place, format!("methods are case-sensitive: write `{upper}` for `{name}`"));
    }
}

/// `tchar` of RFC 9110 §5.6.2.
pub(crate) fn is_token_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte)
}

/// `location = get_user`, `body_limit = "10 MiB"` or `detach`.
fn option(
    input: ParseStream,
    attribute: &mut RouteAttribute,
    seen: &mut Vec<Ident>,
    diagnostics: &mut Diagnostics,
) -> syn::Result<()> {
    let word = input.call(Ident::parse_any)?;
    let name = word.to_string();
    if !names::OPTIONS.contains(&name.as_str()) {
        diagnostics.blame(&word, unknown(&name));
        return skip_value(input);
    }
    if seen.contains(&word) {
        diagnostics.blame(&word, format!("`{name}` is given twice; remove one"));
        return skip_value(input);
    }
    seen.push(word.clone());
    if name == names::DETACH {
        return detach(word, input, attribute, diagnostics);
    }
    input
        .parse::<Token![=]>()
        .map_err(|error| syn::Error::new(error.span(), format!("write `{name} = …`")))?;
    if name == names::LOCATION {
        attribute.location = Some(location(input)?);
    } else {
        attribute.body_limit = size::size(input, diagnostics)?;
    }
    Ok(())
}

/// A word that is no option, and the one that was meant or all that there are.
fn unknown(name: &str) -> String {
    let meant = names::OPTIONS.iter().find(|option| is_near(name, option));
    match meant {
        Some(option) => format!("`{name}` is not an option of a route; did you mean `{option}`?"),
        None => {
            let known = names::OPTIONS.join("`, `");
            format!("`{name}` is not an option of a route; the options are `{known}`")
        }
    }
}

/// Whether one is the beginning of the other, or a letter is missing, too many or another one.
fn is_near(name: &str, option: &str) -> bool {
    let begins = name.starts_with(option) || name.len() > 2 && option.starts_with(name);
    let same = |(one, other): &(char, char)| one == other;
    let ahead = name.chars().zip(option.chars()).take_while(same).count();
    let behind = name.chars().rev().zip(option.chars().rev()).take_while(same).count();
    begins || ahead + behind + 1 >= name.len().max(option.len())
}

fn detach(
    word: Ident,
    input: ParseStream,
    attribute: &mut RouteAttribute,
    diagnostics: &mut Diagnostics,
) -> syn::Result<()> {
    if !input.is_empty() && !input.peek(Token![,]) {
        diagnostics.blame(&word, "`detach` stands by itself: write the word, or leave it out");
        skip_value(input)?;
    }
    attribute.detach = Some(word);
    Ok(())
}

fn location(input: ParseStream) -> syn::Result<Path> {
    input.call(Path::parse_mod_style).map_err(|error| {
        syn::Error::new(
            error.span(),
            "`location` takes the route whose path is the new thing's address, such as `location = get_user`",
        )
    })
}

/// Skips to the next comma, so that what follows is still read.
fn skip_value(input: ParseStream) -> syn::Result<()> {
    while !input.is_empty() && !input.peek(Token![,]) {
        input.parse::<TokenTree>()?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use quote::quote;

    const GET: Door = Door::Named { word: "get", method: "GET" };

    fn messages(door: Door, tokens: TokenStream) -> Vec<String> {
        let mut diagnostics = Diagnostics::new();
        route(door, tokens, &mut diagnostics);
        diagnostics.messages()
    }

    #[test]
    fn all_options_at_once() {
        let mut diagnostics = Diagnostics::new();
        let tokens = quote!("/users", detach, location = users::get, body_limit = "2 KiB",);
        let attribute = route(GET, tokens, &mut diagnostics).unwrap();
        assert!(diagnostics.messages().is_empty());
        assert_eq!(attribute.body_limit, Some(2048));
        assert!(attribute.location.is_some() && attribute.detach.is_some());
    }

    #[test]
    fn an_option_that_is_nearly_right() {
        for (word, meant) in [
            (quote!(detached), "detach"),
            (quote!(detatch), "detach"),
            (quote!(bodylimit = 1), "body_limit"),
            (quote!(loc = get), "location"),
            (quote!(body_limits = 1), "body_limit"),
        ] {
            let messages = messages(GET, quote!("/", #word));
            assert!(messages[0].ends_with(&format!("did you mean `{meant}`?")), "{messages:?}");
        }
        assert!(messages(GET, quote!("/", timeout = 1))[0].contains("the options are"));
        assert_eq!(messages(GET, quote!("/", detach = true)).len(), 1);
        assert_eq!(messages(GET, quote!("/", detach, detach)).len(), 1);
    }

    #[test]
    fn every_mistake_in_one_go() {
        assert_eq!(
            messages(GET, quote!("users", colour = "red", body_limit = 1, body_limit = 2)),
            [
                "the path must begin with `/`; write `/users`",
                "`colour` is not an option of a route; the options are `location`, `body_limit`, `detach`",
                "`body_limit` is given twice; remove one",
            ]
        );
    }

    #[test]
    fn a_path_is_a_literal() {
        for (tokens, start) in [
            (quote!(), "the path of the route is missing"),
            (quote!(location = get_user), "the path of the route is missing"),
            (quote!(USERS), "the path is a string literal"),
            (quote!(crate::paths::USERS, location = get_user), "the path is a string literal"),
            (quote!(concat!("/", "users")), "the path is a string literal"),
            (quote!(b"/users"), "the path is a string literal"),
        ] {
            let messages = messages(GET, tokens);
            assert!(messages.len() == 1 && messages[0].starts_with(start), "{messages:?}");
        }
        assert!(
            messages(Door::Any, quote!(GET, USERS))[0].contains("`#[route(METHOD, \"/path\")]`")
        );
    }

    #[test]
    fn methods() {
        assert!(messages(Door::Any, quote!(PURGE, "/")).is_empty());
        assert!(messages(Door::Any, quote!("M-SEARCH", "/")).is_empty());
        for (tokens, start) in [
            (quote!(CONNECT, "/"), "`CONNECT` cannot be routed"),
            (quote!(purge, "/"), "methods are case-sensitive"),
            (quote!("A B", "/"), "`A B` is not a method"),
            (quote!("/x"), "the method is missing"),
            (quote!(), "the method is missing"),
            (quote!(GET), "the path of the route is missing"),
        ] {
            let messages = messages(Door::Any, tokens);
            assert!(messages[0].starts_with(start), "{messages:?}");
        }
    }
}
