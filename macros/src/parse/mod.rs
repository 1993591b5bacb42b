//! Reading: attributes, templates, signatures, lists and enums become the model. Every reader notes what is
//! wrong and goes on.

pub(crate) mod api;
pub(crate) mod arguments;
pub(crate) mod attr;
pub(crate) mod error;
pub(crate) mod message;
pub(crate) mod route;
pub(crate) mod signature;
pub(crate) mod size;
pub(crate) mod state;
pub(crate) mod template;
