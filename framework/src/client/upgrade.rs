//! Upgrades: the wire of an answer, once that has ended HTTP on it (RFC 9110 §7.8).

use crate::drive::h1_client::HandedOver;
use crate::message::Response;
use crate::service::{Fault, FaultKind};
use crate::wire::Upgraded;

/// The wire itself, after 101 to a call of a [`Client`](super::Client). What has come of the other protocol is read
/// first. Its connection has left the pool, and no timeout holds for it any more.
///
/// ```no_run
/// use counterpart::client::{self, Client};
/// use counterpart::http::{HeaderValue, Method, header};
/// use counterpart::{Request, Service};
/// use tokio::io::AsyncWriteExt;
///
/// # async fn echo() -> Result<(), Box<dyn std::error::Error>> {
/// let client = Client::new("http://127.0.0.1:8080")?;
/// let request = Request::new(Method::GET, "/echo")
///     .with_field(header::CONNECTION, HeaderValue::from_static("upgrade"))
///     .with_field(header::UPGRADE, HeaderValue::from_static("echo"));
/// let mut wire = client::upgrade(client.call(request).await?)?;
/// wire.write_all(b"hello\n").await?;
/// # Ok(())
/// # }
/// ```
///
/// # Errors
/// [`FaultKind::NotUpgraded`] if it is another answer, or its wire was taken already.
pub fn upgrade(mut response: Response) -> Result<Upgraded, Fault> {
    HandedOver::take(&mut response.extensions).ok_or_else(|| {
        Fault::new(FaultKind::NotUpgraded, format!("it answered {}", response.status))
    })
}
