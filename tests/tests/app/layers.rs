//! Layers, nested apps, fallbacks.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use counterpart::prelude::*;
use tower::timeout::TimeoutLayer;
use tower_http::cors::CorsLayer;
use tower_http::set_header::SetResponseHeaderLayer;

#[derive(State)]
pub(crate) struct Name(&'static str);

#[get("/name")]
async fn name(name: &Name) -> String {
    name.0.into()
}

#[get("/slow")]
async fn slow() {
    std::future::pending().await
}

#[get("/panics")]
async fn panics() {
    panic!("on purpose")
}

api!(Names: name, slow, panics);

async fn get(app: App, target: &str) -> counterpart::RawAnswer {
    NamesClient::local(app).raw("GET", target).await.unwrap()
}

async fn outer(request: Request, next: Next) -> Response {
    marked(next.run(request).await, "outer")
}

async fn inner(request: Request, next: Next) -> Response {
    marked(next.run(request).await, "inner")
}

fn marked(mut response: Response, with: &'static str) -> Response {
    response.fields.append(HeaderName::from_static("x-mark"), HeaderValue::from_static(with));
    response
}

fn marks(answer: &counterpart::RawAnswer) -> Vec<&str> {
    let marks = answer.headers().get_all("x-mark");
    marks.map(|mark| std::str::from_utf8(mark).unwrap()).collect()
}

/// C65, S57: what subclassing is elsewhere, layers are here.
#[counterpart::test]
async fn the_first_layer_is_outermost_and_sees_the_404_too() {
    let app = || App::new().state(Name("a")).around(outer).around(inner).mount(Names);
    assert_eq!(marks(&get(app(), "/name").await), ["inner", "outer"]);
    let missing = get(app(), "/missing").await;
    assert_eq!((missing.status().as_u16(), marks(&missing)), (404, vec!["inner", "outer"]));
}

#[counterpart::test]
async fn a_layer_can_answer_by_itself() {
    async fn closed(_request: Request, _next: Next) -> Problem {
        Problem::new(StatusCode::SERVICE_UNAVAILABLE).code("closed")
    }
    let answer = get(App::new().state(Name("a")).around(closed).mount(Names), "/name").await;
    assert_eq!(answer.problem().unwrap().code.as_deref(), Some("closed"));
}

#[counterpart::test]
async fn towers_layers_stand_around_an_app() {
    let name = HeaderName::from_static("x-mark");
    let app = App::new()
        .state(Name("a"))
        .layer(CorsLayer::permissive())
        .layer(SetResponseHeaderLayer::overriding(name, HeaderValue::from_static("tower")))
        .mount(Names);
    let answer = get(app, "/panics").await;
    assert_eq!(answer.status(), 500);
    assert_eq!(answer.header("access-control-allow-origin"), Some("*"));
    assert_eq!(marks(&answer), ["tower"], "a panic is an answer before it comes to the layers");
}

#[counterpart::test]
async fn a_layers_deadline_is_504() {
    let app =
        App::new().state(Name("a")).layer(TimeoutLayer::new(Duration::from_millis(5))).mount(Names);
    let answer = get(app, "/slow").await;
    assert_eq!(answer.problem().unwrap().code.as_deref(), Some("http.timeout"));
    assert_eq!(answer.status(), 504);
}

#[counterpart::test]
async fn a_nested_app_has_its_own_states_and_layers() {
    let app = || {
        let deep = App::new().around(inner).mount(Names);
        let v1 = App::new().state(Name("nested")).around(outer).mount(Names).nest("/deep", deep);
        App::new().state(Name("top")).mount(Names).nest("/v1", v1)
    };
    let top = get(app(), "/name").await;
    assert_eq!((top.text(), marks(&top)), ("\"top\"".into(), vec![]));
    let nested = get(app(), "/v1/name").await;
    assert_eq!((nested.text(), marks(&nested)), ("\"nested\"".into(), vec!["outer"]));
    let deep = get(app(), "/v1/deep/name").await;
    assert_eq!((deep.text(), marks(&deep)), ("\"nested\"".into(), vec!["inner", "outer"]));
    let panicked = get(app(), "/v1/deep/panics").await;
    assert_eq!((panicked.status().as_u16(), marks(&panicked)), (500, vec!["inner", "outer"]));
    assert_eq!(
        marks(&get(app(), "/v1/missing").await).len(),
        0,
        "a path without a route is nobody's"
    );
}

#[counterpart::test]
async fn the_nearest_fallback_answers() {
    async fn own(request: Request) -> Text {
        format!("nested: {}", request.path()).into()
    }
    let app = || {
        let v1 = App::new().state(Name("a")).around(inner).mount(Names).fallback(own);
        App::new().nest("/v1", v1).fallback(async |_request: Request| Text("top".into()))
    };
    assert_eq!(get(app(), "/missing").await.text(), "top");
    let below = get(app(), "/v1/missing").await;
    assert_eq!((below.text(), marks(&below)), ("nested: /v1/missing".into(), vec!["inner"]));
    assert_eq!(get(app(), "/v10").await.text(), "top");
    assert_eq!(NamesClient::local(app()).raw("POST", "/v1/name").await.unwrap().status(), 405);
}

#[counterpart::test]
async fn a_call_runs_through_any_service() {
    #[derive(Clone)]
    struct Counting(Arc<AtomicUsize>);

    impl counterpart::Service for Counting {
        async fn call(&self, _request: Request) -> Result<Response, counterpart::Fault> {
            self.0.fetch_add(1, Ordering::Relaxed);
            Ok("counted".to_owned().reply())
        }
    }

    let count = Arc::new(AtomicUsize::new(0));
    let client = NamesClient::over(Counting(count.clone()));
    let call = client.name();
    assert_eq!(count.load(Ordering::Relaxed), 0, "nothing is sent before the first poll");
    assert_eq!(call.await.unwrap(), "counted");
    assert_eq!(count.load(Ordering::Relaxed), 1);
}

#[counterpart::test]
async fn the_last_word_on_a_field_wins() {
    async fn tokens(request: Request, _next: Next) -> String {
        let tokens = request.head.fields.get_all("authorization");
        tokens
            .map(|token| String::from_utf8_lossy(token).into_owned())
            .collect::<Vec<_>>()
            .join("|")
    }
    let client = NamesClient::local(App::new().state(Name("a")).around(tokens).mount(Names));
    let client = client.bearer("one").bearer("two");
    assert_eq!(client.name().await.unwrap(), "Bearer two");
    assert_eq!(client.name().bearer("three").bearer("four").await.unwrap(), "Bearer four");
    let error = client.name().header("a b", "c").await.unwrap_err();
    assert!(matches!(error, CallError::Unsendable(_)), "{error:?}");
}
