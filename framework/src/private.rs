//! Every name that generated code may use. Not for people: it changes without notice.

pub use crate::api::call::{Call, CallOptions};
pub use crate::api::client::{ApiClient, Base};
pub use crate::api::draft::{Draft, PathWriter};
pub use crate::api::endpoint::{Api, Endpoint, Entry, Input, List, Need, refuse_conflicts};
pub use crate::api::provide::{Provide, RequestContext, provide_optional, provide_state};
pub use crate::api::serve::{Handling, Incoming, answer_error};
pub use crate::api::witness::{Content, Lend, Wire};
pub use crate::message::Response;
pub use crate::problem::{Place, Problem};
pub use crate::service::detached;
pub use crate::typed::Travel;
pub use crate::typed::error::{ApiError, AsCause, ErrorVariant};
pub use crate::typed::kind::{Answer, FromAnswer, Probe, ProbeDefault, Split};
pub use crate::typed::reply::Reply;

pub use crate::api::serve::{located, reply_error};

#[cfg(feature = "client")]
pub use crate::serve::http;
pub use crate::serve::local;
#[cfg(feature = "net")]
pub use crate::serve::{main, test};

use crate::typed::content::Value;

/// That a type can travel.
pub const fn assert_travels<T: Travel>() {}

/// That a type is content, and travels if it is read as a value.
pub const fn assert_content<T: Value<KIND>, const KIND: u8>()
where
    T::Json: Travel,
{
}

/// That a type is provided.
pub const fn assert_provided<T: Provide>() {}

/// That a type is an answer.
pub const fn assert_answer<T: Answer<KIND>, const KIND: u8>() {}

/// That a type is the error of a route.
pub const fn assert_error<E: ApiError>() {}

/// What the server provides and what travels, asked of a concrete type: an inherent constant beats the one of
/// [`ProbeDefault`].
impl<T: Travel> Probe<T> {
    /// It travels.
    pub const TRAVELS: bool = true;
}

impl<T: Provide> Probe<T> {
    /// The server provides it.
    pub const PROVIDED: bool = true;
}
