//! A generated client over what carries its calls.

use crate::api::client::{ApiClient, Base};
use crate::app::{App, Local};
#[cfg(feature = "client")]
use crate::client::Client;
use crate::service::AnyService;
#[cfg(feature = "client")]
use crate::service::Fault;

/// The two ways to make a generated client, for lists with a route of such a name: where a handler is called `local`,
/// `UsersClient::local` is its route, and `<UsersClient as Transport>::local(app)` makes the client.
pub trait Transport: ApiClient {
    /// A client that calls an app in process, with no socket.
    ///
    /// # Panics
    /// If the app cannot start, with every reason.
    #[track_caller]
    fn local(app: App) -> Self {
        match app.assemble() {
            Ok(app) => Self::of_base(Base::new(AnyService::new(Local::new(app)), "")),
            Err(error) => panic!("{error}"),
        }
    }

    /// A client over sockets, of the API that lies below a URL.
    ///
    /// # Errors
    /// If the URL is none, or none that can be called.
    #[cfg(feature = "client")]
    fn http(url: &str) -> Result<Self, Fault> {
        let client = Client::new(url)?;
        let prefix = client.prefix().to_owned();
        Ok(Self::of_base(Base::new(AnyService::of(client), &prefix)))
    }
}

impl<C: ApiClient> Transport for C {}

/// [`Transport::local`], as generated code names it.
#[track_caller]
pub fn local<C: ApiClient>(app: App) -> C {
    <C as Transport>::local(app)
}

/// [`Transport::http`], as generated code names it.
///
/// # Errors
/// As that.
#[cfg(feature = "client")]
pub fn http<C: ApiClient>(url: &str) -> Result<C, Fault> {
    <C as Transport>::http(url)
}
