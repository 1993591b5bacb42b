//! Which answer a request gets, and in which order mistakes are told.

use counterpart::prelude::*;
use counterpart::service::FaultKind;
use counterpart::{Bytes, RawAnswer};

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct New {
    pub(crate) name: String,
    pub(crate) age: u8,
}

#[derive(Debug, ApiError)]
pub(crate) enum Refused {
    #[error(401, "who are you?")]
    Unknown,
}

pub(crate) struct Session(String);

impl FromRequest for Session {
    type Rejection = Refused;

    async fn from_request(request: &RequestContext<'_>) -> Result<Self, Refused> {
        request.fields().get_str("x-user").map(|user| Self(user.into())).ok_or(Refused::Unknown)
    }
}

#[get("/things/{id}")]
async fn thing(id: u32) -> String {
    format!("thing {id}")
}

#[get("/things/special")]
async fn special() -> &'static str {
    "special"
}

#[post("/things/{id}")]
async fn change(
    id: u32,
    new: New,
    #[query] dry: Option<bool>,
    #[header("x-trace")] trace: u64,
) -> Created<New> {
    let _ = (id, dry, trace);
    Created(new)
}

#[put("/guarded", body_limit = "1 KiB")]
async fn guarded(session: &Session, new: New) -> String {
    format!("{} {}", session.0, new.name)
}

#[get("/unit")]
fn unit() {}

#[get("/bytes")]
fn bytes() -> Bytes {
    Bytes::from_static(b"\x00\xff")
}

#[get("/panics")]
fn panics() -> Text {
    panic!("on purpose")
}

#[patch("/optional")]
async fn optional(new: Option<New>) -> bool {
    new.is_some()
}

#[get("/moved")]
fn moved() -> Redirect {
    Redirect::see_other(thing::path(7))
}

#[get("/cached")]
fn cached() -> WithHeaders<Text> {
    WithHeaders::new(Text("kept".into()))
        .with(http::header::CACHE_CONTROL, HeaderValue::from_static("max-age=60"))
}

api!(Things: moved, cached, thing, special, change, guarded, unit, bytes, panics, optional);

/// Runs a test on both transports: in process, and over a socket. What holds for one holds for the other.
async fn on_both(test: impl AsyncFn(ThingsClient)) {
    test(ThingsClient::local(App::new().mount(Things))).await;
    let bound = App::new().mount(Things).bind("127.0.0.1:0").await.unwrap();
    let client = ThingsClient::http(&bound.url()).unwrap();
    bound.serve_until(test(client)).await.unwrap();
}

async fn status(client: &ThingsClient, method: &str, target: &str) -> u16 {
    client.raw(method, target).await.unwrap().status().as_u16()
}

fn places(answer: &RawAnswer) -> Vec<String> {
    let place = |error: &counterpart::problem::Invalid| {
        format!("{}{} {}", error.place.name(), error.pointer, error.code)
    };
    answer.problem().unwrap().errors.iter().map(place).collect()
}

/// S5: a path that no route has is 404, however near it is to one.
#[counterpart::test]
async fn a_path_without_a_route_is_404() {
    on_both(async |client| {
        let answer = client.raw("GET", "/nothing").await.unwrap();
        let problem = answer.problem().unwrap();
        assert_eq!(answer.status(), 404);
        assert_eq!(problem.code.as_deref(), Some("http.route-not-found"));
        for path in
            ["/things", "/things/", "/things/7/", "//things/7", "/things//7", "/Things/7", "/"]
        {
            assert_eq!(status(&client, "GET", path).await, 404, "{path}");
        }
    })
    .await;
}

