//! A generated client over sockets.

use crate::api::client::{ApiClient, Base};
use crate::client::Client;
use crate::service::{AnyService, Fault};

/// A client over sockets.
///
/// # Errors
/// If the URL is none, or none that can be called.
pub fn http<C: ApiClient>(url: &str) -> Result<C, Fault> {
    let client = Client::new(url)?;
    let prefix = client.prefix().to_owned();
    Ok(C::of_base(Base::new(AnyService::new(client), &prefix)))
}
