//! Redirections: which are followed, with what, and which never.

use counterpart::client::{Client, Connector, Hop, Redirects, Verdict};
use counterpart::http::{HeaderName, HeaderValue, Method};
use counterpart::service::FaultKind;
use counterpart::{Body, Request, Service};

use super::peer::{Peer, ok, to};

/// C46: an answer knows whose it is, and what led to it.
#[tokio::test]
async fn an_answer_knows_how_it_was_come_by() {
    let peer = Peer::new(|seen| match seen.line.as_str() {
        "GET /a/b" => to(302, "../c?d#e"),
        "GET /c?d" => to(308, "/f"),
        _ => ok("at the end"),
    })
    .await;
    let mut answer = Client::new(&peer.url).unwrap().get("/a/b").send().await.unwrap();
    assert_eq!((answer.status().as_u16(), answer.reason()), (200, "OK"));
    assert_eq!(answer.url(), format!("{}/f", peer.url));
    let history = answer.history().iter().map(|past| (past.status.as_u16(), past.url.clone()));
    let expected = [(302, format!("{}/a/b", peer.url)), (308, format!("{}/c?d", peer.url))];
    assert_eq!(Vec::from_iter(history), expected);
    assert_eq!(answer.text().await.unwrap(), "at the end");
}

/// What a request becomes after each kind of redirection.
#[tokio::test]
async fn method_and_content_after_each_status() {
    let peer = Peer::new(|seen| match seen.line.split_once(" /to/") {
        Some((_, status)) => to(status.parse().unwrap(), "/end"),
        None => ok(""),
    })
    .await;
    let client = Client::new(&peer.url).unwrap();
    for (status, method, becomes, has_content) in [
        (301, Method::POST, "GET", false),
        (302, Method::POST, "GET", false),
        (303, Method::POST, "GET", false),
        (307, Method::POST, "POST", true),
        (308, Method::POST, "POST", true),
        (301, Method::PUT, "PUT", true),
        (302, Method::PATCH, "PATCH", true),
        (303, Method::PUT, "GET", false),
        (303, Method::HEAD, "HEAD", true),
        (307, Method::GET, "GET", true),
    ] {
        let sending = client.request(method.clone(), format!("/to/{status}")).text("x").send();
        sending.await.unwrap();
        let last = peer.last();
        assert_eq!(last.line, format!("{becomes} /end"), "{status} after {method}");
        assert_eq!(last.body == "x", has_content, "{status} after {method}");
        assert_eq!(last.fields.contains("content-type"), has_content);
        assert!(!last.fields.contains("referer"));
    }
    // A stream is sent once.
    let sending = client.post("/to/307").body(Body::from_reader(&b"x"[..])).send();
    assert_eq!(sending.await.unwrap().status(), 307);
    let sending = client.post("/to/303").body(Body::from_reader(&b"x"[..])).send();
    assert_eq!(sending.await.unwrap().status(), 200);
    for status in [300, 304, 305, 306, 399] {
        let answer = client.get(format!("/to/{status}")).send().await.unwrap();
        assert_eq!(answer.status(), status);
    }
}

/// C02: no secret leaves its server: not to another host, nor to another port, nor back again.
#[tokio::test]
async fn no_secret_leaves_its_server() {
    const SECRETS: [&str; 5] =
        ["authorization", "cookie", "proxy-authorization", "x-marked", "x-hidden"];
    let last = Peer::new(|_| ok("")).await;
    let end = last.url.clone();
    let other = Peer::new(move |_| to(307, format!("{end}/end"))).await;
    let port = other.url.rsplit(':').next().unwrap().to_owned();
    let connector = || Connector::new().hide(HeaderName::from_static("x-hidden"));
    for status in [301, 302, 303, 307, 308] {
        for there in [other.url.clone(), format!("http://localhost:{port}")] {
            let first = Peer::new(move |_| to(status, format!("{there}/next"))).await;
            let client = Client::default().with_connector(connector());
            let mut marked = HeaderValue::from_static("secret");
            marked.set_sensitive(true);
            let mut sending = client.get(&first.url).basic_auth("u", Some("secret"));
            for name in ["cookie", "proxy-authorization", "x-hidden"] {
                sending = sending.header(name, "secret");
            }
            let sending = sending.header("x-marked", marked).header("x-open", "shown");
            sending.send().await.unwrap();
            assert!(SECRETS.iter().all(|name| first.last().fields.contains(name)));
            for peer in [&other, &last] {
                let seen = peer.last();
                let leaked = SECRETS.iter().filter(|name| seen.fields.contains(name));
                assert_eq!(leaked.count(), 0, "{status}: {:?}", seen.fields);
                assert_eq!(seen.fields.get_str("x-open"), Some("shown"));
            }
        }
    }
}

