//! `derive(State)`.

use proc_macro2::TokenStream;
use quote::quote;
use syn::Ident;

/// `::counterpart::__provide_state!(Db);`
pub(crate) fn state(name: &Ident) -> TokenStream {
    quote!(::counterpart::__provide_state!(#name);)
}
