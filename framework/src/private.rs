//! Every name that generated code may use. Not for people: it changes without notice.

pub use crate::api::call::{Call, CallOptions};
pub use crate::api::client::{ApiClient, Base};
pub use crate::api::draft::{Draft, PathWriter};
pub use crate::api::endpoint::{Api, Endpoint, Entry, Input, List, Need, refuse_conflicts};
pub use crate::api::provide::{
    Provide, RequestContext, provide_optional, provide_state,
};
pub use crate::api::serve::{Handling, Incoming, answer_error};
pub use crate::message::Response;
pub use crate::problem::{Place, Problem};
pub use crate::typed::Travel;
pub use crate::typed::error::{ApiError, ErrorVariant};
pub use crate::typed::reply::{Answer, FromAnswer, Probe, ProbeDefault, Reply, Split};
