//! The attributes and derives of `counterpart`; their documentation stands at the re-exports there.
//!
//! Every door reads (`parse`), judges (`check`) and writes (`expand`); between them stands `model`.

mod check;
mod diagnostic;
mod doc;
mod door;
mod expand;
#[cfg(test)]
mod golden;
mod model;
mod names;
mod parse;
mod shape;

use proc_macro::TokenStream;

use parse::attr::Door;

#[allow(missing_docs)]
#[proc_macro_attribute]
pub fn get(words: TokenStream, item: TokenStream) -> TokenStream {
    door::route(Door::Named { word: "get", method: "GET" }, words.into(), item.into()).into()
}

#[allow(missing_docs)]
#[proc_macro_attribute]
pub fn post(words: TokenStream, item: TokenStream) -> TokenStream {
    door::route(Door::Named { word: "post", method: "POST" }, words.into(), item.into()).into()
}

#[allow(missing_docs)]
#[proc_macro_attribute]
pub fn put(words: TokenStream, item: TokenStream) -> TokenStream {
    door::route(Door::Named { word: "put", method: "PUT" }, words.into(), item.into()).into()
}

#[allow(missing_docs)]
#[proc_macro_attribute]
pub fn patch(words: TokenStream, item: TokenStream) -> TokenStream {
    door::route(Door::Named { word: "patch", method: "PATCH" }, words.into(), item.into()).into()
}

#[allow(missing_docs)]
#[proc_macro_attribute]
pub fn delete(words: TokenStream, item: TokenStream) -> TokenStream {
    door::route(Door::Named { word: "delete", method: "DELETE" }, words.into(), item.into()).into()
}

#[allow(missing_docs)]
#[proc_macro_attribute]
pub fn head(words: TokenStream, item: TokenStream) -> TokenStream {
    door::route(Door::Named { word: "head", method: "HEAD" }, words.into(), item.into()).into()
}

#[allow(missing_docs)]
#[proc_macro_attribute]
pub fn options(words: TokenStream, item: TokenStream) -> TokenStream {
    door::route(Door::Named { word: "options", method: "OPTIONS" }, words.into(), item.into())
        .into()
}

#[allow(missing_docs)]
#[proc_macro_attribute]
pub fn route(words: TokenStream, item: TokenStream) -> TokenStream {
    door::route(Door::Any, words.into(), item.into()).into()
}

#[allow(missing_docs)]
#[proc_macro]
pub fn api(list: TokenStream) -> TokenStream {
    door::api(list.into()).into()
}

#[allow(missing_docs)]
#[proc_macro_derive(ApiError, attributes(error, opaque, from, source))]
pub fn api_error(item: TokenStream) -> TokenStream {
    door::api_error(item.into()).into()
}

#[allow(missing_docs)]
#[proc_macro_derive(State)]
pub fn state(item: TokenStream) -> TokenStream {
    door::state(item.into()).into()
}

#[allow(missing_docs)]
#[proc_macro_attribute]
pub fn main(words: TokenStream, item: TokenStream) -> TokenStream {
    door::entry("main", words.into(), item.into()).into()
}

#[allow(missing_docs)]
#[proc_macro_attribute]
pub fn test(words: TokenStream, item: TokenStream) -> TokenStream {
    door::entry("test", words.into(), item.into()).into()
}
