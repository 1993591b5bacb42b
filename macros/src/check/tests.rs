//! Rules on tokens alone; what the compiler shows of each is in `tests/ui/fail`.

use proc_macro2::TokenStream;
use quote::quote;

use crate::diagnostic::Diagnostics;
use crate::parse::attr::Door;
use crate::{check, parse};

fn route(door: Door, words: &str, item: &str) -> Vec<String> {
    let mut diagnostics = Diagnostics::new();
    let [words, item] = [words, item].map(|text| text.parse::<TokenStream>().unwrap());
    if let Some(route) = parse::route::route(door, words, item, &mut diagnostics) {
        check::route(&route, &mut diagnostics);
    }
    diagnostics.messages()
}

fn get(path: &str, item: &str) -> Vec<String> {
    route(Door::Named { word: "get", method: "GET" }, &format!("{path:?}"), item)
}

fn post(path: &str, item: &str) -> Vec<String> {
    route(Door::Named { word: "post", method: "POST" }, &format!("{path:?}"), item)
}

/// Every mistake is named, in order, and no other; each message is worded as the house words them.
#[track_caller]
fn says(messages: &[String], facts: &[&str]) {
    assert_eq!(messages.len(), facts.len(), "{messages:#?}");
    for (message, fact) in messages.iter().zip(facts) {
        assert!(message.contains(fact), "{message} does not say {fact}");
        let first = message.chars().next().unwrap();
        assert!(!first.is_uppercase() && !message.ends_with('.'), "{message}");
    }
}

#[test]
fn good_routes() {
    let nothing: &[&str] = &[];
    says(&get("/", "fn f() {}"), nothing);
    says(
        &get("/{id}", "async fn f(id: u64, limit: Option<u8>, tag: Vec<String>, db: &Db) {}"),
        nothing,
    );
    says(&get("/{type}", "async fn f(r#type: String) -> &'static str { \"\" }"), nothing);
    says(&get("/", "fn f() -> impl Future<Output = Result<u8, E>> + Send { g() }"), nothing);
    says(
        &get("/", "async fn f(#[server] a: &String, #[server] b: Arc<u8>, #[server] c: u8) {}"),
        nothing,
    );
    says(
        &get("/", "async fn f(#[allow(unused)] mut a: std::borrow::Cow<'static, str>) {}"),
        nothing,
    );
    says(
        &post(
            "/",
            "async fn f(new: Option<Option<u8>>, #[query] a: u8, #[header(\"x-a\")] b: u8) {}",
        ),
        nothing,
    );
    says(
        &post("/", "async fn f(#[body] new: New, #[query(\"b\")] a: u8, #[query] c: u8) {}"),
        nothing,
    );
    let purge = "async fn f(id: u8, #[query] all: bool) {}";
    says(&route(Door::Any, "PURGE, \"/{id}\"", purge), nothing);
}

#[test]
fn parameters_and_arguments_match() {
    says(&get("/{id}", "fn f() {}"), &["add `id: …`"]);
    says(&get("/{id}", "fn f(user_id: u8) {}"), &["rename `user_id` to `id`"]);
    says(&get("/{user_id}", "fn f(id: u8) {}"), &["rename `id` to `user_id`"]);
    says(&get("/{id}", "fn f(_id: u8) {}"), &["rename `_id` to `id`"]);
    says(&get("/{id}/{id}", "fn f(id: u8) {}"), &["`{id}` is twice"]);
    says(&get("/{id}", "fn f(id: Option<u8>) {}"), &["take `u8`"]);
    says(&get("/{id}", "fn f(id: &u8) {}"), &["remove the `&`"]);
    says(&get("/{id}", "fn f(#[query] id: u8) {}"), &["remove `#[query]`"]);
}

#[test]
fn a_body_is_one() {
    says(&post("/", "fn f(a: u8, b: u8) {}"), &["`a` and `b` would both be the body"]);
    says(&post("/", "fn f(a: u8, #[body] b: u8, c: u8) {}"), &["`b` and `a`", "`b` and `c`"]);
    says(&get("/", "fn f(#[body] a: u8) {}"), &["a GET has no body"]);
}

#[test]
fn references_are_lent() {
    says(&get("/", "fn f(a: &str) {}"), &["take a `String`"]);
    says(&get("/", "fn f(a: Option<&str>) {}"), &["take an `Option<String>`"]);
    says(&get("/", "fn f(a: &[u8], b: &Vec<u8>) {}"), &["take a `Vec<u8>`", "take a `Vec<u8>`"]);
    says(&get("/", "fn f(a: &mut Db) {}"), &["cannot be `&mut`"]);
    says(&get("/", "fn f(a: &dyn Db) {}"), &["a known size"]);
    says(&get("/", "fn f(a: &'static Db) {}"), &["remove `'static`"]);
    says(&get("/", "fn f(a: &Db<'_>) {}"), &["remove `'_`"]);
    says(&get("/", "fn f(a: &impl Db) {}"), &["write the type itself"]);
    says(&get("/", "fn f(#[query] a: &Db) {}"), &["`#[query]` says it travels"]);
}

