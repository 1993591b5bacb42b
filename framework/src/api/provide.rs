//! What the server provides: the arguments that a handler takes by reference.

use std::net::SocketAddr;
use std::ops::{Deref, Range};

use http::{Extensions, Method, StatusCode};

use crate::api::endpoint::{Endpoint, Need};
use crate::api::prefix::Prefix;
use crate::api::states::States;
use crate::message::Response;
use crate::problem::Problem;
use crate::route::Template;
use crate::text::{Fields, RequestHead};
use crate::typed::reply::Reply;
use crate::wire::TlsInfo;

/// A request as seen by what is taken from it: everything but its content.
#[derive(Debug)]
pub struct RequestContext<'a> {
    pub(super) head: RequestHead,
    /// Where in the target the path lies.
    pub(super) path: Range<usize>,
    pub(super) peer: Option<SocketAddr>,
    pub(super) extensions: Extensions,
    pub(super) endpoint: &'static Endpoint,
    pub(super) template: &'a Template,
    pub(super) states: &'a States,
}

impl<'a> RequestContext<'a> {
    /// The method.
    #[must_use]
    pub fn method(&self) -> &Method {
        &self.head.method
    }

    /// The path as it came, percent-encoded.
    #[must_use]
    pub fn path(&self) -> &str {
        std::str::from_utf8(self.path_bytes()).unwrap_or_default()
    }

    pub(super) fn path_bytes(&self) -> &[u8] {
        self.head.target.get(self.path.clone()).unwrap_or_default()
    }

    /// The query as it came, without its `?`.
    #[must_use]
    pub fn query(&self) -> Option<&str> {
        let rest = self.head.target.get(self.path.end..).unwrap_or_default();
        std::str::from_utf8(rest).unwrap_or_default().strip_prefix('?')
    }

    /// The fields of the head.
    #[must_use]
    pub fn fields(&self) -> &Fields {
        &self.head.fields
    }

    /// The address of whoever sent it, where it came over a socket: behind a proxy, the proxy's.
    #[must_use]
    pub const fn peer(&self) -> Option<SocketAddr> {
        self.peer
    }

    /// What a layer or the server attached to the request, by type.
    #[must_use]
    pub fn extension<T: Clone + Send + Sync + 'static>(&self) -> Option<&T> {
        self.extensions.get()
    }

    /// A state of the app.
    #[must_use]
    pub fn state<T: Send + Sync + 'static>(&self) -> Option<&'a T> {
        self.states.find()
    }

    /// The path template of the route, prefixes included: `/users/{id}`.
    #[must_use]
    pub fn template(&self) -> &'a str {
        self.template.as_str()
    }

    /// The prefixes under which the route stands.
    #[must_use]
    pub fn prefix(&self) -> Prefix {
        let own = if self.endpoint.template == "/" { "" } else { self.endpoint.template };
        Prefix(self.template().strip_suffix(own).unwrap_or_default().into())
    }

    /// The route.
    #[must_use]
    pub const fn endpoint(&self) -> &'static Endpoint {
        self.endpoint
    }
}

/// Takes a value from each request: a session, an address, a field.
///
/// A handler takes it as `&T`, or as `Option<&T>` where a refusal shall not be the answer. All of them run
/// before the rest of the request is looked at, so that a refusal gives nothing away.
///
/// ```
/// use counterpart::prelude::*;
///
/// pub struct Session { user: String }
///
/// #[derive(Debug, ApiError)]
/// pub enum AuthError {
///     #[error(401, "who are you?")]
///     Unknown,
/// }
///
/// impl FromRequest for Session {
///     type Rejection = AuthError;
///
///     async fn from_request(request: &RequestContext<'_>) -> Result<Self, AuthError> {
///         let user = request.fields().get_str("x-user").ok_or(AuthError::Unknown)?;
///         Ok(Self { user: user.to_owned() })
///     }
/// }
///
/// #[get("/me")]
/// async fn me(session: &Session) -> String {
///     session.user.clone()
/// }
///
/// api!(Me: me);
///
/// #[counterpart::main]
/// async fn main() {
///     let client = MeClient::local(App::new().mount(Me));
///     assert_eq!(client.me().header("x-user", "ada").await.unwrap(), "ada");
///     let refused = client.raw("GET", "/me").await.unwrap();
///     assert_eq!(refused.status(), 401);
/// }
/// ```
pub trait FromRequest: Sized + Send + Sync + 'static {
    /// What is answered in the handler's place.
    type Rejection: Reply;

    /// The states that it takes from the app: `&[Need::of::<Sessions>()]`. An app without them does not start.
    const NEEDS: &'static [Need] = &[];

    /// Takes the value.
    ///
    /// # Errors
    /// The answer to give instead.
    fn from_request(
        request: &RequestContext<'_>,
    ) -> impl Future<Output = Result<Self, Self::Rejection>> + Send;
}

