use proc_macro2::Span;
use syn::LitStr;

use super::*;

fn read(text: &str) -> (Template, Vec<String>) {
    let mut diagnostics = Diagnostics::new();
    let template = template(&LitStr::new(text, Span::call_site()), &mut diagnostics);
    (template, diagnostics.messages())
}

#[track_caller]
fn accepts(text: &str, names: &[&str]) {
    let (template, messages) = read(text);
    assert_eq!(messages, [""; 0], "{text}");
    let found: Vec<&str> = template.parameters.iter().map(|p| p.name.as_str()).collect();
    assert_eq!(found, names, "{text}");
}

#[track_caller]
fn refuses(text: &str, fact: &str) {
    let (_, messages) = read(text);
    assert_eq!(messages.len(), 1, "{text}: {messages:?}");
    assert!(messages[0].contains(fact), "{text}: {messages:?}");
    assert!(!messages[0].ends_with('.'), "{messages:?}");
}

#[test]
fn good_paths() {
    accepts("/", &[]);
    accepts("/users", &[]);
    accepts("/users/", &[]);
    accepts("/users/{id}", &["id"]);
    accepts("/users/{id}/posts/{post}", &["id", "post"]);
    accepts("/files/{*rest}", &["rest"]);
    accepts("/of/{type}", &["type"]);
    accepts("/straße/größe", &[]);
    accepts("/a:b/c.json", &[]);
    accepts("/größe/{größe}", &["größe"]);
}

#[test]
fn bad_paths() {
    refuses("", "the path is empty");
    refuses("users", "write `/users`");
    refuses("/a//b", "`//` leaves a segment empty");
    refuses("//", "`//` leaves a segment empty");
    refuses("/a/../b", "`..` never arrives");
    refuses("/{}", "`{}` has no name");
    refuses("/{a}{b}", "`{a}{b}` mixes");
    refuses("/x{a}", "`x{a}` mixes");
    refuses("/{{a}}", "mixes");
    refuses("/{a", "`}` is missing");
    refuses("/a}", "`{` is missing");
    refuses("/}a{", "mixes");
    refuses("/{*rest}/x", "must be the last segment");
    refuses("/{*}", "has no name");
    refuses("/a?b=c", "`?` cannot stand in a path");
    refuses("/a#b", "`#` cannot stand in a path");
    refuses("/a%20b", "write the segment decoded");
    refuses("/a b", "' ' cannot stand in a path");
    refuses("/a\tb", "'\\t' cannot stand in a path");
    refuses("/:id", "write `{id}`");
    refuses("/<id>", "write `{id}`");
    refuses("/<int:id>", "write `{id}`");
    refuses("/*rest", "write `{*rest}`");
    refuses("/{id:[0-9]+}", "write `{id}`");
    refuses("/{id?}", "cannot be left out");
    refuses("/{rest...}", "write `{*rest}`");
    refuses("/{a-b}", "`a-b` cannot be the name of an argument");
    refuses("/{1}", "`1` cannot be the name of an argument");
    refuses("/{self}", "`self` cannot be the name");
    refuses("/{id}/{id}", "`{id}` is twice in the path");
}

#[test]
fn prefixes() {
    let prefix = |text: &str| {
        let mut diagnostics = Diagnostics::new();
        prefix(&LitStr::new(text, Span::call_site()), &mut diagnostics);
        diagnostics.messages()
    };
    assert!(prefix("/posts").is_empty());
    assert!(prefix("/")[0].contains("adds nothing"));
    assert!(prefix("/posts/")[0].contains("write `/posts`"));
    assert!(prefix("/{id}")[0].contains("takes no parameters"));
}
