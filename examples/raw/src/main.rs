//! One request over a connection by hand, and what travels: `cargo run --bin raw -- http://example.com/`.
//!
//! Without a URL it asks a server of its own, so that it always has something to show. Values that are nobody's
//! business, such as those of `Cookie` and `Set-Cookie`, are hidden.

mod asked;
mod greeter;

use clap::Parser;
use counterpart::client::{Connector, Length, blocking};
use counterpart::http::Uri;
use counterpart::server::Server;
use counterpart::service::from_fn;
use counterpart::{Bytes, Fault};

use asked::Asked;

/// Walks one request over a connection by hand, and prints what travels.
#[derive(Parser)]
struct Arguments {
    /// Whom to ask, over http or https; a server of this program's own unless told
    url: Option<Uri>,
    /// Sends this content, with POST
    #[arg(long, value_name = "DATA")]
    post: Option<String>,
    /// Walks without a runtime: a thread waits for the socket
    #[arg(long)]
    blocking: bool,
}

#[counterpart::main]
async fn main() -> counterpart::Result<()> {
    let content = walk(Arguments::parse(), |line| println!("{line}")).await?;
    println!("\n{}", String::from_utf8_lossy(&content));
    Ok(())
}

/// Asks whoever is to be asked, tells what travels, and gives the content of the answer.
async fn walk(
    arguments: Arguments,
    tell: impl Fn(&str) + Send + Sync + 'static,
) -> counterpart::Result<Bytes> {
    let connector = Connector::new().trace(tell);
    let Arguments { url, post, blocking } = arguments;
    if let Some(url) = url {
        return Ok(ask(connector, Asked::read(&url, post)?, blocking).await?);
    }
    let server = Server::bind("127.0.0.1:0").await?;
    let asked = Asked::at(&server.local_addr().to_string(), "/hello", post)?;
    let mut answered = None;
    let asking = async { answered = Some(ask(connector, asked, blocking).await) };
    server.serve_until(from_fn(greeter::greet), asking).await?;
    Ok(answered.transpose()?.unwrap_or_default())
}

async fn ask(connector: Connector, asked: Asked, blocking: bool) -> Result<Bytes, Fault> {
    if !blocking {
        return by_hand(&connector, &asked).await;
    }
    // Here alone a runtime has a part in it: the server of this program's own runs beside the thread that waits.
    let waiting = tokio::task::spawn_blocking(move || by_waiting_hand(&connector, &asked));
    waiting.await.unwrap_or_else(|panic| std::panic::resume_unwind(panic.into_panic()))
}

/// The walk: connect, say what is wanted, hear what is said.
async fn by_hand(connector: &Connector, asked: &Asked) -> Result<Bytes, Fault> {
    let mut connection = connector.connect_to(&asked.origin).await?;
    let mut answer = match &asked.content {
        None => connection.send(asked.request()).await?,
        Some(content) => {
            let length = Length::Known(content.len() as u64);
            let mut writer = connection.start(asked.request(), length).await?;
            writer.write(content.clone()).await?;
            writer.finish().await?
        }
    };
    answer.bytes(asked::MOST).await
}

// ANCHOR: blocking
/// The same walk by a thread that waits.
fn by_waiting_hand(connector: &Connector, asked: &Asked) -> Result<Bytes, Fault> {
    let mut connection = blocking::Connection::connect_by(connector, &asked.origin)?;
    let mut answer = match &asked.content {
        None => connection.send(asked.request())?,
        Some(content) => {
            let length = Length::Known(content.len() as u64);
            let mut writer = connection.start(asked.request(), length)?;
            writer.send(content.clone())?;
            writer.finish()?
        }
    };
    answer.collect(asked::MOST)
}
// ANCHOR_END: blocking

#[cfg(test)]
mod tests;
