//! What the fault suite (`tests/faults`) aims at beyond `echo` and `faults`: handlers that wait, block, panic and reflect, a
//! typed body, a thousand routes. `target --port 0`, with `--connections N` at a time, `--log FORM` on stderr, or `--at` an address of
//! another kind.

use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use counterpart::http::header;
use counterpart::prelude::*;
use counterpart::server::{Config, access};

/// How many requests are in hand.
static IN_HAND: AtomicUsize = AtomicUsize::new(0);
/// Held by a handler while it panics.
static HELD: Mutex<()> = Mutex::new(());

struct InHand;

impl InHand {
    fn enter() -> Self {
        IN_HAND.fetch_add(1, Ordering::Relaxed);
        Self
    }
}

impl Drop for InHand {
    fn drop(&mut self) {
        IN_HAND.fetch_sub(1, Ordering::Relaxed);
    }
}

async fn counted(request: Request, next: Next) -> Response {
    let _in_hand = InHand::enter();
    next.run(request).await
}

#[get("/")]
fn index() -> &'static str {
    "here"
}

/// How many requests are in hand, besides this one.
#[get("/gauge")]
fn gauge() -> usize {
    IN_HAND.load(Ordering::Relaxed) - 1
}

#[get("/wait/{milliseconds}")]
async fn wait(milliseconds: u64) -> u64 {
    tokio::time::sleep(Duration::from_millis(milliseconds)).await;
    milliseconds
}

/// What a handler must not do: it holds the thread.
#[get("/block/{milliseconds}")]
async fn block(milliseconds: u64) -> u64 {
    std::thread::sleep(Duration::from_millis(milliseconds));
    milliseconds
}

#[get("/panic/{how}")]
#[allow(clippy::panic, reason = "what it is for")]
async fn panic(how: String) -> &'static str {
    struct Late;
    impl Drop for Late {
        fn drop(&mut self) {
            panic!("in a drop");
        }
    }
    match &*how {
        "drop" => drop(Late),
        "lock" => {
            let _held = HELD.lock();
            panic!("with a lock");
        }
        "later" => {
            tokio::task::yield_now().await;
            panic!("after it waited");
        }
        _ => panic!("at once"),
    }
    "never said"
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Point {
    a: i64,
    b: Option<i64>,
}

#[post("/point")]
fn point(point: Point) -> Point {
    point
}

#[post("/any")]
fn any(value: serde_json::Value) -> usize {
    value.as_object().map_or(0, serde_json::Map::len)
}

/// Puts a text into each field that programs put texts of their users into.
#[get("/reflect")]
fn reflect(text: String) -> Result<Response, Problem> {
    let refuse = |_| {
        Problem::new(StatusCode::UNPROCESSABLE_ENTITY)
            .detail(format!("not a field's value: {text}"))
    };
    let value = |text: String| HeaderValue::try_from(text).map_err(refuse);
    Ok(Response::new(StatusCode::FOUND)
        .with_field(header::LOCATION, value(format!("/{text}"))?)
        .with_field(header::SET_COOKIE, value(format!("name={text}"))?)
        .with_field(header::CONTENT_DISPOSITION, value(format!("attachment; filename=\"{text}\""))?)
        .with_field(HeaderName::from_static("x-custom"), value(text.clone())?))
}

#[get("/elsewhere")]
fn elsewhere(text: String) -> Redirect {
    Redirect::see_other(text)
}

#[get("/search")]
fn search(a: Vec<String>, b: Option<String>) -> usize {
    a.len() + b.map_or(0, |text| text.len())
}

#[get("/empty")]
fn empty() {}

#[get("/unchanged")]
fn unchanged() -> Response {
    Response::new(StatusCode::NOT_MODIFIED)
}

/// A protocol of lines that are said again.
#[get("/lines")]
async fn lines() -> Response {
    use tokio::io::{AsyncBufReadExt, AsyncWriteExt};
    Response::upgrade(HeaderValue::from_static("lines"), |mut wire| async move {
        let mut line = String::new();
        while wire.read_line(&mut line).await.is_ok_and(|read| read > 0) {
            if wire.write_all(line.as_bytes()).await.is_err() {
                return;
            }
            line.clear();
        }
    })
}

api!(Target: index, gauge, wait, block, panic, point, any, reflect, elsewhere, search, empty, unchanged, lines);

#[get("/of/{a}/and/{b}")]
fn leaf(a: String, b: u32) -> String {
    format!("{a}{b}")
}

api!(Leaf: leaf);

#[counterpart::main]
async fn main() -> counterpart::Result<()> {
    let flags = support::flags::read(&[("connections", "10000"), ("log", "none"), ("at", "")]);
    let mut app = App::new().mount(Target).around(counted);
    for number in 0..1000 {
        app = app.nest(&format!("/branch{number}"), App::new().mount(Leaf));
    }
    let mut config = Config::default();
    config.connections = flags.get("connections").parse().unwrap_or(config.connections);
    config.access_log = match flags.get("log") {
        "common" => Some(access::common(std::io::stderr())),
        "combined" => Some(access::combined(std::io::stderr())),
        "json" => Some(access::json(std::io::stderr())),
        _ => None,
    };
    let address = match flags.get("at") {
        "" => flags.address(),
        other => other.to_owned(),
    };
    let bound = app.bind(address).await?.with_config(config);
    println!("listening on {}", bound.url());
    bound.serve().await
}
