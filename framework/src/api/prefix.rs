//! Links from a route to its siblings.

use crate::api::provide::{FromRequest, RequestContext};
use crate::problem::Problem;

/// The prefixes under which a route stands, for links to its siblings.
///
/// A route knows its own path (`user::path(7)`), not the prefixes of the lists and apps that it is put into; the
/// request does.
///
/// ```
/// use counterpart::prelude::*;
///
/// #[get("/new")]
/// fn newest() -> String { "the newest".into() }
///
/// #[get("/latest")]
/// fn latest(prefix: &Prefix) -> Redirect {
///     Redirect::see_other(prefix.to(newest::path()))
/// }
///
/// api!(Things: newest, latest);
/// api!(Site: Things at "/things");
///
/// #[counterpart::main]
/// async fn main() {
///     let site = SiteClient::local(App::new().mount(Site));
///     assert_eq!(site.things().latest().await.unwrap().location(), "/things/new");
/// }
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Prefix(pub(super) String);

impl Prefix {
    /// The full path of a sibling: of what its `path` function gives.
    #[must_use]
    pub fn to(&self, path: impl AsRef<str>) -> String {
        match path.as_ref() {
            "/" if !self.0.is_empty() => self.0.clone(),
            path => format!("{}{path}", self.0),
        }
    }
}

impl FromRequest for Prefix {
    /// None is ever made.
    type Rejection = Problem;

    async fn from_request(request: &RequestContext<'_>) -> Result<Self, Self::Rejection> {
        Ok(request.prefix())
    }
}
