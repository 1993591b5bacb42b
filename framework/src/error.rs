//! The one error that a program ends with.

use std::fmt;

use crate::body::BoxError;
use crate::problem::chain;

/// Any error, for `main` and for setting up: `?` makes it of every other error.
///
/// Printed (by `main`, with `Debug`) it is its message and its causes in plain words. It does not implement
/// `std::error::Error` itself, so that `?` can take every error that does.
pub struct Error(BoxError);

/// The result of a program.
pub type Result<T, E = Error> = std::result::Result<T, E>;

impl Error {
    /// An error of this message.
    pub fn new(message: impl Into<String>) -> Self {
        Self(message.into().into())
    }

    /// The error as the type it was made of.
    #[must_use]
    pub fn downcast_ref<E: std::error::Error + 'static>(&self) -> Option<&E> {
        self.0.downcast_ref()
    }
}

impl<E: std::error::Error + Send + Sync + 'static> From<E> for Error {
    fn from(error: E) -> Self {
        Self(error.into())
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&chain(self.0.as_ref()))
    }
}
