//! `#[counterpart::main]` and `#[counterpart::test]`: an async function becomes one the runtime calls.

use proc_macro2::{Ident, Span, TokenStream};
use quote::quote;

use crate::model::Function;
use crate::names;

/// ```text
/// fn main() -> Result<()> {
///     async fn main() -> Result<()> { … }
///     ::counterpart::private::main(main())
/// }
/// ```
///
/// The user's function stays whole inside, so that its type is inferred as he wrote it.
pub(crate) fn entry(function: &Function, runner: &str) -> TokenStream {
    let private = names::private();
    let Function { attributes, visibility, signature, body, .. } = function;
    let runner = Ident::new(runner, Span::call_site());
    let name = &signature.ident;
    let output = &signature.output;
    let harness = (runner == "test").then(|| quote!(#[::core::prelude::v1::test]));
    quote! {
        #harness
        #(#attributes)*
        #visibility fn #name() #output {
            #signature #body
            #private::#runner(#name())
        }
    }
}

/// The function as it was, no longer async where it must not be, with nothing in it that could be red too.
pub(crate) fn stub(function: &Function, runner: &str) -> TokenStream {
    let Function { attributes, visibility, signature, .. } = function;
    let name = &signature.ident;
    let output = &signature.output;
    let harness = (runner == "test").then(|| quote!(#[::core::prelude::v1::test]));
    quote! {
        #harness
        #(#attributes)*
        #visibility fn #name() #output {
            ::core::unreachable!()
        }
    }
}
