//! A server by TLS: whom it lets in, how long it waits, and what it says to those who speak something else.

use std::future::pending;
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

use bytes::BytesMut;
use counterpart::client::{Connector, blocking};
use counterpart::drive::h1_server::House;
use counterpart::drive::handshake::{Greeted, greet};
use counterpart::prelude::*;
use counterpart::server::{Address, Config, Server, Workers};
use counterpart::service::{FaultKind, TlsProblem, from_fn};
use counterpart::tls::{ClientCertificates, ClientTls, Identity, ServerTls, TlsInfo};
use counterpart::{Fault, Service};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::sync::oneshot;
use tokio::task::{JoinHandle, spawn_blocking};

use super::authority::{Authority, Pair};
use super::house::client;

/// Says how the request came.
pub(super) fn echo() -> impl Service {
    from_fn(async |request: Request| {
        let tls = request.extensions.get::<TlsInfo>();
        let words = tls.map_or("in the clear".into(), |tls| {
            let (name, shown) = (tls.server_name(), tls.peer_certificates().len());
            format!("{} {name:?} {shown}", tls.version())
        });
        Ok(Response::new(StatusCode::OK).with_body(words))
    })
}

/// A server on a free port, which goes with this.
pub(super) struct Served {
    pub(super) address: SocketAddr,
    pub(super) stop: oneshot::Sender<()>,
    pub(super) ended: JoinHandle<std::io::Result<()>>,
}

pub(super) async fn serve(tls: &ServerTls, config: Config) -> Served {
    let server = Server::bind("127.0.0.1:0").await.unwrap().with_tls(tls).with_config(config);
    let address = server.local_addr();
    let (stop, stopped) = oneshot::channel();
    let stopped = async {
        let _ = stopped.await;
    };
    let ended = tokio::spawn(server.serve_until(echo(), stopped));
    Served { address, stop, ended }
}

/// A server for this machine, and a client that trusts it.
async fn here(config: Config) -> (Served, ClientTls) {
    let authority = Authority::new("Tests");
    let pair = authority.issue(&["localhost", "127.0.0.1"]);
    let served = serve(&ServerTls::pem(&pair.certificate, &pair.key).unwrap(), config).await;
    (served, client(&authority))
}

async fn ask(address: SocketAddr, tls: ClientTls) -> Result<String, Fault> {
    let mut connection = Connector::new().tls(tls).connect(&format!("https://{address}")).await?;
    let mut answer = connection.send(Request::new(http::Method::GET, "/")).await?;
    answer.text().await
}

/// S53: a certificate and a key make a server one of TLS, and its address says so.
#[tokio::test]
async fn requests_come_by_tls() {
    let (served, client) = here(Config::default()).await;
    assert_eq!(ask(served.address, client).await.unwrap(), "TLS 1.3 None 0");
    let tls = ServerTls::new(identity(&Authority::new("Tests").issue(&["a.example"])));
    let server = Server::bind("127.0.0.1:0").await.unwrap().with_tls(&tls);
    let server = server.and_bind("127.0.0.1:0").await.unwrap();
    let schemes: Vec<_> = server.addresses().map(|at| at.to_string()[..6].to_owned()).collect();
    assert_eq!(schemes, ["https:", "http:/"]);
    assert!(matches!(server.addresses().next(), Some(Address::Tls(_))));
}

fn identity(pair: &Pair) -> Identity {
    Identity::pem(&pair.certificate, &pair.key).unwrap()
}

/// C33: for a thread that waits as well.
#[tokio::test]
async fn a_thread_that_waits_speaks_it_too() {
    let (served, client) = here(Config::default()).await;
    let url = format!("https://localhost:{}", served.address.port());
    let said = spawn_blocking(move || {
        let connector = Connector::new().tls(client);
        let mut connection = blocking::Connection::connect_by(&connector, &url.parse()?)?;
        for _ in 0..2 {
            connection.send(Request::new(http::Method::GET, "/"))?.text()?;
        }
        connection.send(Request::new(http::Method::GET, "/"))?.text()
    });
    assert_eq!(said.await.unwrap().unwrap(), "TLS 1.3 Some(\"localhost\") 0");
}

#[tokio::test(flavor = "multi_thread")]
async fn workers_share_what_they_are() {
    let authority = Authority::new("Tests");
    let tls = ServerTls::new(identity(&authority.issue(&["127.0.0.1"])));
    let workers = Workers::bind("127.0.0.1:0").await.unwrap().with_tls(&tls);
    let address = workers.local_addr();
    assert!(workers.addresses().all(|at| at.to_string().starts_with("https://")));
    let (stop, stopped) = oneshot::channel::<()>();
    let ended = tokio::spawn(workers.serve_until(echo(), async {
        let _ = stopped.await;
    }));
    for _ in 0..8 {
        assert_eq!(ask(address, client(&authority)).await.unwrap(), "TLS 1.3 None 0");
    }
    drop(stop);
    ended.await.unwrap().unwrap();
}

