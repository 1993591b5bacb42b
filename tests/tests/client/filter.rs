//! The filter of addresses, for programs that call URLs which others give them.

use std::net::{IpAddr, SocketAddr};

use counterpart::client::{Client, Connector, is_public};
use counterpart::service::FaultKind;

use super::house::*;

/// C08: an address that may not be called is called by none of its ways of being written, and by no name.
#[tokio::test]
async fn no_way_leads_there() {
    let peer = Peer::new().await;
    let port = peer.address().port();
    let found = peer.address();
    let connector = Connector::new()
        .resolver(move |_: String, _: u16| std::future::ready(Ok(vec![found])))
        .resolve("fixed.example", [IpAddr::from([127, 0, 0, 1])])
        .allow_addresses(is_public);
    let client = peer.client_by(connector);
    for host in ["127.0.0.1", "[::1]", "[::ffff:127.0.0.1]", "[64:ff9b::7f00:1]", "169.254.169.254"]
        .into_iter()
        .chain(["localhost", "fixed.example", "rebound.example", "2130706433", "0x7f.1"])
    {
        let url = format!("http://{host}:{port}/");
        let fault = call(&client, get(&url)).await.unwrap().unwrap_err();
        assert_eq!(fault.kind(), FaultKind::InvalidUrl, "{host}: {fault}");
        assert!(fault.to_string().contains("may not call"), "{fault}");
    }
}

/// C08: of several addresses those are called that may be.
#[tokio::test]
async fn the_others_are_called() {
    let peer = Peer::new().await;
    let (forbidden, allowed) = (nobody().await, peer.address());
    let forbidden = SocketAddr::from(([127, 0, 0, 2], forbidden.port()));
    let connector = Connector::new()
        .resolver(move |_: String, _: u16| std::future::ready(Ok(vec![forbidden, allowed])))
        .allow_addresses(move |address| address != forbidden.ip());
    let (connector, lines) = traced(connector);
    let client = Client::new("http://a.example").unwrap().with_connector(connector);
    let calling = call(&client, get("/"));
    peer.answers(HI).await;
    assert_eq!(calling.await.unwrap().unwrap(), "hi");
    assert!(!lines.lock().unwrap().join("\n").contains("127.0.0.2"));
}
