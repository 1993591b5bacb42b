//! Every word and path the macros read or write, once.

use proc_macro2::TokenStream;
use quote::quote;

/// The attributes that make a route of a function, with the method each stands for.
pub(crate) const METHODS: &[(&str, &str)] = &[
    ("get", "GET"),
    ("post", "POST"),
    ("put", "PUT"),
    ("patch", "PATCH"),
    ("delete", "DELETE"),
    ("head", "HEAD"),
    ("options", "OPTIONS"),
];

/// The attribute that takes the method as its first word.
pub(crate) const ROUTE: &str = "route";

/// The options of a route attribute.
pub(crate) const LOCATION: &str = "location";
pub(crate) const BODY_LIMIT: &str = "body_limit";
pub(crate) const DETACH: &str = "detach";
pub(crate) const OPTIONS: &[&str] = &[LOCATION, BODY_LIMIT, DETACH];

/// The markers of arguments.
pub(crate) const QUERY: &str = "query";
pub(crate) const HEADER: &str = "header";
pub(crate) const BODY: &str = "body";
pub(crate) const SERVER: &str = "server";
/// Words that are promised for a later version.
pub(crate) const MARKERS_TO_COME: &[&str] = &["cookie", "form", "multipart"];
/// Markers of other frameworks, each with what to do here.
pub(crate) const FOREIGN_MARKERS: &[(&str, &str)] = &[
    ("json", FOREIGN_BODY),
    ("data", FOREIGN_BODY),
    (
        "state",
        "a state is taken by reference, such as `db: &Db`, and `#[server]` marks one of a type from another crate",
    ),
    (
        "param",
        "an argument that the path names is a path parameter, and `#[query]` marks a query key",
    ),
];
const FOREIGN_BODY: &str = "what a POST, PUT or PATCH takes by value is its JSON body, and `#[body]` marks it under other methods";
/// Never needed: a path binds by name.
pub(crate) const PATH: &str = "path";

/// The helper attributes of `derive(ApiError)`.
pub(crate) const ERROR: &str = "error";
pub(crate) const OPAQUE: &str = "opaque";
/// What marks a source elsewhere; here every source is one that `?` takes.
pub(crate) const FOREIGN_SOURCES: &[&str] = &["from", "source"];
pub(crate) const TRANSPARENT: &str = "transparent";
pub(crate) const CODE: &str = "code";

/// Members a problem document has already (RFC 9457 and ours); an error's field cannot be called so.
pub(crate) const PROBLEM_MEMBERS: &[&str] =
    &["type", "title", "status", "detail", "instance", "code", "errors", "trace_id"];

/// Header fields that belong to the engine: a handler never reads or writes them itself.
pub(crate) const ENGINE_HEADERS: &[&str] = &[
    "connection",
    "content-length",
    "expect",
    "host",
    "keep-alive",
    "proxy-connection",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
];

/// Methods of every client, which a route's method may hide.
pub(crate) const CLIENT_METHODS: &[&str] =
    &["local", "http", "over", "raw", "bearer", "header", "timeout"];

/// Methods of every call, which a setter may hide.
pub(crate) const CALL_METHODS: &[&str] = &["timeout", "header", "bearer"];

/// The module of the framework that generated code may name, from wherever it is written.
pub(crate) fn private() -> TokenStream {
    quote!(::counterpart::private)
}

/// The same inside a route's own module, which imports it. Nothing of the user's is in scope there, so the
/// prelude's names mean what they say, and are used: a thousand routes are many tokens.
pub(crate) fn near() -> TokenStream {
    quote!(private)
}
