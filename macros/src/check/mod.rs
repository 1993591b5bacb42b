//! The rules, one function each, named after what it asks for.
//!
//! Here: what one invocation can tell. Not here: what only types can tell (`expand/assert.rs`), and what only all
//! routes together can tell (the conflict check of the framework).

mod argument;
mod error;
mod function;
mod list;
mod route;

pub(crate) use error::error;
pub(crate) use list::list;

use crate::diagnostic::Diagnostics;
use crate::model::Route;

/// Every rule about a route.
pub(crate) fn route(route: &Route, diagnostics: &mut Diagnostics) {
    function::function(route, diagnostics);
    for one in &route.arguments {
        argument::argument(one, diagnostics);
    }
    // Without a path, what its arguments are is unknown; that it is missing has been said.
    if !route.template.text.is_empty() {
        route::arguments(route, diagnostics);
    }
}

#[cfg(test)]
mod tests;
