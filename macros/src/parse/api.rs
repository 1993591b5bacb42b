//! `api!(pub Users: get_user, users::{list_users, create_user as create}, Posts at "/posts")`

use proc_macro2::{TokenStream, TokenTree};
use quote::ToTokens;
use syn::ext::IdentExt;
use syn::parse::{ParseStream, Parser};
use syn::{Attribute, Ident, LitStr, Path, PathSegment, Token, braced, token};

use crate::diagnostic::Diagnostics;
use crate::model::{Entry, EntryKind, List};
use crate::parse::template;

/// Reads the list; nothing if it has no name.
pub(crate) fn list(tokens: TokenStream, diagnostics: &mut Diagnostics) -> Option<List> {
    let mut list = None;
    let result = (|input: ParseStream| words(input, &mut list, diagnostics)).parse2(tokens);
    diagnostics.keep(result);
    list
}

/// What has been read before a mistake is kept in `list`.
fn words(
    input: ParseStream,
    list: &mut Option<List>,
    diagnostics: &mut Diagnostics,
) -> syn::Result<()> {
    let attributes = input.call(Attribute::parse_outer)?;
    let visibility = input.parse()?;
    let usage = |place, routes| {
        syn::Error::new(place, format!("a list has a name; write `api!(pub Users: {routes})`"))
    };
    let some_routes = "get_user, list_users";
    let name: Ident = input.parse().map_err(|error| usage(error.span(), some_routes))?;
    if !(input.is_empty() || input.peek(Token![:]) && !input.peek(Token![::])) {
        return Err(usage(name.span(), some_routes));
    }
    // A list of nothing may stand alone, but a small name is the route of a list whose own was forgotten.
    if input.is_empty() && is_small(&name) {
        return Err(usage(name.span(), &name.to_string()));
    }
    let list = list.insert(List { attributes, visibility, name, entries: Vec::new() });
    if input.is_empty() {
        return Ok(());
    }
    input.parse::<Token![:]>()?;
    let mut reader = Reader { entries: &mut list.entries, diagnostics };
    reader.trees(input, None)
}

struct Reader<'r> {
    entries: &'r mut Vec<Entry>,
    diagnostics: &'r mut Diagnostics,
}

impl Reader<'_> {
    fn trees(&mut self, input: ParseStream, prefix: Option<&Path>) -> syn::Result<()> {
        while !input.is_empty() {
            let attributes = input.call(Attribute::parse_outer)?;
            // A mistake is one entry's; the others stay, and with them their methods of the client.
            if let Err(error) = self.tree(input, prefix.cloned(), attributes) {
                self.diagnostics.note(error);
                skip_entry(input)?;
            }
            self.comma(input)?;
        }
        Ok(())
    }

    fn comma(&mut self, input: ParseStream) -> syn::Result<()> {
        if input.is_empty() || input.parse::<Option<Token![,]>>()?.is_some() {
            return Ok(());
        }
        if input.peek(Ident) {
            let message =
                "after a route comes `,` or `as name`, after a list also `at \"/prefix\"`";
            self.diagnostics.blame_at(input.span(), message);
            return Ok(());
        }
        self.diagnostics.blame_at(input.span(), "write `,` between the routes of a list");
        skip_entry(input)?;
        input.parse::<Option<Token![,]>>()?;
        Ok(())
    }

    /// `get_user`, `users::get as get_user`, `users::{…}`, `Posts at "/posts"`
    fn tree(
        &mut self,
        input: ParseStream,
        prefix: Option<Path>,
        attributes: Vec<Attribute>,
    ) -> syn::Result<()> {
        let mut path = match prefix {
            Some(path) => path,
            None => Path { leading_colon: input.parse()?, segments: Default::default() },
        };
        loop {
            if input.peek(token::Brace) {
                let inside;
                braced!(inside in input);
                self.trees(&inside, Some(&path))?;
                return self.refuse_prefix(input);
            }
            path.segments.push(segment(input)?);
            if input.parse::<Option<Token![::]>>()?.is_none() {
                break;
            }
        }
        let entry = self.entry(input, path, attributes)?;
        self.entries.push(entry);
        Ok(())
    }

    fn entry(
        &mut self,
        input: ParseStream,
        path: Path,
        attributes: Vec<Attribute>,
    ) -> syn::Result<Entry> {
        let last = last(&path).clone();
        self.refuse_call(input, &last)?;
        let renamed = match input.parse::<Option<Token![as]>>()? {
            Some(_) => Some(input.call(Ident::parse_any)?),
            None => None,
        };
        let is_list = last.unraw().to_string().starts_with(char::is_uppercase);
        let prefix = self.prefix(input, &last, is_list)?;
        let kind = match (is_list, prefix) {
            (false, None) => EntryKind::Route,
            (_, prefix) => EntryKind::List { prefix: prefix.unwrap_or_default() },
        };
        let name = renamed.unwrap_or_else(|| match kind {
            EntryKind::Route => last.clone(),
            EntryKind::List { .. } => snake_case(&last),
        });
        let kind = if is_list { kind } else { EntryKind::Route };
        Ok(Entry { attributes, path, name, kind })
    }

    /// `get_user()`: the list goes on behind it.
    fn refuse_call(&mut self, input: ParseStream, last: &Ident) -> syn::Result<()> {
        if input.peek(token::Paren) {
            let call: TokenTree = input.parse()?;
            let message = format!("a route is listed by its name, without `()`; write `{last}`");
            self.diagnostics.blame(call, message);
        }
        Ok(())
    }

    /// `posts::{Posts, Drafts} at "/posts"`
    fn refuse_prefix(&mut self, input: ParseStream) -> syn::Result<()> {
        if is_at(input) {
            let message =
                "`at` puts one list under a prefix; write it behind each list in the braces";
            self.diagnostics.blame_at(input.span(), message);
            skip_entry(input)?;
        }
        Ok(())
    }

    /// `at "/posts"`
    fn prefix(
        &mut self,
        input: ParseStream,
        last: &Ident,
        is_list: bool,
    ) -> syn::Result<Option<String>> {
        if !is_at(input) {
            return Ok(None);
        }
        let word: Ident = input.parse()?;
        let text: LitStr = input.parse().map_err(|error| {
            syn::Error::new(error.span(), "`at` takes a prefix, such as `at \"/posts\"`")
        })?;
        if !is_list {
            let message = format!(
                "`at` puts a whole list under a prefix, and `{last}` is a route; write the prefix in its own path"
            );
            self.diagnostics.blame(&word, message);
        }
        Ok(Some(template::prefix(&text, self.diagnostics)))
    }
}

