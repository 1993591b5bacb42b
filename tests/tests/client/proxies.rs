//! Proxies: who is called through one, what it is told, and what it is not.

use std::net::IpAddr;
use std::time::Duration;

use counterpart::client::{Client, Connector, Proxy, Refusal};
use counterpart::http::{HeaderName, HeaderValue, Method, StatusCode, header};
use counterpart::service::{Deadline, FaultKind, Phase};
use counterpart::{Request, Service};
use tokio::io::{AsyncReadExt, AsyncWriteExt};

use super::house::*;

/// Credentials as they must be seen by nobody but the proxy.
const SECRET: &str = "Basic dTpzM2NyZXQ=";

fn proxy(peer: &Peer) -> Proxy {
    Proxy::all(&format!("http://u:s3cret@{}", peer.address())).unwrap()
}

fn client(connector: Connector) -> Client {
    Client::default().with_connector(connector)
}

fn proxied(peer: &Peer) -> Client {
    client(Connector::new().proxy(proxy(peer)))
}

const TUNNEL: &str = "HTTP/1.1 200 Connection established\r\n\r\n";

/// C32: in the clear the proxy is told the whole URL, its credentials and its fields; connections to it are kept for
/// all servers.
#[tokio::test]
async fn requests_are_passed_on() {
    let peer = Peer::new().await;
    let name = HeaderName::from_static("x-proxy");
    let proxy = proxy(&peer).header(name, HeaderValue::from_static("told"));
    let client = client(Connector::new().proxy(proxy));
    let calling = call(&client, get("http://a.example/b?c"));
    let (mut line, head) = peer.answers(HI).await;
    assert_eq!(calling.await.unwrap().unwrap(), "hi");
    assert_eq!(
        head,
        format!(
            "GET http://a.example/b?c HTTP/1.1\r\nhost: a.example\r\n\
             proxy-authorization: {SECRET}\r\nx-proxy: told\r\n\r\n"
        )
    );
    let mut request = Request::new(Method::OPTIONS, "http://b.example:81/");
    request.head.fields.append(header::PROXY_AUTHORIZATION, HeaderValue::from_static("mine"));
    let calling = call(&client, request);
    let head = line.answers(HI).await;
    assert!(head.starts_with("OPTIONS http://b.example:81/ HTTP/1.1\r\nhost: b.example:81\r\n"));
    assert!(head.contains(SECRET) && !head.contains("mine"), "{head}");
    assert_eq!(calling.await.unwrap().unwrap(), "hi");
}

/// C32, C11: what is to be by TLS is asked a tunnel for, to a port, with a `Host`.
#[tokio::test]
async fn a_tunnel_is_asked_for() {
    for (url, to) in [
        ("https://a.example/secret", "a.example:443"),
        ("https://[::1]:444/secret", "[::1]:444"),
        ("https://A.example:80/", "a.example:80"),
    ] {
        let peer = Peer::new().await;
        let client = proxied(&peer);
        let request = get(url).with_field(header::AUTHORIZATION, HeaderValue::from_static("mine"));
        let calling = call(&client, request);
        let head = peer.accept().await.head().await;
        let expected =
            format!("CONNECT {to} HTTP/1.1\r\nhost: {to}\r\nproxy-authorization: {SECRET}\r\n\r\n");
        assert_eq!(head, expected);
        let fault = calling.await.unwrap().unwrap_err();
        assert_eq!(fault.kind(), FaultKind::Connect);
        assert!(fault.to_string().contains("made no tunnel"), "{fault}");
    }
}

/// C32: an answer that is no tunnel is told, with its fields; its content is nobody's answer.
#[tokio::test]
async fn a_refusal() {
    let peer = Peer::new().await;
    let calling = call(&proxied(&peer), get("https://a.example/"));
    let refused =
        "HTTP/1.1 407 No\r\nproxy-authenticate: Basic realm=\"p\"\r\ncontent-length: 2\r\n\r\nno";
    let (mut line, _) = peer.answers(refused).await;
    let fault = calling.await.unwrap().unwrap_err();
    assert_eq!(fault.kind(), FaultKind::Proxy(StatusCode::PROXY_AUTHENTICATION_REQUIRED));
    assert!(fault.is_connect(), "nothing was sent");
    let refusal = fault.cause().unwrap().downcast_ref::<Refusal>().unwrap();
    assert_eq!(refusal.status(), 407);
    assert_eq!(refusal.fields().get("proxy-authenticate"), Some(&b"Basic realm=\"p\""[..]));
    let said = fault.to_string();
    assert!(said.contains("basic_auth") && !said.contains("s3cret"), "{said}");
    line.is_left().await;

    for bad in ["HTTP/1.1 302 Go\r\nlocation: http://evil/\r\n\r\n", "nonsense\r\n\r\n", ""] {
        let peer = Peer::new().await;
        let calling = call(&proxied(&peer), get("https://a.example/"));
        peer.answers(bad).await;
        assert!(calling.await.unwrap().unwrap_err().is_connect(), "{bad}");
    }
    let peer = Peer::new().await;
    let calling = call(&proxied(&peer), get("https://a.example/"));
    let mut line = peer.accept().await;
    line.head().await;
    line.say(format!("HTTP/1.1 200 OK\r\nx: {}\r\n\r\n", "x".repeat(70_000))).await;
    assert_eq!(calling.await.unwrap().unwrap_err().kind(), FaultKind::Connect);
}

