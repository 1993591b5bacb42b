//! The server of this program's own: it greets, and says who was named.

use counterpart::http::{HeaderValue, StatusCode, header};
use counterpart::{Fault, Request, Response};

/// Greets the name that was sent, or the world.
pub(crate) async fn greet(request: Request) -> Result<Response, Fault> {
    let name = request.body.collect(1024).await?;
    let name = if name.is_empty() { "world".into() } else { String::from_utf8_lossy(&name) };
    let text = HeaderValue::from_static("text/plain; charset=utf-8");
    let secret = HeaderValue::from_static("session=nobody's business");
    Ok(Response::new(StatusCode::OK)
        .with_field(header::CONTENT_TYPE, text)
        .with_field(header::SET_COOKIE, secret)
        .with_body(format!("Hello, {name}!")))
}
