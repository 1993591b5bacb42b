//! Handlers and arguments may be called what they like: names of the standard library, of crates, of macros,
//! of everything that is generated.
#![deny(warnings)]

use counterpart::prelude::*;

/// Handlers, each a word that something else bears.
mod handlers {
    use counterpart::prelude::*;

    #[get("/config")]
    pub async fn config() {}
    #[get("/new")]
    pub async fn new() {}
    #[get("/todo")]
    pub async fn todo() {}
    #[get("/vec")]
    pub async fn vec() -> Vec<u8> {
        vec![1]
    }
    #[get("/raw")]
    pub async fn raw() {}
    #[get("/local")]
    pub async fn local() {}
    #[get("/http")]
    pub async fn http() {}
    #[get("/over")]
    pub async fn over() {}
    #[get("/bearer")]
    pub async fn bearer() {}
    #[get("/header")]
    pub async fn header() {}
    #[get("/timeout")]
    pub async fn timeout() {}
    #[get("/clone")]
    pub async fn clone() {}
    #[get("/get")]
    pub async fn get() {}
    #[get("/log")]
    pub async fn log() {}
    #[get("/serde")]
    pub async fn serde() {}
    #[get("/path")]
    pub async fn path() {}
    #[get("/types")]
    pub async fn types() {}
    #[get("/scope")]
    pub async fn scope() {}
    #[get("/client")]
    pub async fn client() {}
    #[get("/handle")]
    pub async fn handle() {}
    #[get("/draft")]
    pub async fn draft() {}
    #[get("/base")]
    pub async fn base() {}

    api!(
        pub Handlers: config, new, todo, vec, raw, local, http, over, bearer, header, timeout, clone, get, log,
        serde, path, types, scope, client, handle, draft, base,
    );
}

/// Arguments called like the locals of what is generated for them.
#[post("/{incoming}/{a0}/{writer}")]
async fn arguments(
    incoming: u8,
    a0: u8,
    writer: String,
    draft: Vec<u8>,
    #[query] a1: u8,
    #[query] returned: u8,
    #[query] right: u8,
    #[query] lent: u8,
    #[query] answer: u8,
    #[query] value: Option<u8>,
    #[query] limit: Option<u8>,
    #[query] token: Option<String>,
    #[query] poll: Option<u8>,
    #[query] timeout: Option<u8>,
    #[query] header: Vec<String>,
    #[header("x-route")] route: Option<String>,
) -> usize {
    let sum = incoming + a0 + a1 + returned + right + lent + answer;
    let more = value.or(limit).or(poll).or(timeout).unwrap_or_default();
    usize::from(sum + more) + writer.len() + draft.len() + token.map_or(0, |token| token.len())
        + header.len() + route.map_or(0, |route| route.len())
}

/// Raw identifiers are said as they are, and travel without `r#`.
#[get("/{type}")]
async fn r#match(r#type: String, r#fn: Option<String>, r#loop: Vec<String>) -> String {
    format!("{type} {fn:?} {loop:?}", r#type = r#type, r#fn = r#fn, r#loop = r#loop)
}

api!(All: arguments, r#match, handlers::Handlers at "/handlers");

#[counterpart::main]
async fn main() {
    let client = AllClient::local(App::new().mount(All));
    let sum = client.arguments(1, 1, "w", vec![1], 1, 1, 1, 1, 1).value(1).header(["a", "b"]);
    // The route's own `timeout` wins; the option stays in reach.
    let sum = CallOptions::timeout(sum.timeout(5).route("x"), Duration::from_secs(5));
    assert_eq!(sum.await.unwrap(), 7 + 1 + 1 + 1 + 2 + 1);
    let text = client.r#match("a/b").r#fn("f").r#loop(["x", "y"]).await.unwrap();
    assert_eq!(text, r#"a/b Some("f") ["x", "y"]"#);
    assert_eq!(r#match::path("a/b"), "/a%2Fb");
    let handlers = client.handlers();
    handlers.local().await.unwrap();
    assert_eq!(handlers.vec().await.unwrap(), [1]);
    assert_eq!(ApiClient::raw(&handlers, "GET", "/get").await.unwrap().status(), 204);
}
