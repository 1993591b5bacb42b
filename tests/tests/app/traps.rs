//! Requests that mean harm: JSON that would overflow a stack, keys that stand twice, keys without number.

use std::collections::BTreeMap;

use counterpart::prelude::*;
use serde_json::Value;

#[derive(Debug, PartialEq, Serialize, Deserialize)]
struct Order {
    amount: u64,
    #[serde(default)]
    to: Option<Address>,
}

#[derive(Debug, PartialEq, Serialize, Deserialize)]
struct Address {
    #[serde(rename = "zip/code")]
    zip: String,
}

#[post("/any")]
async fn any(value: Value) -> Value {
    value
}

#[post("/orders")]
async fn order(order: Order) -> Order {
    order
}

#[get("/pick")]
async fn pick(a: Option<u64>) -> u64 {
    a.unwrap_or_default()
}

#[get("/all")]
async fn all(#[query] all: BTreeMap<String, String>) -> usize {
    all.len()
}

#[get("/none")]
async fn none() {}

api!(Traps: any, order, pick, all, none);

fn client() -> TrapsClient {
    TrapsClient::local(App::new().mount(Traps))
}

/// The status of an answer to this JSON, the code of its first mistake, and where that is.
async fn refused(path: &str, json: impl Into<Body>) -> (u16, String, String) {
    let call = client().raw("POST", path).header("content-type", "application/json").body(json);
    let answer = call.await.unwrap();
    let problem = answer.problem().unwrap();
    let first = &problem.errors[0];
    (answer.status().as_u16(), first.code.clone(), first.pointer.clone())
}

/// T66: no JSON crashes its reader, in a debug build either, where a frame of the stack is largest.
#[counterpart::test]
async fn json_that_is_none_is_refused() {
    let deep = |open: &str, close: &str| open.repeat(100_000) + &close.repeat(100_000);
    for json in [
        deep("[", "]"),
        deep("{\"a\":", "}"),
        "[".repeat(100_000),
        "{\"a\":[".repeat(100_000),
        "NaN".to_owned(),
        "[Infinity]".to_owned(),
        "9".repeat(300 * 1024),
        "1e400".to_owned(),
        "{\"amount\":1} {}".to_owned(),
        "{\"amount\":1}]".to_owned(),
        "\u{feff}1".to_owned(),
        "'a'".to_owned(),
    ] {
        let shown = json[..json.len().min(16)].to_owned();
        for path in ["/any", "/orders"] {
            let (status, ..) = refused(path, json.clone()).await;
            assert!(matches!(status, 400 | 422), "{path} {shown}: {status}");
        }
    }
    assert_eq!(refused("/any", b"\"\xff\"".to_vec()).await.0, 400);
}

/// T66: what a type does not know is passed over without a stack, and long numbers are read for what they are worth.
#[counterpart::test]
async fn json_that_is_odd_is_read() {
    let unknown = "[".repeat(100_000) + &"]".repeat(100_000);
    let json = format!("{{\"unknown\":{unknown},\"amount\":7}}");
    let answer = client().raw("POST", "/orders").header("content-type", "application/json");
    assert_eq!(answer.body(json).await.unwrap().json::<Order>().unwrap().amount, 7);
    let tiny = format!("0.{}1", "0".repeat(300 * 1024));
    let answer = client().raw("POST", "/any").header("content-type", "application/json");
    assert_eq!(answer.body(tiny).await.unwrap().json::<f64>().unwrap().to_bits(), 0);
}

/// T67: a member that stands twice is a mistake, at whatever depth, and it is named.
#[counterpart::test]
async fn duplicate_members_are_refused() {
    let expected = |pointer: &str| (422, "duplicate".to_owned(), pointer.to_owned());
    assert_eq!(refused("/orders", r#"{"amount":1,"amount":2}"#).await, expected("/amount"));
    assert_eq!(refused("/orders", r#"{"amount":1,"to":null,"to":null}"#).await, expected("/to"));
    let twice = r#"{"amount":1,"to":{"zip/code":"a","zip/code":"b"}}"#;
    assert_eq!(refused("/orders", twice).await, expected("/to/zip~1code"));
}

/// T83: over 1,000 keys are refused, whoever reads them, and none is ever left out.
#[counterpart::test]
async fn a_flood_of_keys_is_refused() {
    let keys = |count: usize| (0..count).map(|n| format!("k{n}=1")).collect::<Vec<_>>().join("&");
    let whole: usize =
        client().raw("GET", &format!("/all?{}", keys(1000))).await.unwrap().json().unwrap();
    assert_eq!(whole, 1000);
    for flood in [keys(1001), keys(100_000), "&".repeat(100_000), "&a=1".repeat(5000)] {
        for path in ["/all", "/pick", "/none"] {
            let answer = client().raw("GET", &format!("{path}?{flood}")).await.unwrap();
            assert_eq!(answer.status(), 400, "{path}");
        }
    }
    for broken in ["a=%", "a=%zz", "%=1", "a=%ff", "&&&&a=x", "a=1&a=2"] {
        let answer = client().raw("GET", &format!("/pick?{broken}")).await.unwrap();
        assert_eq!(answer.problem().unwrap().errors.len(), 1, "{broken}");
    }
    let kept: u64 = client().raw("GET", "/pick?&&&&a=7&&b=%41").await.unwrap().json().unwrap();
    assert_eq!(kept, 7);
}

/// T83: a thousand keys cost no more than a few dozen times a few dozen.
#[counterpart::test]
async fn many_keys_are_read_in_their_order_and_at_once() {
    let client = client();
    let begun = std::time::Instant::now();
    let keys: Vec<String> = (0..1000).map(|n| format!("{}={n}", n * 7919 % 1000)).collect();
    for _ in 0..20 {
        let answer = client.raw("GET", &format!("/all?{}", keys.join("&"))).await.unwrap();
        assert_eq!(answer.json::<usize>().unwrap(), 1000);
    }
    assert!(begun.elapsed().as_secs() < 5, "{:?}", begun.elapsed());
}
