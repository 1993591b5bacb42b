//! Doc comments: kept as attributes for the client's method, read as text for the route's description.

use syn::{Attribute, Expr, ExprLit, Lit, Meta};

/// The doc comments among `attributes`.
pub(crate) fn attributes_of(attributes: &[Attribute]) -> Vec<Attribute> {
    attributes.iter().filter(|attribute| attribute.path().is_ident("doc")).cloned().collect()
}

/// The text of the doc comments, as a reader of the source sees it.
pub(crate) fn text_of(attributes: &[Attribute]) -> String {
    let lines: Vec<String> = attributes.iter().filter_map(line).collect();
    lines.join("\n").trim().to_owned()
}

/// One `#[doc = " line"]`, without the space that follows `///`.
fn line(attribute: &Attribute) -> Option<String> {
    let Meta::NameValue(pair) = &attribute.meta else { return None };
    let Expr::Lit(ExprLit { lit: Lit::Str(text), .. }) = &pair.value else { return None };
    if !pair.path.is_ident("doc") {
        return None;
    }
    let text = text.value();
    let lines: Vec<&str> =
        text.split('\n').map(|line| line.strip_prefix(' ').unwrap_or(line).trim_end()).collect();
    Some(lines.join("\n"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comments_become_text() {
        let item: syn::ItemStruct = syn::parse_quote! {
            /// Fetch one user.
            ///
            ///   indented
            #[doc(hidden)]
            struct S;
        };
        assert_eq!(text_of(&item.attrs), "Fetch one user.\n\n  indented");
    }
}
