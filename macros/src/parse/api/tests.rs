//! What a list may look like, and what stays of one with a mistake.

use super::*;
use quote::{format_ident, quote};

fn read(tokens: TokenStream) -> (Option<List>, Vec<String>) {
    let mut diagnostics = Diagnostics::new();
    let list = list(tokens, &mut diagnostics);
    (list, diagnostics.messages())
}

#[test]
fn the_whole_grammar() {
    let (list, messages) = read(quote! {
        /// Everything.
        pub Site: get_user, users::{list, deep::{a, b as c},}, ::other::get, crate::x::BlogPosts at "/posts", Admin,
    });
    assert!(messages.is_empty(), "{messages:?}");
    let entries = list.unwrap().entries;
    let names: Vec<String> = entries.iter().map(|entry| entry.name.to_string()).collect();
    assert_eq!(names, ["get_user", "list", "a", "c", "get", "blog_posts", "admin"]);
    let path = &entries[3].path;
    assert_eq!(quote!(#path).to_string(), quote!(users::deep::b).to_string());
    assert_eq!(entries[5].kind, EntryKind::List { prefix: "/posts".to_owned() });
    assert_eq!(entries[6].kind, EntryKind::List { prefix: String::new() });
}

#[test]
fn an_empty_list() {
    assert!(read(quote!(pub Nothing)).1.is_empty());
    assert!(read(quote!(Nothing:)).1.is_empty());
}

#[test]
fn a_name_that_was_forgotten() {
    for (tokens, routes) in
        [(quote!(user), "user"), (quote!(pub r#type), "r#type"), (quote!(users::get), "get_user, ")]
    {
        let (list, messages) = read(tokens);
        assert!(
            list.is_none() && messages[0].contains(&format!("Users: {routes}")),
            "{messages:?}"
        );
    }
}

#[test]
fn what_was_read_stays() {
    let (list, messages) = read(quote!(Users: get_user, users::*));
    assert!(messages[0].contains("write them out"), "{messages:?}");
    assert_eq!(list.unwrap().entries.len(), 1);
    let (list, messages) = read(
        quote!(Users: a, b c, users::{*, d, e + 1, f}, x::{G, H} at "/x", i; j, k, get::<u8>, l,),
    );
    let wanted =
        ["`,` or `as name`", "`*`", "write `,`", "behind each", "write `,`", "remove `<…>`"];
    assert_eq!(messages.len(), wanted.len(), "{messages:?}");
    for (message, fact) in messages.iter().zip(wanted) {
        assert!(message.contains(fact), "{message} does not say {fact}");
    }
    let entries = list.unwrap().entries;
    let names: Vec<String> = entries.iter().map(|entry| entry.name.to_string()).collect();
    assert_eq!(names, ["a", "b", "c", "d", "e", "f", "g", "h", "i", "k", "l"]);
    let (list, messages) = read(quote!(Users: get_user(), users::list(1) as all, Posts));
    assert_eq!(messages.len(), 2, "{messages:?}");
    assert!(messages[1].contains("without `()`; write `list`"), "{messages:?}");
    assert_eq!(list.unwrap().entries.len(), 3);
}

#[test]
fn names_of_nested_lists() {
    for (name, snake) in [
        ("Posts", "posts"),
        ("BlogPosts", "blog_posts"),
        ("HTTPRoutes", "http_routes"),
        ("V1", "v1"),
        ("A_B", "a_b"),
    ] {
        assert_eq!(snake_case(&format_ident!("{name}")).to_string(), snake);
    }
}