#[test]
fn values_are_owned_and_plain() {
    says(&get("/", "fn f(a: Cow<'_, str>) {}"), &["cannot borrow for `'_`"]);
    says(&get("/", "fn f(a: Vec<&str>) {}"), &["cannot hold a reference"]);
    says(&get("/", "fn f(a: impl Into<String>) {}"), &["the client must know the type of `a`"]);
    says(&get("/", "fn f(a: Vec<_>) {}"), &["must be written out"]);
    says(&get("/", "fn f(a: Option<Option<u8>>) {}"), &["which one `Option` says"]);
    says(&get("/", "fn f((a, b): (u8, u8), _: u8) {}"), &["must be a name", "must be a name"]);
    says(&get("/", "fn f() -> &str { \"\" }"), &["cannot be a reference"]);
    says(&get("/", "fn f() -> impl Serialize {}"), &["the type of the answer"]);
    says(&get("/", "async fn f() -> impl Future<Output = u8> {}"), &["remove `async`"]);
}

#[test]
fn markers_agree() {
    says(&get("/", "fn f(#[query] #[body] a: u8) {}"), &["both `#[query]` and `#[body]`"]);
    says(&get("/", "fn f(#[query] #[query] a: u8) {}"), &["stands twice"]);
    says(&get("/", "fn f(#[header] a: u8) {}"), &["write `#[header(\"a\")]`"]);
    says(&get("/", "fn f(#[header] _if_match: u8) {}"), &["write `#[header(\"if-match\")]`"]);
    says(&get("/", "fn f(#[header] host: u8) {}"), &["write `#[header(\"x-name\")]`"]);
    says(&post("/", "fn f(#[json] a: u8, b: u8) {}"), &["there is no `#[json]`; what a POST"]);
    says(&get("/{a}", "fn f(#[param] a: u8) {}"), &["there is no `#[param]`; an argument"]);
    says(&post("/", "fn f(#[state] a: &Db, b: u8) {}"), &["there is no `#[state]`; a state"]);
    says(&get("/", "fn f(#[header(\"a b\")] a: u8) {}"), &["not the name of a header"]);
    says(&get("/", "fn f(#[header(\"Host\")] a: u8) {}"), &["belongs to the connection"]);
    says(&get("/", "fn f(#[query(\"\")] a: u8) {}"), &["a query key has a name"]);
    says(&get("/", "fn f(#[query(\"b\")] a: u8, b: u8) {}"), &["is read by `a` and by `b`"]);
    says(&get("/", "fn f(#[cookie] a: u8) {}"), &["not yet in this version"]);
    says(&get("/", "fn f(#[cfg(unix)] a: u8) {}"), &["cannot come and go"]);
    says(&route(Door::Any, "PURGE, \"/\"", "fn f(a: u8) {}"), &["under PURGE"]);
}

#[test]
fn handlers_are_plain_functions() {
    says(&get("/", "fn f<'a, T, const N: u8>() where T: A {}"), &["`'a`", "`T`", "`N`", "`where`"]);
    says(&get("/", "const unsafe extern fn f() {}"), &["`const`", "`unsafe`", "`extern`"]);
    says(&get("/", "fn f(&self) {}"), &["no `self`"]);
    says(&get("/", "fn f();"), &["has no body"]);
    says(&get("/", "struct S;"), &["a struct can be an argument"]);
    says(&get("/", "pub(crate) trait T {}"), &["a trait has no body"]);
    says(&get("/", "#[post(\"/\")] fn f() {}"), &["has a route already"]);
    says(
        &get("/", "#[counterpart::post(\"/\")] #[other::get] fn f() {}"),
        &["has a route already"],
    );
}

#[test]
fn lists_have_no_two_of_a_name() {
    let list = |tokens: TokenStream| {
        let mut diagnostics = Diagnostics::new();
        let list = parse::api::list(tokens, &mut diagnostics);
        let kept = list.map(|list| check::list(list, &mut diagnostics).entries.len());
        (kept, diagnostics.messages())
    };
    let (kept, messages) = list(quote!(A: get, users::get, get, users::get as other));
    assert_eq!(kept, Some(2));
    says(&messages, &["`get` and `users::get`", "`get` is in the list twice"]);
}

#[test]
fn errors_are_told_apart() {
    let error = |tokens: TokenStream| {
        let mut diagnostics = Diagnostics::new();
        if let Some(error) = parse::error::error_enum(tokens, &mut diagnostics) {
            check::error(&error, &mut diagnostics);
        }
        diagnostics.messages()
    };
    let wrong = quote! {
        enum E {
            #[error(404)] NotFound,
            #[error(410, code = "not-found")] Gone,
            #[error(409, "{id} {other}")] Conflict { id: u8, status: u8 },
            #[error(200)] Fine,
            #[error(500)] One(#[opaque] Io),
            #[error(500)] Other(#[opaque] Io),
            #[error(404)] Tuple(u8),
            #[error(500)] From(#[from] Fmt),
            #[error(transparent)] Source(#[source] Other),
            #[error(404)] Text { text: &'static str },
            Nothing,
        }
    };
    let facts = [
        "a member `status` already",
        "names `{other}`",
        "200 says success",
        "under its name",
        "write `#[opaque]` for it",
        "there is no `#[source]`",
        "`Nothing` has no status",
        "the same code `not-found`",
        "becomes `One` or `Other`",
        "`text` cannot hold a reference",
    ];
    says(&error(wrong), &facts);
    let right = quote! {
        enum E {
            #[error(404, "no {id:>width$}")] NotFound { id: u8, width: usize },
            #[error(499, code = "x-1")] Unit {},
            #[error(503)] Opaque { #[opaque] source: Io },
            #[error(transparent)] Other(Other),
        }
    };
    says(&error(right), &[]);
}
