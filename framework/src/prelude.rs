//! What nearly every file of an API needs: `use counterpart::prelude::*;`.

pub use http::{self, HeaderName, HeaderValue, StatusCode};
pub use schemars::JsonSchema;
pub use serde::{Deserialize, Serialize};
pub use serde_json::json;
pub use std::time::Duration;

pub use crate::api::call::{CallError, CallOptions};
pub use crate::api::client::ApiClient;
pub use crate::api::endpoint::Need;
pub use crate::api::prefix::Prefix;
pub use crate::api::provide::{FromRequest, RequestContext};
pub use crate::app::{App, Lifecycle};
pub use crate::body::Body;
pub use crate::layers::around::Next;
pub use crate::message::{Request, Response};
pub use crate::problem::Problem;
pub use crate::typed::error::ApiError as _;
pub use crate::typed::patch::Patch;
pub use crate::typed::reply::{FromReply, Reply};
pub use crate::typed::status::{Accepted, Created, Html, NoContent, Redirect, Text, WithHeaders};
#[cfg(feature = "macros")]
pub use counterpart_macros::{
    ApiError, State, api, delete, get, head, options, patch, post, put, route,
};
