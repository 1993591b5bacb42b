//! What tokens tell of a type: a reference, an `Option`, a lifetime. Aliases hide all of it; what they hide is
//! caught later, by assertions on the type itself.

use proc_macro2::{Ident, Span, TokenStream, TokenTree};
use quote::ToTokens;
use syn::ext::IdentExt;
use syn::{
    AssocType, GenericArgument, Path, PathArguments, PathSegment, Type, TypeParamBound,
    TypeReference,
};

/// The type without parentheses or invisible groups around it.
pub(crate) fn bare(ty: &Type) -> &Type {
    match ty {
        Type::Group(group) => bare(&group.elem),
        Type::Paren(paren) => bare(&paren.elem),
        other => other,
    }
}

pub(crate) fn reference(ty: &Type) -> Option<&TypeReference> {
    match bare(ty) {
        Type::Reference(reference) => Some(reference),
        _ => None,
    }
}

/// `T` of `Name<T>`, whatever path `Name` was reached by.
pub(crate) fn only_argument<'t>(ty: &'t Type, name: &str) -> Option<&'t Type> {
    let segment = last_segment(ty)?;
    let PathArguments::AngleBracketed(arguments) = &segment.arguments else { return None };
    if segment.ident != name || arguments.args.len() != 1 {
        return None;
    }
    match arguments.args.first() {
        Some(GenericArgument::Type(inner)) => Some(inner),
        _ => None,
    }
}

/// All type arguments of `Name<…>`.
pub(crate) fn arguments<'t>(ty: &'t Type, name: &str) -> Option<Vec<&'t Type>> {
    let segment = last_segment(ty).filter(|segment| segment.ident == name)?;
    let PathArguments::AngleBracketed(arguments) = &segment.arguments else { return None };
    let types = arguments.args.iter().map(|argument| match argument {
        GenericArgument::Type(inner) => Some(inner),
        _ => None,
    });
    types.collect()
}

/// Whether the type is `Name`, without arguments.
pub(crate) fn is_named(ty: &Type, name: &str) -> bool {
    plain_name(ty).is_some_and(|ident| ident == name)
}

/// Whether the tokens show a type without a size: `str`, `[T]`, `dyn Trait`.
pub(crate) fn is_unsized(ty: &Type) -> bool {
    matches!(bare(ty), Type::Slice(_) | Type::TraitObject(_)) || is_named(ty, "str")
}

/// The last word of a type without arguments: `User` of `model::User`.
fn plain_name(ty: &Type) -> Option<&Ident> {
    last_segment(ty).filter(|segment| segment.arguments.is_none()).map(|segment| &segment.ident)
}

/// A type as one word: `User`, `VecOfUser`, `MapOfStringAndU64`, `Unit`.
pub(crate) fn spoken_name(ty: &Type) -> Option<String> {
    if let Some(name) = plain_name(ty) {
        return (name != "Self").then(|| name.to_string());
    }
    if matches!(bare(ty), Type::Tuple(tuple) if tuple.elems.is_empty()) {
        return Some("Unit".to_owned());
    }
    let segment = last_segment(ty)?;
    let name = segment.ident.unraw().to_string();
    let inner = arguments(ty, &name)?.into_iter().map(spoken_name).collect::<Option<Vec<_>>>()?;
    let inner: Vec<String> = inner.iter().map(|name| capitalised(name)).collect();
    Some(format!("{name}Of{}", inner.join("And")))
}

fn capitalised(name: &str) -> String {
    let name = name.strip_prefix("r#").unwrap_or(name);
    let mut letters = name.chars();
    let first = letters.next().map(char::to_uppercase);
    first.into_iter().flatten().chain(letters).collect()
}

/// The arguments of what is a `Result` by its name: `Result<…>`, `ApiResult<…>`.
pub(crate) fn result_arguments(ty: &Type) -> Option<Vec<&Type>> {
    let name = last_segment(ty)?.ident.to_string();
    if !name.ends_with("Result") {
        return None;
    }
    Some(arguments(ty, &name).unwrap_or_default())
}

fn last_segment(ty: &Type) -> Option<&PathSegment> {
    match bare(ty) {
        Type::Path(path) if path.qself.is_none() => path.path.segments.last(),
        _ => None,
    }
}

/// `T` of `impl Future<Output = T> + …`.
pub(crate) fn future_output(ty: &Type) -> Option<&Type> {
    let Type::ImplTrait(written) = bare(ty) else { return None };
    written.bounds.iter().find_map(|bound| {
        let TypeParamBound::Trait(bound) = bound else { return None };
        let segment = bound.path.segments.last().filter(|segment| segment.ident == "Future")?;
        let PathArguments::AngleBracketed(arguments) = &segment.arguments else { return None };
        arguments.args.iter().find_map(output_binding)
    })
}

fn output_binding(argument: &GenericArgument) -> Option<&Type> {
    match argument {
        GenericArgument::AssocType(AssocType { ident, ty, .. }) if ident == "Output" => Some(ty),
        _ => None,
    }
}

/// The first lifetime but `'static` in `tokens`, as it is written.
pub(crate) fn lifetime(tokens: impl ToTokens) -> Option<(Span, String)> {
    let mut found = None;
    walk(tokens.into_token_stream(), &mut |before, token| {
        let TokenTree::Ident(name) = token else { return };
        if is_punct(before, '\'') && name != "static" && found.is_none() {
            found = Some((name.span(), format!("'{name}")));
        }
    });
    found
}

