//! Services below a prefix of an app.

use counterpart::App;
use counterpart::app::{AppService, MountedAt};
use counterpart::http::{Method, StatusCode, header};
use counterpart::prelude::*;
use counterpart::service::from_fn;
use counterpart::{Fault, Service};

#[get("/at/here")]
fn here() -> &'static str {
    "the route"
}

api!(Here: here);

/// Answers with the prefix, with what is left of the target, and with how much content there is.
fn app(limit: u64) -> AppService {
    let echo = from_fn(async |request: Request| {
        let at = request.extensions.get::<MountedAt>().map_or("", MountedAt::prefix).to_owned();
        let rest = String::from_utf8_lossy(&request.head.target).into_owned();
        let content = request.body.collect(u64::MAX).await?.len();
        Ok(Response::new(StatusCode::OK).with_body(format!("{at} {rest} {content}")))
    });
    let inner = App::new().mount_at("/deep/", echo);
    let other = from_fn(async |_| Ok(Response::new(StatusCode::IM_A_TEAPOT)));
    let app = App::new().mount(Here).mount_at("/at", echo).mount_at("/at/longer", other);
    app.nest("/in", inner).body_limit(limit).assemble().unwrap()
}

async fn asked(request: Request) -> (StatusCode, String) {
    let response = app(10).call(request).await.unwrap();
    let place = response.fields.get_str(header::LOCATION).map(str::to_owned);
    let content = response.body.collect(1000).await.unwrap();
    (response.status, place.unwrap_or_else(|| String::from_utf8_lossy(&content).into()))
}

async fn get(target: &'static str) -> (StatusCode, String) {
    asked(Request::new(Method::GET, target)).await
}

#[counterpart::test]
async fn a_service_sees_what_is_below_its_prefix() {
    assert_eq!(get("/at/").await.1, "/at / 0");
    assert_eq!(get("/at/a%2Fb?c").await.1, "/at /a%2Fb?c 0");
    assert_eq!(get("http://host/at/x?y").await.1, "/at /x?y 0");
    assert_eq!(get("/in/deep/x").await.1, "/in/deep /x 0");
    // However the prefix is written (RFC 3986 §6.2.2.2).
    assert_eq!(get("/%61t/x").await.1, "/at /x 0");
    assert_eq!(get("/in/dee%70/long/x").await.1, "/in/deep /long/x 0");
    assert_eq!(get("/at/here").await.1, "\"the route\"");
    assert_eq!(get("/at/longer/x").await.0, StatusCode::IM_A_TEAPOT);
    assert_eq!(get("/atx").await.0, StatusCode::NOT_FOUND);
    assert_eq!(
        asked(Request::new(Method::PUT, "/at/x").with_body("0123456789")).await.1,
        "/at /x 10"
    );
}

#[counterpart::test]
async fn a_prefix_without_its_slash_is_sent_to_the_one_with_it() {
    assert_eq!(get("/at?a=b").await, (StatusCode::PERMANENT_REDIRECT, "/at/?a=b".into()));
    assert_eq!(get("/in/deep").await, (StatusCode::PERMANENT_REDIRECT, "/in/deep/".into()));
    assert_eq!(get("/%61t").await, (StatusCode::PERMANENT_REDIRECT, "/at/".into()));
}

#[counterpart::test]
async fn what_a_head_shows_is_refused_before_the_service_is_asked() {
    let long = || Request::new(Method::PUT, "/at/x").with_body("0123456789+");
    assert_eq!(asked(long()).await.0, StatusCode::PAYLOAD_TOO_LARGE);
    let mut wishing = Request::new(Method::GET, "/at/x");
    wishing.head.fields.insert(header::EXPECT, HeaderValue::from_static("tea"));
    assert_eq!(asked(wishing).await.0, StatusCode::EXPECTATION_FAILED);
}

/// A service that judges by itself is asked in any case.
#[counterpart::test]
async fn who_judges_heads_gets_them_all() {
    struct Judge;

    impl Service for Judge {
        const JUDGES_HEADS: bool = true;

        async fn call(&self, _request: Request) -> Result<Response, Fault> {
            Ok(Response::new(StatusCode::IM_A_TEAPOT))
        }
    }

    let app = App::new().body_limit(1).mount_at("/", Judge).assemble().unwrap();
    let answer = app.call(Request::new(Method::PUT, "/x").with_body("long")).await.unwrap();
    assert_eq!(answer.status, StatusCode::IM_A_TEAPOT);
}
