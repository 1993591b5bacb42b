//! `derive(State)`: a type of its own, so that it can be found by its name alone.

use proc_macro2::TokenStream;
use syn::{DeriveInput, GenericParam, Ident};

use crate::diagnostic::Diagnostics;

pub(crate) fn state(tokens: TokenStream, diagnostics: &mut Diagnostics) -> Option<Ident> {
    let input: DeriveInput = diagnostics.keep(syn::parse2(tokens))?;
    let name = &input.ident;
    for parameter in &input.generics.params {
        let message = match parameter {
            GenericParam::Lifetime(lifetime) => format!(
                "a state lives as long as the app, so `{name}` cannot borrow for `{}`; own the value, or hold it in an `Arc`",
                lifetime.lifetime
            ),
            GenericParam::Type(ty) => generic(name, &ty.ident),
            GenericParam::Const(constant) => generic(name, &constant.ident),
        };
        diagnostics.blame(parameter, message);
    }
    input.generics.params.is_empty().then_some(input.ident)
}

fn generic(name: &Ident, parameter: &Ident) -> String {
    format!(
        "a state is found by its type, so `{name}` cannot be generic over `{parameter}`; wrap the type you use, such as `struct My{name}({name}<…>)`, and derive `State` for that"
    )
}