/// The first `&` in `tokens`.
pub(crate) fn ampersand(tokens: impl ToTokens) -> Option<Span> {
    let mut found = None;
    walk(tokens.into_token_stream(), &mut |_, token| {
        if is_punct(Some(token), '&') && found.is_none() {
            found = Some(token.span());
        }
    });
    found
}

/// The first `&` in `tokens` that is not `&'static`.
pub(crate) fn borrowed(tokens: impl ToTokens) -> Option<Span> {
    let mut waiting = None;
    let mut found = None;
    walk(tokens.into_token_stream(), &mut |before, token| {
        // `&`, `'`, `static` are three tokens.
        let is_static = matches!(token, TokenTree::Ident(name) if name == "static");
        if !is_punct(Some(token), '\'') {
            let settled = waiting.take().filter(|_| !(is_static && is_punct(before, '\'')));
            found = found.or(settled);
        }
        if is_punct(Some(token), '&') {
            waiting = Some(token.span());
        }
    });
    found.or(waiting)
}

/// The first of `words` that stands in `tokens` as a word of its own.
pub(crate) fn word(tokens: impl ToTokens, words: &[&str]) -> Option<Ident> {
    let mut found = None;
    walk(tokens.into_token_stream(), &mut |_, token| {
        if let TokenTree::Ident(ident) = token
            && words.iter().any(|word| ident == word)
            && found.is_none()
        {
            found = Some(ident.clone());
        }
    });
    found
}

/// Visits every token, inside groups too, with the one before it.
fn walk(tokens: TokenStream, visit: &mut dyn FnMut(Option<&TokenTree>, &TokenTree)) {
    let mut before = None;
    for token in tokens {
        visit(before.as_ref(), &token);
        if let TokenTree::Group(group) = &token {
            walk(group.stream(), visit);
        }
        before = Some(token);
    }
}

fn is_punct(token: Option<&TokenTree>, wanted: char) -> bool {
    matches!(token, Some(TokenTree::Punct(punct)) if punct.as_char() == wanted)
}

/// A path beside the handler, as it is written one module further down: `super::T` becomes `super::super::T`.
pub(crate) fn from_below(path: &Path) -> Path {
    let mut path = path.clone();
    let Some(first) = path.segments.first() else { return path };
    let place = first.ident.span();
    let is_self = first.ident == "self";
    let is_rooted = path.leading_colon.is_some() || first.ident == "crate";
    if !is_rooted {
        // `self::T` is `super::T` seen from below, and a bare `users::T` stands beside the handler.
        let kept = path.segments.iter().skip(usize::from(is_self)).cloned();
        let up = PathSegment::from(Ident::new("super", place));
        path.segments = std::iter::once(up).chain(kept).collect();
    }
    path
}

/// Where the user wrote a type, for what is generated about it: his place, our names.
pub(crate) fn place(ty: &Type) -> Span {
    let whole = syn::spanned::Spanned::span(ty);
    Span::mixed_site().located_at(whole)
}

#[cfg(test)]
mod tests {
    use super::*;
    use quote::quote;
    use syn::parse_quote;

    #[test]
    fn wrappers_are_seen_by_their_last_word() {
        let ty: Type = parse_quote!(std::option::Option<Vec<u8>>);
        let inner = only_argument(&ty, "Option").unwrap();
        assert_eq!(quote!(#inner).to_string(), quote!(Vec<u8>).to_string());
        assert!(only_argument(&ty, "Vec").is_none());
    }

    #[test]
    fn paths_from_below() {
        for (written, wanted) in [
            ("get", "super::get"),
            ("self::users::get", "super::users::get"),
            ("super::get", "super::super::get"),
            ("crate::get", "crate::get"),
            ("::other::get", "::other::get"),
        ] {
            let [written, wanted] =
                [written, wanted].map(|text| syn::parse_str::<Path>(text).unwrap());
            let from_below = from_below(&written);
            assert_eq!(quote!(#from_below).to_string(), quote!(#wanted).to_string());
        }
    }

    #[test]
    fn lifetimes_are_found_inside_groups() {
        assert!(lifetime(quote!(Cow<'static, str>)).is_none());
        assert_eq!(lifetime(quote!((u8, Cow<'a, str>))).unwrap().1, "'a");
        assert_eq!(lifetime(quote!(Cow<'_, str>)).unwrap().1, "'_");
    }

    #[test]
    fn types_as_words() {
        let spoken = |text: &str| spoken_name(&syn::parse_str(text).unwrap());
        assert_eq!(spoken("model::User").as_deref(), Some("User"));
        assert_eq!(spoken("Map<String, Vec<u64>>").as_deref(), Some("MapOfStringAndVecOfU64"));
        assert_eq!(spoken("()").as_deref(), Some("Unit"));
        assert_eq!(spoken("[u8; 4]"), None);
        assert_eq!(spoken("r#type").as_deref(), Some("r#type"));
    }

    #[test]
    fn static_references_borrow_nothing() {
        assert!(borrowed(quote!(Result<&'static str, Vec<&'static [u8]>>)).is_none());
        assert!(borrowed(quote!(&str)).is_some());
        assert!(borrowed(quote!((&'static str, &'a str))).is_some());
    }

    #[test]
    fn the_output_of_a_future() {
        let ty: Type = parse_quote!(impl Future<Output = User> + Send);
        let output = future_output(&ty).unwrap();
        assert_eq!(quote!(#output).to_string(), "User");
    }
}
