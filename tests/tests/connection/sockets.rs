//! Connecting: to names and addresses, from where one likes, over Unix sockets.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::time::Duration;

use counterpart::client::{Authority, Connection, Connector, Origin};
use counterpart::service::FaultKind;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

use super::house::*;

/// Answers one request, and gives its head and who asked.
fn once(listener: TcpListener) -> JoinHandle<(String, SocketAddr)> {
    tokio::spawn(async move {
        let (mut stream, peer) = listener.accept().await.unwrap();
        let mut head = Vec::new();
        while !head.ends_with(b"\r\n\r\n") {
            head.push(stream.read_u8().await.unwrap());
        }
        stream.write_all(HI.as_bytes()).await.unwrap();
        (String::from_utf8(head).unwrap(), peer)
    })
}

async fn listen() -> (TcpListener, SocketAddr) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    (listener, address)
}

/// C4: a host and a port are called as they are written, and named in `Host`.
#[tokio::test]
async fn a_name() {
    let (listener, address) = listen().await;
    let asked = once(listener);
    let authority: Authority = "localhost".parse().unwrap();
    let authority = authority.with_port(address.port());
    let mut connection = Connector::new().connect_to(&authority.into()).await.unwrap();
    assert_eq!(connection.send(get("/")).await.unwrap().text().await.unwrap(), "hi");
    let host = format!("\r\nhost: localhost:{}\r\n", address.port());
    assert!(asked.await.unwrap().0.contains(&host));
}

/// C1, C2: what is no host is refused before anything is looked up.
#[tokio::test]
async fn no_name() {
    for text in ["", "h:abc", "u:p@h", "h:99999", "[::1", "h h", "h\r\nx: y"] {
        let fault = Connection::connect(text).await.unwrap_err();
        assert_eq!(fault.kind(), FaultKind::InvalidUrl, "{text:?}");
    }
}

/// C25, C27: where a connection comes from, and the options of its socket.
#[tokio::test]
async fn options() {
    let (listener, address) = listen().await;
    let asked = once(listener);
    let from = Ipv4Addr::new(127, 0, 0, 3);
    let connector = Connector::new()
        .local_address(IpAddr::from(from))
        .keepalive(Duration::from_secs(60))
        .nodelay(false);
    let mut connection = connector.connect(&address.to_string()).await.unwrap();
    connection.send(get("/")).await.unwrap();
    assert_eq!(asked.await.unwrap().1.ip(), from);

    // A port of one's own: whose it was is known by the listener that had it.
    let (listener, address) = listen().await;
    let (free, port) = listen().await;
    drop(free);
    let asked = once(listener);
    let connector = Connector::new().local_address(port);
    let mut connection = connector.connect(&address.to_string()).await.unwrap();
    connection.send(get("/")).await.unwrap();
    assert_eq!(asked.await.unwrap().1, port);

    let elsewhere = Connector::new().local_address(SocketAddr::from(([192, 0, 2, 1], 0)));
    let fault = elsewhere.connect(&address.to_string()).await.unwrap_err();
    assert_eq!(fault.kind(), FaultKind::Connect);
}

#[tokio::test]
async fn nobody() {
    let (listener, address) = listen().await;
    drop(listener);
    let fault = Connection::connect(&address.to_string()).await.unwrap_err();
    assert_eq!(fault.kind(), FaultKind::Connect);
    assert!(fault.is_connect() && fault.to_string().contains(&address.to_string()), "{fault}");
}

#[cfg(unix)]
#[tokio::test]
async fn a_unix_socket() {
    let path = std::env::temp_dir().join(format!("counterpart-{}.sock", std::process::id()));
    let listener = tokio::net::UnixListener::bind(&path).unwrap();
    let mut connection = Connector::new().connect_to(&Origin::socket(&path)).await.unwrap();
    let (mut stream, _) = listener.accept().await.unwrap();
    let (answer, ()) = tokio::join!(connection.send(get("/")), async {
        let mut head = [0; 256];
        let read = stream.read(&mut head).await.unwrap();
        assert!(std::str::from_utf8(&head[..read]).unwrap().contains("host: localhost\r\n"));
        stream.write_all(HI.as_bytes()).await.unwrap();
    });
    assert_eq!(answer.unwrap().text().await.unwrap(), "hi");
    drop(listener);
    std::fs::remove_file(&path).unwrap();
    let fault = Connector::new().connect_to(&Origin::socket(&path)).await.unwrap_err();
    assert_eq!(fault.kind(), FaultKind::Connect);
}
