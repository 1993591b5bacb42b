//! Requests that mean harm: JSON that would overflow a stack, keys that stand twice, keys without number.

use std::collections::{BTreeMap, HashMap};
use std::time::Instant;

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

#[post("/counts")]
async fn counts(counts: HashMap<String, u8>) -> usize {
    counts.len()
}

#[post("/members")]
async fn members(any: Value) -> usize {
    any.as_object().map_or(0, serde_json::Map::len)
}

api!(Traps: any, order, pick, all, none, counts, members);

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
    let begun = Instant::now();
    let keys: Vec<String> = (0..1000).map(|n| format!("{}={n}", n * 7919 % 1000)).collect();
    for _ in 0..20 {
        let answer = client.raw("GET", &format!("/all?{}", keys.join("&"))).await.unwrap();
        assert_eq!(answer.json::<usize>().unwrap(), 1000);
    }
    assert!(begun.elapsed().as_secs() < 5, "{:?}", begun.elapsed());
}

/// Pairs of blocks after each of which FNV-1a (of 32 bits) is where it is after the other, so that all 4,096 words made
/// of one of each have the same hash.
const COLLIDING: [[&str; 2]; 12] = [
    ["009f8a", "099aa0"],
    ["01897b", "0538a8"],
    ["03398b", "0788b8"],
    ["0198eb", "052938"],
    ["02298b", "0698b8"],
    ["0198eb", "052938"],
    ["02298b", "0698b8"],
    ["0198eb", "052938"],
    ["02298b", "0698b8"],
    ["0198eb", "052938"],
    ["02298b", "0698b8"],
    ["0198eb", "052938"],
];

fn fnv(word: &str) -> u32 {
    word.bytes().fold(0x811c_9dc5, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193))
}

/// All words of one of each of these blocks.
fn words(stages: &[[&str; 2]; 12]) -> Vec<String> {
    let pick = |bits: usize| stages.iter().enumerate().map(move |(at, pair)| pair[bits >> at & 1]);
    (0..1 << stages.len()).map(|bits| pick(bits).collect()).collect()
}

/// T17: members made to collide under a hash that is not keyed cost what others cost.
#[counterpart::test]
async fn colliding_members_cost_what_others_cost() {
    let colliding = words(&COLLIDING);
    assert!(colliding.iter().all(|word| fnv(word) == fnv(&colliding[0])));
    let others = words(&COLLIDING.map(|[one, other]| [other, &one[1..]]));
    let json = |words: &[String]| {
        let members: Vec<_> = words.iter().map(|word| format!("\"{word}\":1")).collect();
        format!("{{{}}}", members.join(","))
    };
    let (colliding, others) = (json(&colliding), json(&others));
    let client = client();
    for path in ["/counts", "/members"] {
        let fastest = async |json: &str| {
            let mut fastest = Duration::MAX;
            for _ in 0..5 {
                let call = client.raw("POST", path).header("content-type", "application/json");
                let begun = Instant::now();
                let answer = call.body(json.to_owned()).await.unwrap();
                fastest = fastest.min(begun.elapsed());
                assert_eq!(answer.json::<usize>().unwrap(), 4096);
            }
            fastest
        };
        let (theirs, ours) = (fastest(&colliding).await, fastest(&others).await);
        assert!(theirs < 2 * ours + Duration::from_millis(50), "{path}: {theirs:?}, not {ours:?}");
    }
}