/// What a peer is told that sends this and waits.
async fn told(address: SocketAddr, bytes: &[u8]) -> Vec<u8> {
    let mut stream = tokio::net::TcpStream::connect(address).await.unwrap();
    stream.write_all(bytes).await.unwrap();
    let mut told = Vec::new();
    // A reset behind the words is as good as an end.
    let _ = stream.read_to_end(&mut told).await;
    told
}

/// T77: whoever speaks plain HTTP is told so in plain HTTP.
#[tokio::test]
async fn plain_http_is_answered_readably() {
    let (served, _) = here(Config::default()).await;
    for request in [
        "GET / HTTP/1.1\r\nhost: a\r\n\r\n",
        "POST /a HTTP/1.1\r\nhost: a\r\ncontent-length: 2\r\n\r\nhi",
    ] {
        let told = String::from_utf8(told(served.address, request.as_bytes()).await).unwrap();
        assert!(told.starts_with("HTTP/1.1 400 "), "{told}");
        assert!(told.contains("https://") && told.contains("connection: close"), "{told}");
    }
}

/// T77: what is neither gets an alert, or a close.
#[tokio::test]
async fn what_is_no_hello_is_refused() {
    let (served, client) = here(Config::default()).await;
    let ssl2 = b"\x80\x2e\x01\x03\x01\x00\x15\x00\x00\x00\x10\x01\x00\x80\x03\x00\x80\x07\x00\xc0\x06\x00\x40";
    for bytes in [
        ssl2.as_slice(),
        &[0; 100],
        &[22, 3, 1, 0xff, 0xff],
        &[22, 3, 1, 0, 4, 1, 0xff, 0xff, 0xff],
        b"\x15\x03\x01\x00\x02\x02\x28",
    ] {
        let mut stream = tokio::net::TcpStream::connect(served.address).await.unwrap();
        stream.write_all(bytes).await.unwrap();
        stream.shutdown().await.unwrap();
        let mut told = Vec::new();
        let _ = stream.read_to_end(&mut told).await;
        assert!(told.is_empty() || told[0] == 21, "{told:?}");
    }
    assert!(ask(served.address, client).await.is_ok());
}

/// T76: a handshake has so long, however steadily its bytes come.
#[tokio::test(start_paused = true)]
async fn a_handshake_has_its_time() {
    let authority = Authority::new("Tests");
    let tls = ServerTls::new(identity(&authority.issue(&["a.example"])));
    for each in [None, Some(Duration::from_secs(1))] {
        let (mut ours, theirs) = tokio::io::duplex(1 << 16);
        let house = House::new(Config::default());
        let begun = tokio::time::Instant::now();
        let greeting = greet(tls.clone(), Stream(theirs), house.clone());
        let dripping = async {
            for byte in [22, 3, 1, 1, 0, 1, 0, 0, 0xfc, 3, 3] {
                let Some(each) = each else { break };
                ours.write_all(&[byte]).await.unwrap();
                tokio::time::sleep(each).await;
            }
            pending::<()>().await;
        };
        tokio::select! {
            (greeted, _) = greeting => assert!(matches!(greeted, Greeted::Gone)),
            () = dripping => {}
        }
        let took = begun.elapsed();
        assert!((5.0..5.6).contains(&took.as_secs_f64()), "{took:?}");
        assert_eq!(house.crowd.count(), 0);
    }
}

/// A stream of tokio's as a wire.
struct Stream(tokio::io::DuplexStream);

impl counterpart::wire::Wire for Stream {
    fn poll_read(
        &mut self,
        cx: &mut std::task::Context<'_>,
        buffer: &mut BytesMut,
    ) -> std::task::Poll<std::io::Result<usize>> {
        std::pin::pin!(self.0.read_buf(buffer)).poll(cx)
    }

    fn poll_write(
        &mut self,
        cx: &mut std::task::Context<'_>,
        bytes: &[u8],
    ) -> std::task::Poll<std::io::Result<usize>> {
        std::pin::pin!(self.0.write(bytes)).poll(cx)
    }

    fn poll_flush(
        &mut self,
        _: &mut std::task::Context<'_>,
    ) -> std::task::Poll<std::io::Result<()>> {
        std::task::Poll::Ready(Ok(()))
    }

    fn poll_shutdown(
        &mut self,
        cx: &mut std::task::Context<'_>,
    ) -> std::task::Poll<std::io::Result<()>> {
        std::pin::pin!(self.0.shutdown()).poll(cx)
    }
}

/// A handshake that does not come to its end does not keep a server that stops.
#[tokio::test]
async fn a_stalled_handshake_does_not_hold_the_end_up() {
    let (served, _) = here(Config::default()).await;
    let mut stalled = TcpStream::connect(served.address).unwrap();
    stalled.write_all(&[22, 3]).unwrap();
    let begun = std::time::Instant::now();
    // It is accepted before the server stops, as it waits in the queue.
    served.stop.send(()).unwrap();
    served.ended.await.unwrap().unwrap();
    assert!(begun.elapsed() < Duration::from_secs(3), "{:?}", begun.elapsed());
    assert!(matches!(stalled.read(&mut [0; 9]), Ok(0) | Err(_)));
}

