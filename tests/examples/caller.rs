//! The client's side of the fault suite (`tests/faults`): calls each URL that stands on a line of its input, behind a
//! method if that is not GET, and says on a line of its output how that went: `ok STATUS LENGTH` or `failed KIND`.
//!
//! `caller MILLISECONDS [--kept] [--follow] [--proxies] [--allow ADDRESS]`: so long a head, and a piece of a body, are
//! waited for; one client makes all calls, and not each its own; redirections are followed; the environment names
//! proxies; no address is called but this one. The method `TUNNEL` has the proxy for all make a tunnel, by hand. `WHOLE`
//! is a request that is put together by hand, with all that a client then does, `SECRETS` one with credentials, and
//! `UNBOUNDED` one whose content may grow as it likes.

#![allow(clippy::unwrap_used, reason = "the suite sees it fail")]

use std::io::BufRead;
use std::net::IpAddr;
use std::time::Duration;

use counterpart::client::{
    Client, Codings, Connector, CookieJar, Origin, Proxy, Redirects, RequestBuilder, Timeouts,
};
use counterpart::http::{HeaderValue, header};
use counterpart::{Fault, Request, Service};

#[counterpart::main]
async fn main() {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let is_set = |flag: &str| words.iter().any(|word| word == flag);
    let connector = connector(&words, is_set("--proxies"));
    let new = || {
        let client = Client::default().with_connector(connector.clone());
        let client = client.with_cookies(CookieJar::new());
        if is_set("--follow") { client.with_redirects(Redirects::default()) } else { client }
    };
    let kept = new();
    for line in std::io::stdin().lock().lines() {
        let line = line.unwrap();
        let (method, url) = line.split_once(' ').unwrap_or(("GET", &line));
        let said = match method {
            "TUNNEL" => tunnel(&connector, url).await,
            "WHOLE" => read(kept.get(url)).await,
            "SECRETS" => read(with_secrets(kept.get(url))).await,
            "UNBOUNDED" => read(kept.get(url).codings(unbounded())).await,
            _ if is_set("--kept") => call(&kept, method, url).await,
            _ => call(&new(), method, url).await,
        };
        println!("{}", said.unwrap_or_else(|fault| format!("failed {:?}", fault.kind())));
    }
}

fn connector(words: &[String], proxies: bool) -> Connector {
    let patience = Duration::from_millis(words[0].parse().unwrap());
    let mut timeouts = Timeouts::default();
    (timeouts.head, timeouts.body) = (patience, patience);
    let mut connector = Connector::new().timeouts(timeouts);
    if let Some(at) = words.iter().position(|word| word == "--allow") {
        let allowed: IpAddr = words[at + 1].parse().unwrap();
        connector = connector.allow_addresses(move |address| address == allowed);
    }
    if proxies { connector.proxies_from_env().unwrap() } else { connector }
}

async fn call(client: &Client, method: &str, url: &str) -> Result<String, Fault> {
    let secret = HeaderValue::from_static("the servers own");
    let request = Request::new(method.parse().unwrap(), url.to_owned())
        .with_field(header::AUTHORIZATION, secret);
    let response = client.call(request).await?;
    match response.body.collect(64 * 1024 * 1024).await {
        Ok(body) => Ok(format!("ok {} {}", response.status.as_u16(), body.len())),
        Err(error) => Ok(format!("failed {:?}", error.kind())),
    }
}

/// Reads content as it comes, and holds none of it.
async fn read(request: RequestBuilder) -> Result<String, Fault> {
    let mut answer = request.send().await?;
    let mut length = 0;
    while let Some(piece) = answer.chunk().await? {
        length += piece.len();
    }
    Ok(format!("ok {} {length}", answer.status().as_u16()))
}

fn with_secrets(request: RequestBuilder) -> RequestBuilder {
    let mut marked = HeaderValue::from_static("secret");
    marked.set_sensitive(true);
    let request = request.bearer("secret").header("cookie", "secret=1");
    request.header("proxy-authorization", "secret").header("x-marked", marked)
}

fn unbounded() -> Codings {
    Codings::default().max_decoded(u64::MAX).max_ratio(u64::MAX)
}

/// Calls in the clear through a tunnel.
async fn tunnel(connector: &Connector, url: &str) -> Result<String, Fault> {
    let origin: Origin = url.parse()?;
    let proxy = Proxy::from_env()?.pop().unwrap();
    let to = format!("{}:{}", origin.host(), origin.port()).parse()?;
    let mut connection = connector.over(connector.tunnel(&proxy, &to).await?);
    let mut answer = connection.send(Request::new("GET".parse().unwrap(), "/")).await?;
    let body = answer.bytes(1 << 20).await?;
    Ok(format!("ok {} {}", answer.status().as_u16(), body.len()))
}
