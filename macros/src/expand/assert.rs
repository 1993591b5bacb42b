//! What the signature promises and tokens cannot show: asserted on the types, at the user's own words.

use proc_macro2::TokenStream;
use quote::{quote, quote_spanned};

use crate::expand::types::Types;
use crate::model::{Role, Route};
use crate::{names, shape};

/// `private::assert_travels::<types::u64>();`
///
/// Every other use of an argument's type goes through its witness, and the answer is asked for its traits in
/// the handle alone, so each fact is told once.
pub(crate) fn assertions<'r>(
    route: &'r Route,
    types: &'r Types,
) -> impl Iterator<Item = TokenStream> + 'r {
    let private = names::near();
    route.arguments.iter().zip(&types.arguments).filter_map(move |(argument, its)| {
        let whole = &its.whole;
        let place = shape::place(&argument.ty);
        let assert = match argument.role {
            Role::Provided { .. } => quote_spanned!(place=> assert_provided),
            Role::Server(_) => return None,
            // Content that is taken as it comes is no value, and need not travel.
            Role::Body => {
                let kind = quote!({ #private::Probe::<types::#whole>::CONTENT });
                return Some(
                    quote_spanned!(place=> #private::assert_content::<types::#whole, #kind>();),
                );
            }
            _ => quote_spanned!(place=> assert_travels),
        };
        Some(quote_spanned!(place=> #private::#assert::<types::#whole>();))
    })
}
