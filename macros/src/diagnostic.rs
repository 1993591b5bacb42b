//! All that is wrong with one invocation, gathered, so that the user sees every mistake at once.

use std::fmt::Display;

use proc_macro2::{Span, TokenStream};
use quote::ToTokens;

/// The mistakes found so far. It must be read by [`Diagnostics::finish`]: one that is dropped unread panics,
/// because a forgotten mistake would be written into the user's program as if it were right.
#[derive(Debug, Default)]
pub(crate) struct Diagnostics {
    errors: Vec<syn::Error>,
    read: bool,
}

impl Diagnostics {
    pub(crate) fn new() -> Self {
        Self::default()
    }

    /// Notes a mistake and underlines `tokens`.
    pub(crate) fn blame(&mut self, tokens: impl ToTokens, message: impl Display) {
        self.errors.push(syn::Error::new_spanned(tokens, message));
    }

    /// Notes a mistake at one place.
    pub(crate) fn blame_at(&mut self, place: Span, message: impl Display) {
        self.errors.push(syn::Error::new(place, message));
    }

    /// Notes a mistake that `syn` has worded.
    pub(crate) fn note(&mut self, error: syn::Error) {
        self.errors.push(error);
    }

    /// The value, or the mistake noted and nothing.
    pub(crate) fn keep<T>(&mut self, result: syn::Result<T>) -> Option<T> {
        result.map_err(|error| self.note(error)).ok()
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.errors.is_empty()
    }

    /// Every mistake as a `compile_error!`, in the order they were found; nothing if there is none.
    pub(crate) fn finish(mut self) -> TokenStream {
        self.read = true;
        self.errors.iter().map(syn::Error::to_compile_error).collect()
    }

    /// The wording of every mistake, for tests.
    #[cfg(test)]
    pub(crate) fn messages(mut self) -> Vec<String> {
        self.read = true;
        self.errors.iter().map(ToString::to_string).collect()
    }
}

impl Drop for Diagnostics {
    fn drop(&mut self) {
        if !self.read && !std::thread::panicking() {
            panic!("diagnostics were dropped unread: {:?}", self.errors);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_mistake_is_kept() {
        let mut diagnostics = Diagnostics::new();
        diagnostics.blame_at(Span::call_site(), "first");
        diagnostics.blame(quote::quote!(a b), "second");
        assert!(!diagnostics.is_empty());
        assert_eq!(diagnostics.messages(), ["first", "second"]);
    }

    #[test]
    #[should_panic(expected = "dropped unread")]
    fn unread_is_a_bug() {
        drop(Diagnostics::new());
    }
}
