//! What the signature promises and tokens cannot show: asserted on the types, at the user's own words.

use proc_macro2::{Span, TokenStream};
use quote::quote_spanned;

use crate::expand::types::Types;
use crate::model::{Role, Route};
use crate::{names, shape};

/// ```text
/// const _: () = {
///     assert_travels::<types::u64>();
/// };
/// ```
pub(crate) fn assertions(route: &Route, types: &Types) -> TokenStream {
    let private = names::private();
    let arguments = route.arguments.iter().zip(&types.arguments).filter_map(|(argument, its)| {
        let whole = &its.whole;
        let place = shape::place(&argument.ty);
        let assert = match argument.role {
            Role::Provided { .. } => quote_spanned!(place=> assert_provided),
            Role::Server(_) => return None,
            _ => quote_spanned!(place=> assert_travels),
        };
        Some(quote_spanned!(place=> #private::#assert::<types::#whole>();))
    });
    let place = route.answer.ty.as_ref().map_or_else(Span::call_site, shape::place);
    let Types { answer, error, .. } = types;
    quote_spanned! {place=>
        const _: fn() = || {
            #(#arguments)*
            #private::assert_answer::<types::#answer, KIND>();
            #private::assert_error::<types::#error>();
        };
    }
}