/// S5, T69: a method that a path does not have is 405, and `Allow` has those that it does.
#[counterpart::test]
async fn a_method_without_a_route_is_405_with_allow() {
    on_both(async |client| {
        let answer = client.raw("DELETE", "/things/7").await.unwrap();
        assert_eq!(
            (answer.status().as_u16(), answer.header("allow")),
            (405, Some("GET, HEAD, OPTIONS, POST"))
        );
        assert_eq!(answer.problem().unwrap().code.as_deref(), Some("http.method-not-allowed"));
        // No fall-back from the literal to the parameter.
        let answer = client.raw("POST", "/things/special").await.unwrap();
        assert_eq!(
            (answer.status().as_u16(), answer.header("allow")),
            (405, Some("GET, HEAD, OPTIONS"))
        );
        assert_eq!(status(&client, "BREW", "/things/7").await, 405);
    })
    .await;
}

/// S32, T69: a GET answers HEAD, every path OPTIONS.
#[counterpart::test]
async fn options_and_head_are_answered_by_themselves() {
    on_both(async |client| {
        let answer = client.raw("OPTIONS", "/guarded").await.unwrap();
        assert_eq!((answer.status().as_u16(), answer.header("allow")), (204, Some("OPTIONS, PUT")));
        assert_eq!(status(&client, "OPTIONS", "*").await, 204);
        let get = client.raw("GET", "/things/7").await.unwrap();
        let head = client.raw("HEAD", "/things/7").await.unwrap();
        assert_eq!(head.status(), 200);
        assert!(head.body().is_empty());
        assert_eq!(head.header("content-length"), Some(get.body().len().to_string().as_str()));
        assert_eq!(status(&client, "HEAD", "/things/x").await, 400);
    })
    .await;
}

/// S30: what is wrong in path, query, fields and content is told at once.
#[counterpart::test]
async fn everything_wrong_is_told_in_one_answer() {
    on_both(async |client| {
        let answer = client
            .raw("POST", "/things/x?dry=perhaps")
            .header("x-trace", "y")
            .json(json!({ "name": "a", "age": 300 }))
            .await
            .unwrap();
        assert_eq!(answer.status(), 400);
        let expected =
            ["path/id invalid", "body/age invalid", "query/dry invalid", "header/x-trace invalid"];
        assert_eq!(places(&answer), expected);
        assert_eq!(answer.problem().unwrap().code.as_deref(), Some("http.invalid-request"));
    })
    .await;
}

#[counterpart::test]
async fn only_the_shape_of_the_body_is_422() {
    on_both(async |client| {
        let call = |body: &'static str| {
            let call = client.raw("POST", "/things/7").header("x-trace", "1");
            call.header("content-type", "application/json").body(body)
        };
        let shape = call(r#"{"name":7}"#).await.unwrap();
        assert_eq!(
            (shape.status().as_u16(), places(&shape)),
            (422, vec!["body/name invalid".into()])
        );
        let missing = call("{}").await.unwrap();
        assert_eq!(
            (missing.status().as_u16(), places(&missing)),
            (422, vec!["body/name missing".into()])
        );
        for broken in ["", "{", "nul", "{\"name\": \"\u{7}\"}"] {
            let answer = call(broken).await.unwrap();
            assert_eq!(
                (answer.status().as_u16(), places(&answer)),
                (400, vec!["body syntax".into()]),
                "{broken}"
            );
        }
    })
    .await;
}

