//! What stands in for a broken item: the item as the user wrote it and stubs for what others say of it, so that
//! only the true mistake is red.

use proc_macro2::TokenStream;
use quote::quote;

use crate::names;

/// The handle of a route that has mistakes; the program it stands in never runs.
pub(crate) fn handle() -> TokenStream {
    let private = names::near();
    quote! {
        fn handle(_: #private::Incoming<'_>) -> #private::Handling<'_> {
            unreachable!()
        }
    }
}