/// What comes of a client with this identity, or none, at a server that asks for certificates like this.
async fn shown(
    authority: &Authority,
    clients: ClientCertificates,
    identity: Option<Identity>,
) -> Result<String, Fault> {
    let pair = authority.issue(&["127.0.0.1"]);
    let tls = ServerTls::pem(&pair.certificate, &pair.key).unwrap().client_certificates(clients);
    let served = serve(&tls, Config::default()).await;
    let client = match identity {
        Some(identity) => client(authority).identity(identity),
        None => client(authority),
    };
    ask(served.address, client).await
}

/// C34: certificates of clients, required or not, good or not.
#[tokio::test]
async fn clients_show_certificates() {
    let (authority, stranger) = (Authority::new("Tests"), Authority::new("Another"));
    let required = || ClientCertificates::required(authority.pem()).unwrap();
    let optional = || ClientCertificates::optional(authority.pem()).unwrap();
    let good = || Some(identity(&authority.issue(&["me"])));
    let bad = || Some(identity(&stranger.issue(&["me"])));
    assert_eq!(shown(&authority, required(), good()).await.unwrap(), "TLS 1.3 None 1");
    assert_eq!(shown(&authority, optional(), good()).await.unwrap(), "TLS 1.3 None 1");
    assert_eq!(shown(&authority, optional(), None).await.unwrap(), "TLS 1.3 None 0");
    let fault = shown(&authority, required(), None).await.unwrap_err();
    assert_eq!(fault.kind(), FaultKind::Tls(TlsProblem::Refused(116)), "{fault}");
    assert!(fault.to_string().contains("wants to see a certificate of ours"), "{fault}");
    for clients in [required(), optional()] {
        let fault = shown(&authority, clients, bad()).await.unwrap_err();
        assert_eq!(fault.kind(), FaultKind::Tls(TlsProblem::Refused(48)), "{fault}");
    }
}

/// C34: a thread that waits hears why it was refused, too.
#[tokio::test]
async fn a_thread_that_waits_hears_why_it_was_refused() {
    let authority = Authority::new("Tests");
    let pair = authority.issue(&["localhost"]);
    let clients = ClientCertificates::required(authority.pem()).unwrap();
    let tls = ServerTls::pem(&pair.certificate, &pair.key).unwrap().client_certificates(clients);
    let served = serve(&tls, Config::default()).await;
    let url = format!("https://localhost:{}", served.address.port());
    let connector = Connector::new().tls(client(&authority));
    let asked = spawn_blocking(move || {
        let mut connection = blocking::Connection::connect_by(&connector, &url.parse()?)?;
        connection.send(Request::new(http::Method::GET, "/"))?.text()
    });
    let fault = asked.await.unwrap().unwrap_err();
    assert_eq!(fault.kind(), FaultKind::Tls(TlsProblem::Refused(116)), "{fault}");
}

/// S53: who asks by ALPN for HTTP/1.0 alone gets it; who asks for what is not spoken here is refused.
#[tokio::test]
async fn protocols_by_name() {
    let authority = Authority::new("Tests");
    let tls = ServerTls::new(identity(&authority.issue(&["localhost"])));
    let served = serve(&tls, Config::default()).await;
    let program = format!(
        r#"
import socket, ssl
for names in ["http/1.0"], ["h2", "http/1.1"], ["h2"]:
    context = ssl._create_unverified_context()
    context.set_alpn_protocols(names)
    try:
        with context.wrap_socket(socket.create_connection(("127.0.0.1", {})), server_hostname="localhost") as tls:
            print(tls.selected_alpn_protocol())
    except ssl.SSLError:
        print("refused")
"#,
        served.address.port()
    );
    let asking = tokio::process::Command::new("python3").args(["-c", &program]).output();
    let said = String::from_utf8(asking.await.expect("python3 is there").stdout).unwrap();
    assert_eq!(said, "http/1.0\nhttp/1.1\nrefused\n");
}

#[get("/who")]
async fn who(tls: &TlsInfo) -> String {
    tls.cipher().to_owned()
}

api!(Who: who);

#[tokio::test]
async fn a_handler_takes_it_by_reference() {
    let authority = Authority::new("Tests");
    let tls = ServerTls::new(identity(&authority.issue(&["127.0.0.1"])));
    let bound = App::new().mount(Who).bind("127.0.0.1:0").await.unwrap().with_tls(&tls);
    let (url, client) = (bound.url(), client(&authority));
    assert!(url.starts_with("https://127.0.0.1:"), "{url}");
    let asking = async move {
        let mut connection = Connector::new().tls(client).connect(&url).await.unwrap();
        let mut answer = connection.send(Request::new(http::Method::GET, "/who")).await.unwrap();
        assert!(answer.text().await.unwrap().contains("TLS13_"));
    };
    bound.serve_until(asking).await.unwrap();
    let refused = WhoClient::local(App::new().mount(Who)).raw("GET", "/who").await.unwrap();
    assert_eq!(refused.status(), 403);
}
