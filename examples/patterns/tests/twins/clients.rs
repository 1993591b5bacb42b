//! The programs that ask.

use counterpart::http::StatusCode;
use serde_json::{Value, json};
use tokio::net::TcpListener;

use crate::peer::Peer;
use crate::programs::{run, twins};

/// C13: the content's length and type are told.
#[counterpart::test]
async fn json_is_posted() {
    let peer = Peer::new(StatusCode::CREATED, r#"{"id":7,"name":"Ada","bio":null}"#).await;
    for mut program in twins("post_json") {
        let said = run(&mut program, &[&format!("{}/users", peer.url)]).await;
        assert_eq!(said, (true, "Ada is number 7\n".to_owned()), "{program:?}");
        let seen = peer.last();
        assert_eq!(seen.line, "POST /users");
        assert_eq!(seen.fields.get_str("content-type"), Some("application/json"));
        let sent: Value = serde_json::from_slice(&seen.body).unwrap();
        assert_eq!(sent, json!({ "name": "Ada", "email": "ada@example.com" }));
        assert_eq!(seen.fields.get_str("content-length").unwrap(), seen.body.len().to_string());
    }
}

#[counterpart::test]
async fn a_failure_is_no_user() {
    let peer = Peer::new(StatusCode::CONFLICT, "taken").await;
    for mut program in twins("post_json") {
        let said = run(&mut program, &[&peer.url]).await;
        assert_eq!(said, (false, String::new()), "{program:?}");
    }
}

/// C6: each character that has to be encoded is, in the same way.
#[counterpart::test]
async fn parameters_are_encoded() {
    let peer = Peer::new(StatusCode::OK, "found\n").await;
    for mut program in twins("query_parameters") {
        let query = "/search?q=tea+%26+cr%C3%AApes&page=2&tag=hot&tag=new";
        let said = run(&mut program, &[&format!("{}/search", peer.url)]).await;
        assert_eq!(said, (true, format!("{}{query}\nfound\n", peer.url)), "{program:?}");
        assert_eq!(peer.last().line, format!("GET {query}"));
    }
}

/// C10: fields of one's own go out as they are.
#[counterpart::test]
async fn a_name_and_a_password_are_sent() {
    let peer = Peer::new(StatusCode::OK, "welcome\n").await;
    for mut program in twins("basic_auth") {
        let words = [&format!("{}/door", peer.url), "ada", "crêpes: hot"];
        let said = run(&mut program, &words).await;
        assert_eq!(said, (true, "200 OK\nwelcome\n".to_owned()), "{program:?}");
        let seen = peer.last();
        assert_eq!(seen.line, "GET /door");
        for (name, value) in [
            ("accept", "text/plain"),
            ("x-request-id", "7"),
            ("authorization", "Basic YWRhOmNyw6pwZXM6IGhvdA=="),
        ] {
            assert_eq!(seen.fields.get_str(name), Some(value), "{program:?}");
        }
    }
}

/// C26: nobody waits for ever.
#[counterpart::test]
async fn a_call_is_given_up_in_time() {
    // It takes connections, and never says a word.
    let mute = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/", mute.local_addr().unwrap());
    for mut program in twins("timeout") {
        let said = run(&mut program, &[&url, "0.2"]).await;
        assert_eq!(said, (true, "no answer within 0.2 s\n".to_owned()), "{program:?}");
    }
    let peer = Peer::new(StatusCode::OK, "").await;
    for mut program in twins("timeout") {
        let said = run(&mut program, &[&peer.url, "10"]).await;
        assert_eq!(said, (true, "200 OK\n".to_owned()), "{program:?}");
    }
}