/// What a handler may take by reference: a state of the app, or whatever is [`FromRequest`].
///
/// `#[derive(State)]` implements it for a type that the app is given by `App::state`.
#[diagnostic::on_unimplemented(
    message = "nobody provides `&{Self}`",
    label = "an argument by reference is provided by the server",
    note = "derive `State` for `{Self}` and give it to `App::state`, or implement `FromRequest` for it",
    note = "for a type from another crate, mark the argument `#[server]`; for a value that travels, take `{Self}` without the `&`"
)]
pub trait Provide: Sized + Send + Sync + 'static {
    /// The states that the app must be given for it.
    const NEEDS: &'static [Need];

    /// What is held while the handler runs.
    type Lent<'a>: Deref<Target = Self> + Send + Sync;

    /// Provides it.
    ///
    /// # Errors
    /// The answer to give instead.
    fn provide<'a>(
        request: &RequestContext<'a>,
    ) -> impl Future<Output = Result<Self::Lent<'a>, Response>> + Send;
}

#[diagnostic::do_not_recommend]
impl<T: FromRequest> Provide for T {
    const NEEDS: &'static [Need] = T::NEEDS;

    type Lent<'a> = Owned<T>;

    async fn provide<'a>(request: &RequestContext<'a>) -> Result<Owned<T>, Response> {
        T::from_request(request).await.map(Owned).map_err(Reply::reply)
    }
}

/// A value taken from one request.
#[derive(Debug)]
pub struct Owned<T>(T);

impl<T> Deref for Owned<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.0
    }
}

/// Writes [`Provide`] for a state of the app.
#[doc(hidden)]
#[macro_export]
macro_rules! __provide_state {
    ($state:ty) => {
        #[diagnostic::do_not_recommend]
        impl $crate::private::Provide for $state {
            const NEEDS: &'static [$crate::private::Need] = &[$crate::private::Need::of::<Self>()];

            type Lent<'a> = &'a Self;

            async fn provide<'a>(
                request: &$crate::private::RequestContext<'a>,
            ) -> ::core::result::Result<&'a Self, $crate::private::Response> {
                $crate::private::provide_state::<Self>(request)
            }
        }
    };
}

/// A state of the app; if it is missing, which the start of the app has ruled out, a 500.
///
/// # Errors
/// The 500.
pub fn provide_state<'a, T: Send + Sync + 'static>(
    request: &RequestContext<'a>,
) -> Result<&'a T, Response> {
    request.state().ok_or_else(|| crate::api::serve::missing_state::<T>(request))
}

/// What is provided, or nothing where it is refused or was never given.
pub async fn provide_optional<'a, T: Provide>(request: &RequestContext<'a>) -> Option<T::Lent<'a>> {
    if T::NEEDS.iter().any(|need| !request.states.has(need.id)) {
        return None;
    }
    T::provide(request).await.ok()
}

/// Without TLS: 403. Which of an app's routes need it is for their signatures to say.
impl FromRequest for TlsInfo {
    type Rejection = Problem;

    async fn from_request(request: &RequestContext<'_>) -> Result<Self, Problem> {
        let needs =
            || Problem::new(StatusCode::FORBIDDEN).detail("this is for requests by TLS alone");
        request.extension::<Self>().cloned().ok_or_else(needs)
    }
}
