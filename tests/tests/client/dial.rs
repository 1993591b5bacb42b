//! Dialling: which address of a name answers first.

use std::io;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::time::Duration;

use counterpart::client::{Client, Connector, Resolver};
use counterpart::service::FaultKind;
use tokio::time::Instant;

use super::house::*;

/// Finds these, whatever is asked for.
fn finds(addresses: &[SocketAddr]) -> Connector {
    let found = addresses.to_vec();
    Connector::new().resolver(move |_: String, _: u16| std::future::ready(Ok(found.clone())))
}

fn client(connector: Connector) -> Client {
    Client::new("http://a.example:81").unwrap().with_connector(connector)
}

/// C28, C11: an address that is silent costs a quarter of a second, and the next one wins.
#[tokio::test]
async fn a_silent_address_is_not_waited_for() {
    let Some(silent) = silent() else { return };
    let peer = Peer::new().await;
    let client = client(finds(&[silent.address, peer.address()]));
    let start = Instant::now();
    tokio::time::pause();
    let call = call(&client, get("/"));
    let mut line = peer.accept().await;
    tokio::time::resume();
    let took = start.elapsed();
    assert!(took >= Duration::from_millis(250) && took < Duration::from_millis(300), "{took:?}");
    line.answers(HI).await;
    assert_eq!(call.await.unwrap().unwrap(), "hi");
}

/// C28: one that refuses costs nothing, whichever family it is of.
#[tokio::test]
async fn a_refusal_is_the_next_ones_turn() {
    let peer = Peer::new().await;
    let refuses: SocketAddr = ([0, 0, 0, 0, 0, 0, 0, 1], nobody().await.port()).into();
    let client = client(finds(&[refuses, nobody().await, peer.address()]));
    tokio::time::pause();
    let start = Instant::now();
    let calling = call(&client, get("/"));
    let mut line = peer.accept().await;
    assert!(start.elapsed() < Duration::from_millis(250));
    tokio::time::resume();
    line.answers(HI).await;
    assert_eq!(calling.await.unwrap().unwrap(), "hi");
}

/// C28: if none answers, it is told of each why.
#[tokio::test]
async fn all_that_failed_is_told() {
    let (one, other) = (nobody().await, nobody().await);
    let fault = call(&client(finds(&[one, other])), get("/")).await.unwrap().unwrap_err();
    assert_eq!(fault.kind(), FaultKind::Connect);
    let said = fault.to_string();
    assert!(said.starts_with("no connection: http://a.example:81: "), "{said}");
    for address in [one, other] {
        assert!(said.contains(&format!("{address}: Connection refused")), "{said}");
    }
}

/// C28: a resolver is asked for names, and not for addresses; what it says is the end of it.
#[tokio::test]
async fn a_resolver() {
    struct Known(SocketAddr);
    impl Resolver for Known {
        async fn resolve(&self, host: &str, port: u16) -> io::Result<Vec<SocketAddr>> {
            match (host, port) {
                ("a.example", 81) => Ok(vec![self.0]),
                ("nothing.example", _) => Ok(vec![]),
                _ => Err(io::Error::other("unheard of")),
            }
        }
    }
    let peer = Peer::new().await;
    let client = client(Connector::new().resolver(Known(peer.address())));
    let calling = call(&client, get("/"));
    let (_line, head) = peer.answers(HI).await;
    assert!(head.contains("\r\nhost: a.example:81\r\n"), "{head}");
    assert_eq!(calling.await.unwrap().unwrap(), "hi");
    for (url, word) in
        [("http://b.example/", "unheard of"), ("http://nothing.example/", "no address")]
    {
        let fault = call(&client, get(url)).await.unwrap().unwrap_err();
        assert_eq!(fault.kind(), FaultKind::Connect);
        assert!(fault.to_string().contains(word), "{fault}");
    }
    let other = Peer::new().await;
    let calling = call(&client, get(&other.url()));
    other.answers(HI).await;
    assert_eq!(calling.await.unwrap().unwrap(), "hi");
}

/// C28: a name that the program has given addresses is asked of nobody.
#[tokio::test]
async fn a_fixed_name() {
    let peer = Peer::new().await;
    let connector = finds(&[]).resolve("A.example", [Ipv4Addr::LOCALHOST]);
    let url = format!("http://a.example:{}", peer.address().port());
    let client = Client::new(&url).unwrap().with_connector(connector);
    let calling = call(&client, get("/"));
    peer.answers(HI).await;
    assert_eq!(calling.await.unwrap().unwrap(), "hi");
}

/// C27: of the addresses those are called that can be reached from where the connection is to come from.
#[tokio::test]
async fn a_local_address_picks_the_family() {
    let other: SocketAddr = "[::1]:9".parse().unwrap();
    let peer = Peer::new().await;
    let connector = finds(&[other, peer.address()]).local_address(IpAddr::from([127, 0, 0, 1]));
    let (connector, lines) = traced(connector);
    let calling = call(&client(connector), get("/"));
    peer.answers(HI).await;
    assert_eq!(calling.await.unwrap().unwrap(), "hi");
    assert!(lines.lock().unwrap().iter().all(|line| !line.contains("::1")));
}

/// C30: what is found and whom the client is connected to is told before what travels.
#[tokio::test]
async fn a_trace_begins_with_the_connection() {
    let (peer, refuses) = (Peer::new().await, nobody().await);
    let (connector, lines) = traced(finds(&[refuses, peer.address()]));
    let client = client(connector);
    let calling = call(&client, get("/a"));
    let (mut line, _) = peer.answers(HI).await;
    calling.await.unwrap().unwrap();
    let calling = call(&client, get("/b"));
    line.answers(HI).await;
    calling.await.unwrap().unwrap();
    let said = lines.lock().unwrap().join("\n");
    let expected = format!(
        "* a.example is 127.0.0.1, 127.0.0.1\n* no connection to {refuses}: {}\n\
         * connected to {}\n> GET /a HTTP/1.1\n",
        io::Error::from_raw_os_error(REFUSED),
        peer.address(),
    );
    assert!(said.starts_with(&expected), "{said}");
    assert_eq!(said.matches('*').count(), 3, "{said}");
}

const REFUSED: i32 = if cfg!(target_os = "linux") { 111 } else { 61 };