fn is_at(input: ParseStream) -> bool {
    input.fork().parse::<Ident>().is_ok_and(|word| word == "at")
}

/// Skips what cannot be read, to the comma that ends it.
fn skip_entry(input: ParseStream) -> syn::Result<()> {
    while !input.is_empty() && !input.peek(Token![,]) {
        input.parse::<TokenTree>()?;
    }
    Ok(())
}

fn segment(input: ParseStream) -> syn::Result<PathSegment> {
    if input.peek(Token![<]) {
        return Err(generic(input));
    }
    if input.peek(Token![*]) {
        let message =
            "a list names each of its routes, so that a reader sees them; write them out for `*`";
        return Err(input.error(message));
    }
    let name = input.call(Ident::parse_any).map_err(|error| {
        let message =
            "a list takes routes and other lists by their paths, such as `users::get_user`";
        syn::Error::new(error.span(), message)
    })?;
    if input.peek(Token![<]) {
        return Err(generic(input));
    }
    Ok(PathSegment::from(name))
}

fn generic(input: ParseStream) -> syn::Error {
    input.error("a list is made of functions that are not generic; remove `<…>`")
}

/// The last word of a path; a path that was read has one.
pub(crate) fn last(path: &Path) -> &Ident {
    let last = path.segments.last().map(|segment| &segment.ident);
    last.unwrap_or_else(|| unreachable!("`{}` has no words", path.to_token_stream()))
}

/// Whether the name is one of a function: its first letter is small.
fn is_small(name: &Ident) -> bool {
    name.unraw().to_string().trim_start_matches('_').starts_with(char::is_lowercase)
}

/// `BlogPosts` is reached by `client.blog_posts()`.
fn snake_case(name: &Ident) -> Ident {
    let mut snake = String::new();
    let text = name.unraw().to_string();
    let letters: Vec<char> = text.chars().collect();
    for (index, letter) in letters.iter().enumerate() {
        let after_small =
            index > 0 && !letters[index - 1].is_uppercase() && letters[index - 1] != '_';
        let before_small = letters.get(index + 1).is_some_and(|next| next.is_lowercase());
        let inside = index > 0 && letters[index - 1] != '_';
        if letter.is_uppercase() && (after_small || (inside && before_small)) {
            snake.push('_');
        }
        snake.extend(letter.to_lowercase());
    }
    match syn::parse_str::<Ident>(&snake) {
        Ok(_) => Ident::new(&snake, name.span()),
        Err(_) => Ident::new_raw(&snake, name.span()),
    }
}

#[cfg(test)]
mod tests;