/// C32, C56: by hand a tunnel is a stream; bytes that come with the proxy's answer are not lost, and its own length
/// means nothing.
#[tokio::test]
async fn a_tunnel_by_hand() {
    for answer in [
        "HTTP/1.1 200 OK\r\n\r\nearly",
        "HTTP/1.0 200 Connection established\r\n\r\nearly",
        "HTTP/1.1 204 No Content\r\ncontent-length: 3\r\ntransfer-encoding: chunked\r\n\r\nearly",
    ] {
        let peer = Peer::new().await;
        let (connector, proxy) = (Connector::new(), proxy(&peer));
        let to = "a.example:25".parse().unwrap();
        let (tunnel, (mut line, head)) =
            tokio::join!(connector.tunnel(&proxy, &to), peer.answers(answer));
        assert!(head.starts_with("CONNECT a.example:25 HTTP/1.1\r\n"), "{head}");
        let mut tunnel = tunnel.unwrap();
        let mut read = [0; 5];
        tunnel.read_exact(&mut read).await.unwrap();
        assert_eq!(&read, b"early");
        tunnel.write_all(b"EHLO\r\n\r\n").await.unwrap();
        assert_eq!(line.head().await, "EHLO\r\n\r\n");
    }
}

/// C32: a connection by hand speaks to a proxy as a client does.
#[tokio::test]
async fn a_connection_by_hand() {
    let peer = Peer::new().await;
    let connector = Connector::new().proxy(proxy(&peer));
    let mut connection = connector.connect("a.example").await.unwrap();
    let (answer, (_line, head)) = tokio::join!(connection.send(get("/b")), peer.answers(HI));
    assert!(head.starts_with("GET http://a.example/b HTTP/1.1\r\nhost: a.example\r\n"), "{head}");
    assert!(head.contains(SECRET));
    let answer = answer.unwrap();
    assert_eq!((answer.status(), answer.url().as_str()), (StatusCode::OK, "http://a.example/b"));
    let blocking = move || {
        let origin = "http://a.example".parse().unwrap();
        counterpart::client::blocking::Connection::connect_by(&connector, &origin).unwrap_err()
    };
    let fault = tokio::task::spawn_blocking(blocking).await.unwrap();
    assert!(fault.to_string().contains("proxy"), "{fault}");
}

/// C06: whom the proxy does not serve is called without it, and told nothing that was for it.
#[tokio::test]
async fn who_is_called_directly() {
    let (peer, server) = (Peer::new().await, Peer::new().await);
    let port = server.address().port();
    let only_https = Proxy::https(&peer.url()).unwrap();
    for connector in [
        Connector::new().proxy(proxy(&peer).no_proxy("127.0.0.0/8")),
        Connector::new().proxy(proxy(&peer).no_proxy("a").no_proxy(&format!("127.0.0.1:{port}"))),
        Connector::new().proxy(only_https),
    ] {
        let client = client(connector);
        let mut request = get(&server.url());
        request.head.fields.append(header::PROXY_AUTHORIZATION, HeaderValue::from_static("mine"));
        let calling = call(&client, request);
        let (_line, head) = server.answers(HI).await;
        assert!(head.starts_with("GET / HTTP/1.1\r\n"), "{head}");
        assert!(!head.to_lowercase().contains("proxy"), "{head}");
        assert_eq!(calling.await.unwrap().unwrap(), "hi");
    }
}