/// C02: on the way back to its own server a secret stays away too; on one server it stays.
#[tokio::test]
async fn what_was_left_behind_does_not_come_back() {
    let there = Peer::new(|seen| to(302, seen.fields.get("x-back").unwrap())).await;
    let away = format!("{}/away", there.url);
    let here = Peer::new(move |seen| match seen.line.as_str() {
        "GET /" => to(302, "/still"),
        "GET /still" => to(302, &away),
        _ => ok("back"),
    })
    .await;
    let back = format!("{}/back", here.url);
    let client = Client::new(&here.url).unwrap().with_bearer("t").unwrap();
    client.get("/").header("x-back", back.as_str()).send().await.unwrap();
    let seen = here.seen();
    let sent = seen.iter().map(|seen| (&seen.line[..], seen.fields.contains("authorization")));
    assert_eq!(Vec::from_iter(sent), [("GET /", true), ("GET /still", true), ("GET /back", false)]);
}

/// C08: a loop ends, and nothing but HTTP is followed.
#[tokio::test]
async fn what_leads_nowhere_is_refused() {
    let peer = Peer::new(|seen| {
        let there = seen.line.split_once("?").map_or("/", |(_, there)| there);
        to(302, there.replace("%20", " "))
    })
    .await;
    let client = Client::new(&peer.url).unwrap();
    for (there, word) in [
        ("file:///etc/passwd", "scheme"),
        ("gopher://a/", "scheme"),
        ("javascript:alert(1)", "scheme"),
        ("http://u:secret@a/", "password"),
        ("http:///a", "host"),
        ("//", "host"),
        ("http://a:99999/", "port"),
        ("http://a%00b/", "host"),
    ] {
        let fault = client.get(format!("/?{there}")).send().await.unwrap_err();
        assert_eq!(fault.kind(), FaultKind::Redirect, "{there}: {fault}");
        let said = fault.to_string();
        assert!(said.contains(word), "{there}: {said}");
    }
    let before = peer.seen().len();
    let fault = client.get("/?/").send().await.unwrap_err();
    assert!(fault.to_string().contains("more than 10"), "{fault}");
    assert_eq!(peer.seen().len() - before, 11);
    let few = client.get("/?/").redirects(Redirects::up_to(0)).send().await.unwrap_err();
    assert_eq!(few.kind(), FaultKind::Redirect);
}

#[tokio::test]
async fn a_function_decides() {
    let peer = Peer::new(|seen| match seen.line.as_str() {
        "GET /end" => ok(""),
        "GET /start" => to(302, "/next"),
        _ => to(302, "/end"),
    })
    .await;
    let answer = async |verdict: Verdict| {
        let judge = move |hop: &Hop<'_>| {
            assert!(hop.from.starts_with("http://") && hop.to.starts_with("http://"));
            if hop.followed == 0 { Verdict::Follow } else { verdict }
        };
        let client = Client::new(&peer.url).unwrap();
        let client = client.with_redirects(Redirects::default().judged_by(judge));
        client.get("/start").send().await
    };
    assert!(answer(Verdict::Follow).await.unwrap().url().ends_with("/end"));
    assert!(answer(Verdict::Stop).await.unwrap().url().ends_with("/next"));
    assert_eq!(answer(Verdict::Refuse).await.unwrap_err().kind(), FaultKind::Redirect);
}

#[tokio::test]
async fn calls_of_generated_clients_are_not_redirected_unless_told() {
    let peer = Peer::new(|seen| if seen.line == "GET /" { to(302, "/end") } else { ok("") }).await;
    let client = Client::new(&peer.url).unwrap();
    let call = async |client: &Client| client.call(Request::new(Method::GET, "/")).await.unwrap();
    assert_eq!(call(&client).await.status, 302);
    assert_eq!(call(&client.with_redirects(Redirects::default())).await.status, 200);
}

#[cfg(unix)]
#[tokio::test]
async fn a_unix_socket_leads_to_itself() {
    let folder = std::env::temp_dir().join(format!("counterpart-redirects-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let address = format!("unix:{}", folder.join("app.sock").display());
    let server = counterpart::server::Server::bind(&address).await.unwrap();
    let service = counterpart::service::from_fn(async |request: Request| {
        Ok(match request.path() {
            "/" => to(302, "http://localhost/next"),
            _ => ok("there"),
        })
    });
    let task = tokio::spawn(server.serve(service));
    let client = Client::new(&address).unwrap();
    assert_eq!(client.get("/").send().await.unwrap().text().await.unwrap(), "there");
    task.abort();
    std::fs::remove_dir_all(&folder).unwrap();
}