#[counterpart::test]
async fn a_body_that_is_not_json_by_its_own_word_is_415() {
    on_both(async |client| {
        let untyped = client.raw("POST", "/things/x").body("{}").await.unwrap();
        assert_eq!(untyped.status(), 415, "before validation");
        let text = client.raw("POST", "/things/7").header("content-type", "text/plain").body("{}");
        assert_eq!(
            text.await.unwrap().problem().unwrap().code.as_deref(),
            Some("http.unsupported-media-type")
        );
        let coded = client.raw("POST", "/things/7").header("content-encoding", "gzip").json("{}");
        let coded = coded.await.unwrap();
        assert_eq!(
            (coded.status().as_u16(), coded.header("accept-encoding")),
            (415, Some("identity"))
        );
        let merge = client
            .raw("POST", "/things/7")
            .header("x-trace", "1")
            .header("content-type", "Application/Merge-Patch+JSON; charset=utf-8")
            .body(r#"{"name":"a","age":1}"#);
        assert_eq!(merge.await.unwrap().status(), 201);
    })
    .await;
}

/// S18, T19: the size goes first.
#[counterpart::test]
async fn size_goes_before_guards_and_guards_before_all_else() {
    on_both(async |client| {
        let large = client.raw("PUT", "/guarded").body(vec![b' '; 1025]).await.unwrap();
        let problem = large.problem().unwrap();
        assert_eq!((large.status().as_u16(), problem.take_member("limit")), (413, Some(1024)));
        let unguarded = client.raw("PUT", "/guarded").body("not json").await.unwrap();
        assert_eq!(unguarded.status(), 401);
        assert_eq!(unguarded.problem().unwrap().code.as_deref(), Some("unknown"));
        let guarded = client.raw("PUT", "/guarded").header("x-user", "ada").body("not json");
        assert_eq!(guarded.await.unwrap().status(), 415);
        let refused = client.guarded(New { name: "x".into(), age: 1 }).await.unwrap_err();
        assert!(
            matches!(refused, CallError::Problem(_)),
            "the refusal is not the route's own error"
        );
    })
    .await;
}

/// S17, T69: the rest is 417.
#[counterpart::test]
async fn the_only_expectation_is_100_continue() {
    on_both(async |client| {
        let call = |expect| client.raw("GET", "/things/7").header("expect", expect);
        assert_eq!(call("200-ok").await.unwrap().status(), 417);
        assert_eq!(call("100-continue, 200-ok").await.unwrap().status(), 417);
        assert_eq!(call("100-Continue, 100-continue").await.unwrap().status(), 200);
    })
    .await;
}

#[counterpart::test]
async fn answers_of_every_kind_come_back_typed() {
    on_both(async |client| {
        assert_eq!(client.special().await.unwrap(), "special");
        client.unit().await.unwrap();
        assert_eq!(client.moved().await.unwrap().location(), "/things/7");
        let cached = client.cached().await.unwrap();
        assert_eq!(
            (&*cached.value, cached.fields.get_str("cache-control")),
            ("kept", Some("max-age=60"))
        );
        assert_eq!(client.raw("GET", "/unit").await.unwrap().status(), 204);
        assert_eq!(client.bytes().await.unwrap(), &b"\x00\xff"[..]);
        assert!(!client.optional(None).await.unwrap());
        assert!(!client.raw("PATCH", "/optional").await.unwrap().json::<bool>().unwrap());
        assert!(client.optional(Some(New { name: "a".into(), age: 1 })).await.unwrap());
    })
    .await;
}

/// S4, T70: a panic is an answer, and the log's name for it.
#[counterpart::test]
async fn a_panic_is_a_500_problem_with_a_trace_id() {
    on_both(async |client| {
        let answer = client.raw("GET", "/panics").await.unwrap();
        let problem = answer.problem().unwrap();
        assert_eq!(answer.status(), 500);
        assert_eq!(problem.trace_id.as_ref().map(String::len), Some(32));
        assert!(!answer.text().contains("on purpose"));
        let parent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
        let traced = client.raw("GET", "/panics").header("traceparent", parent).await.unwrap();
        assert_eq!(
            traced.problem().unwrap().trace_id.as_deref(),
            Some("0af7651916cd43dd8448eb211c80319c")
        );
    })
    .await;
}

#[test]
fn a_handler_stays_a_function() {
    unit();
    assert_eq!(bytes().len(), 2);
    assert_eq!(thing::path(7), "/things/7");
}

/// C6: a target is what can stand in a request line.
#[counterpart::test]
async fn what_no_request_line_holds_is_not_sent() {
    on_both(async |client| {
        for target in ["/a b", "", "/ü", "/a\r\nx: y"] {
            let fault = client.raw("GET", target).await.unwrap_err();
            assert_eq!(fault.kind(), FaultKind::InvalidRequest, "{target}");
            assert!(fault.to_string().contains("no target"), "{fault}");
        }
        let fault = client.raw("G T", "/").await.unwrap_err();
        assert_eq!(fault.kind(), FaultKind::InvalidRequest);
    })
    .await;
}
