//! Proxies and TLS: servers by TLS behind tunnels, and proxies that are by TLS themselves.

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::{Arc, Mutex};

use counterpart::client::{Client, Connector, Proxy};
use counterpart::http::{Method, header};
use counterpart::server::Server;
use counterpart::service::{FaultKind, TlsProblem, from_fn};
use counterpart::tls::ServerTls;
use counterpart::{Fault, Request, Response};
use tokio::io::copy_bidirectional;
use tokio::net::TcpStream;

use super::authority::Authority;
use super::house::{client, server};

type Heard = Arc<Mutex<Vec<String>>>;

/// Listens, by TLS or not, and notes of each request its method, its target, and whether it has credentials for a
/// proxy.
async fn listen(tls: Option<&ServerTls>, answer: fn(&Request) -> Response) -> (SocketAddr, Heard) {
    let heard = Heard::default();
    let noted = heard.clone();
    let service = from_fn(move |request: Request| {
        let told = request.head.fields.contains(header::PROXY_AUTHORIZATION);
        let target = request.head.target.escape_ascii();
        noted.lock().unwrap().push(format!("{} {target} {told}", request.head.method));
        std::future::ready(Ok::<_, Fault>(answer(&request)))
    });
    let bound = Server::bind("127.0.0.1:0").await.unwrap();
    let bound = if let Some(tls) = tls { bound.with_tls(tls) } else { bound };
    let address = bound.local_addr();
    tokio::spawn(bound.serve(service));
    (address, heard)
}

/// A proxy, to which all names are this machine.
fn pass_on(request: &Request) -> Response {
    if request.head.method != Method::CONNECT {
        return Response::new(200.try_into().unwrap()).with_body("passed on");
    }
    let target = String::from_utf8_lossy(&request.head.target).into_owned();
    let port: u16 = target.rsplit_once(':').unwrap().1.parse().unwrap();
    Response::tunnel(move |mut wire| async move {
        let mut to = TcpStream::connect((Ipv4Addr::LOCALHOST, port)).await.unwrap();
        let _ = copy_bidirectional(&mut wire, &mut to).await;
    })
}

fn hi(_: &Request) -> Response {
    Response::new(200.try_into().unwrap()).with_body("hi")
}

async fn get(client: &Client, url: &str) -> String {
    client.get(url).send().await.unwrap().text().await.unwrap()
}

/// C32, C06, C33: by a proxy in the clear and by one over TLS: servers over TLS are reached through one tunnel that is
/// kept, under their own name, and hear nothing of what the proxy is told.
#[tokio::test]
async fn tunnels() {
    let authority = Authority::new("Tests");
    let of_server = server(&authority.issue(&["a.example"]));
    let of_proxy = server(&authority.issue(&["proxy.example"]));
    for by_tls in [false, true] {
        let (to, heard) = listen(Some(&of_server), hi).await;
        let (proxy, asked) = listen(by_tls.then_some(&of_proxy), pass_on).await;
        let scheme = if by_tls { "https" } else { "http" };
        let url = format!("{scheme}://u:s3cret@proxy.example:{}", proxy.port());
        let connector = Connector::new()
            .tls(client(&authority))
            .resolve("proxy.example", [Ipv4Addr::LOCALHOST])
            .proxy(Proxy::all(&url).unwrap());
        let client = Client::default().with_connector(connector);
        let at = format!("a.example:{}", to.port());
        for _ in 0..3 {
            assert_eq!(get(&client, &format!("https://{at}/b")).await, "hi");
        }
        assert_eq!(*asked.lock().unwrap(), [format!("CONNECT {at} true")]);
        assert_eq!(*heard.lock().unwrap(), ["GET /b false"; 3]);

        // In the clear the proxy passes requests on itself.
        assert_eq!(get(&client, "http://b.example/c").await, "passed on");
        assert_eq!(asked.lock().unwrap()[1], "GET http://b.example/c true");

        // A tunnel to somebody else is no server of that name.
        let wrong = client.get(format!("https://b.example:{}/", to.port())).send().await;
        let kind = wrong.unwrap_err().kind();
        assert_eq!(kind, FaultKind::Tls(TlsProblem::WrongName));
    }
}