/// C06: a redirection from a server that is called through a proxy to one that is not takes no credentials with it, nor
/// does a connection that was kept.
#[tokio::test]
async fn redirections_keep_credentials_apart() {
    let (peer, server) = (Peer::new().await, Peer::new().await);
    let client = client(Connector::new().proxy(proxy(&peer).no_proxy("127.0.0.1")));
    let calling = tokio::spawn({
        let client = client.clone();
        async move { client.get("http://a.example/").send().await.unwrap().status() }
    });
    let moved =
        format!("HTTP/1.1 307 Go\r\nlocation: {}\r\ncontent-length: 0\r\n\r\n", server.url());
    let (mut line, _) = peer.answers(moved).await;
    let (_other, head) = server.answers(HI).await;
    assert!(head.starts_with("GET / HTTP/1.1\r\n") && !head.contains("proxy"), "{head}");
    assert_eq!(calling.await.unwrap(), 200);
    // What is called directly at the proxy's own address has a connection of its own.
    let calling = call(&client, get(&peer.url()));
    let (_direct, head) = peer.answers(HI).await;
    assert!(head.starts_with("GET / HTTP/1.1\r\n") && !head.contains("proxy-"), "{head}");
    calling.await.unwrap().unwrap();
    let calling = call(&client, get("http://b.example/"));
    assert!(line.answers(HI).await.contains(SECRET));
    calling.await.unwrap().unwrap();
}

/// C06, C30: a trace shows the tunnel, and nothing that is secret.
#[tokio::test]
async fn a_trace_tells_no_secret() {
    let peer = Peer::new().await;
    let name = HeaderName::from_static("x-proxy-key");
    let proxy = proxy(&peer).header(name, HeaderValue::from_static("s3cret"));
    let (connector, lines) = traced(Connector::new().proxy(proxy.clone()));
    let calling = call(&client(connector.clone()), get("http://a.example/"));
    peer.answers(HI).await;
    calling.await.unwrap().unwrap();
    let to = "a.example:80".parse().unwrap();
    let (tunnel, _) = tokio::join!(connector.tunnel(&proxy, &to), peer.answers(TUNNEL));
    tunnel.unwrap();
    let said = lines.lock().unwrap().join("\n");
    assert!(said.contains("> CONNECT a.example:80 HTTP/1.1\n"), "{said}");
    assert!(said.contains(&format!("\n* {} made a tunnel to a.example:80", peer.url())), "{said}");
    assert!(said.contains("> x-proxy-key: (hidden)"), "{said}");
    assert!(!said.contains("s3cret") && !said.contains("dTpz"), "{said}");
}

/// C08: the address of a proxy is the program's own choice; one that stands in a URL is filtered all the same.
#[tokio::test]
async fn a_filter_is_for_servers() {
    let peer = Peer::new().await;
    let connector = Connector::new()
        .proxy(proxy(&peer))
        .allow_addresses(|address| address == IpAddr::from([192, 0, 2, 1]));
    let client = client(connector);
    let calling = call(&client, get("http://a.example/"));
    let (mut line, _) = peer.answers(HI).await;
    calling.await.unwrap().unwrap();
    let calling = call(&client, get("http://192.0.2.1/"));
    line.answers(HI).await;
    calling.await.unwrap().unwrap();
    for url in ["http://127.0.0.1/", "https://[::1]/", "http://169.254.169.254/"] {
        let fault = call(&client, get(url)).await.unwrap().unwrap_err();
        assert_eq!(fault.kind(), FaultKind::InvalidUrl, "{url}");
    }
}

/// C26: a tunnel that does not come about is part of connecting, and of the whole.
#[tokio::test]
async fn a_proxy_that_says_nothing() {
    let peer = Peer::new().await;
    let connector = patient(|timeouts| timeouts.connect = Duration::from_secs(5));
    let client = client(connector.proxy(proxy(&peer)));
    tokio::time::pause();
    for (total, phase, seconds) in [(60, Phase::Connect, 5), (3, Phase::Total, 3)] {
        let mut request = get("https://a.example/");
        request.extensions.insert(Deadline(Duration::from_secs(total)));
        let start = tokio::time::Instant::now();
        let fault = client.call(request).await.unwrap_err();
        assert_eq!(fault.kind(), FaultKind::Timeout(phase));
        assert_eq!(start.elapsed().as_secs(), seconds);
    }
}

/// C32: a proxy that is not there is a fault of connecting, and named.
#[tokio::test]
async fn a_proxy_that_is_not_there() {
    let address = nobody().await;
    let proxy = Proxy::all(&format!("http://u:s3cret@{address}")).unwrap();
    let client = client(Connector::new().proxy(proxy));
    for url in ["http://a.example/", "https://a.example/"] {
        let fault = call(&client, get(url)).await.unwrap().unwrap_err();
        assert_eq!(fault.kind(), FaultKind::Connect);
        let said = fault.to_string();
        assert!(said.contains(&address.to_string()) && !said.contains("s3cret"), "{said}");
    }
}
