//! The program in process, and over a socket by curl where there is one.

use std::process::Output;

use tokio::process::Command;

use super::*;

fn client() -> FaultsClient {
    FaultsClient::local(App::new().mount(Faults))
}

#[counterpart::test]
async fn it_is_well_and_echoes() {
    assert_eq!(&*client().index().await.unwrap(), "well");
    let any = json!({ "list": [1, -2.5, null, "ü"], "large": u64::MAX });
    assert_eq!(client().echo(any.clone()).await.unwrap(), any);
}

/// T66, T67: what is no JSON, or says two things at once, is not echoed.
#[counterpart::test]
async fn it_echoes_json_alone() {
    for (content, status) in [("", 400), ("{", 400), ("NaN", 400), (r#"{"a":1,"a":2}"#, 422)] {
        let call = client().raw("POST", "/echo").header("content-type", "application/json");
        assert_eq!(call.body(content).await.unwrap().status(), status, "{content}");
    }
}

#[tokio::test(start_paused = true)]
async fn it_is_slow() {
    let began = tokio::time::Instant::now();
    assert_eq!(&*client().slow().await.unwrap(), "slow");
    assert_eq!(began.elapsed().as_secs(), 2);
}

#[counterpart::test]
async fn a_panic_is_an_answer() {
    let answer = client().raw("GET", "/panic").await.unwrap();
    assert_eq!(answer.problem().unwrap().code.as_deref(), Some("http.internal"));
}

#[counterpart::test]
async fn streams_come_piece_by_piece() {
    read_streams(&client()).await;
}

#[counterpart::test]
async fn streams_come_over_a_socket_too() {
    let bound = App::new().mount(Faults).bind("127.0.0.1:0").await.unwrap();
    let client = FaultsClient::http(&bound.url()).unwrap();
    bound.serve_until(read_streams(&client)).await.unwrap();
}

/// Some of the endless one, all of the big one; neither is ever in memory.
async fn read_streams(client: &FaultsClient) {
    let mut endless = client.stream().await.unwrap();
    for _ in 0..1000 {
        assert!(!endless.chunk().await.unwrap().unwrap().is_empty());
    }
    drop(endless);
    let mut big = client.big().await.unwrap();
    assert_eq!(big.length(), Some(104_857_600));
    let mut read = 0;
    while let Some(piece) = big.chunk().await.unwrap() {
        read += piece.len();
    }
    assert_eq!(read, 104_857_600);
}

/// Asks a served program by curl; nothing where there is no curl.
async fn curl(arguments: &[&str], path: &str) -> Option<Output> {
    let bound = App::new().mount(Faults).bind("127.0.0.1:0").await.unwrap();
    let url = format!("{}{path}", bound.url());
    let mut output = None;
    let asked = async {
        let curl = Command::new("curl").arg("-s").args(arguments).arg(url).output();
        output = curl.await.ok();
    };
    bound.serve_until(asked).await.unwrap();
    output
}

#[counterpart::test]
async fn curl_gets_what_it_asks_for() {
    let Some(echoed) = curl(&["--json", r#"{"a":[1]}"#], "/echo").await else { return };
    assert_eq!(echoed.stdout, br#"{"a":[1]}"#);
    let big = curl(&["-o", "/dev/null", "-w", "%{http_code} %{size_download}"], "/big").await;
    assert_eq!(String::from_utf8(big.unwrap().stdout).unwrap(), "200 104857600");
    let panicked = curl(&["-w", " %{http_code}"], "/panic").await.unwrap();
    assert!(panicked.stdout.ends_with(b" 500"));
}
