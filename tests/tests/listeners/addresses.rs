//! The words for an address, and where they lead.

use std::net::{Ipv6Addr, SocketAddr, TcpListener, TcpStream};

use counterpart::prelude::*;
use counterpart::server::{Address, Server};

use super::{Running, ask, away, talk};

/// Whether this machine has IPv6; without it, half of these tests say nothing.
fn has_v6() -> bool {
    let has = TcpListener::bind((Ipv6Addr::LOCALHOST, 0)).is_ok();
    if !has {
        eprintln!("NOT TESTED: this machine has no IPv6");
    }
    has
}

async fn asked(address: SocketAddr, path: &'static str) -> String {
    away(move || ask(TcpStream::connect(address).unwrap(), path)).await
}

/// S1, S54: several addresses, one server.
#[tokio::test]
async fn a_server_listens_at_several_addresses() {
    let server = Server::bind("127.0.0.1:0").await.unwrap().and_bind("127.0.0.2:0").await.unwrap();
    let addresses: Vec<SocketAddr> = server.addresses().filter_map(Address::tcp).collect();
    assert_eq!(addresses[0], server.local_addr());
    assert_eq!(addresses[1].ip().to_string(), "127.0.0.2");
    let running = Running::start(server, talk());
    for address in addresses.clone() {
        assert!(asked(address, "/here").await.ends_with("/here"));
    }
    running.stop().await;
    for address in addresses {
        assert!(TcpStream::connect(address).is_err());
    }
}

/// S54: a name stands for all of its addresses, at one port.
#[tokio::test]
async fn localhost_is_all_that_it_resolves_to() {
    let server = Server::bind("localhost:0").await.unwrap();
    let addresses: Vec<SocketAddr> = server.addresses().filter_map(Address::tcp).collect();
    assert!(addresses.iter().all(|at| at.ip().is_loopback() && at.port() == addresses[0].port()));
    let running = Running::start(server, talk());
    for address in addresses {
        assert!(asked(address, "/here").await.ends_with("/here"));
    }
    running.stop().await;
}

/// S29, S54: `[::]` is IPv4 too, and its peers are told as such.
#[tokio::test]
async fn all_of_ipv6_is_all_of_ipv4_too() {
    if !has_v6() {
        return;
    }
    let server = Server::bind("[::]:0").await.unwrap();
    let port = server.local_addr().port();
    let running = Running::start(server, talk());
    assert!(asked(([127, 0, 0, 1], port).into(), "/peer").await.ends_with("Some(127.0.0.1)"));
    assert!(asked((Ipv6Addr::LOCALHOST, port).into(), "/peer").await.ends_with("Some(::1)"));
    running.stop().await;
    let server = Server::bind("[::]:0?only-v6").await.unwrap();
    let port = server.local_addr().port();
    assert!(TcpStream::connect(("127.0.0.1", port)).is_err());
    assert!(TcpStream::connect((Ipv6Addr::LOCALHOST, port)).is_ok());
}

/// S1: what is wrong with an address is told with the way out.
#[tokio::test]
async fn a_wrong_address_is_told_apart() {
    let said = async |words: &str| counterpart::Error::from(Server::bind(words).await.unwrap_err());
    let error = format!("{:?}", said("127.0.0.1:0?only-v4").await);
    assert!(error.contains("`only-v4` is no option; there are `only-v6`"), "{error}");
    let error = format!("{:?}", said("192.0.2.1:0").await);
    assert!(error.contains("is not one of this machine; 0.0.0.0 stands for all"), "{error}");
    let error = format!("{:?}", said("inherited").await);
    assert!(error.contains("LISTEN_FDS is not set"), "{error}");
    let error = format!("{:?}", said("127.0.0.1:99999").await);
    assert!(error.contains("such as 127.0.0.1:8080"), "{error}");
}

#[get("/whoami")]
async fn whoami() -> &'static str {
    "an app"
}

api!(Whoami: whoami);

/// S54: an app listens wherever a server does.
#[tokio::test]
async fn an_app_listens_at_several_addresses() {
    let bound = App::new().mount(Whoami).bind("127.0.0.1:0").await.unwrap();
    let bound = bound.and_bind("127.0.0.2:0").await.unwrap();
    let urls: Vec<String> = bound.addresses().map(Address::to_string).collect();
    assert_eq!(urls[0], bound.url());
    let calls = async move {
        for url in urls {
            assert_eq!(WhoamiClient::http(&url).unwrap().whoami().await.unwrap(), "an app");
        }
    };
    bound.serve_until(calls).await.unwrap();
}
