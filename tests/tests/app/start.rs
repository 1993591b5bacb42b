//! What an app refuses to start with: everything, at once.

use std::num::NonZeroU16;
use std::sync::Arc;

use counterpart::prelude::*;

#[derive(State)]
pub(crate) struct Db;

#[derive(State)]
pub(crate) struct Cache;

#[get("/a/{id}")]
async fn one(id: u8, db: &Db) -> u8 {
    let _ = db;
    id
}

#[get("/a/{name}")]
async fn other(name: String, db: &Db, cache: &Cache) -> String {
    let _ = (db, cache);
    name
}

#[get("/optional")]
async fn optional(db: Option<&Db>) -> bool {
    db.is_some()
}

#[get("/foreign")]
async fn foreign(#[server] port: &NonZeroU16, #[server] kept: Arc<NonZeroU16>) -> u16 {
    port.get() + kept.get()
}

api!(Ones: one, optional);
api!(Others: other);
api!(Foreign: foreign);

#[test]
fn conflicts_and_missing_states_are_told_at_once() {
    let error = App::new().mount(Ones).mount(Others).assemble().unwrap_err();
    let text = error.to_string();
    assert_eq!(error.reasons().len(), 3, "{text}");
    assert!(
        text.contains(
            "`GET /a/{name}` is answered by `one` (tests/tests/app/start.rs:14) and by `other`"
        ),
        "{text}"
    );
    assert!(text.contains("the state `main::app::start::Db` was never given, and `one`"), "{text}");
    assert!(
        text.contains("the state `main::app::start::Cache` was never given, and `other`"),
        "{text}"
    );
    assert!(!text.contains("`optional`"), "{text}");
}

#[test]
fn the_routes_are_listed_with_their_prefixes() {
    let app = App::new().mount(Ones).nest("/v2", App::new().mount(Others));
    let listed = app.routes().to_string();
    assert_eq!(
        listed,
        "GET  /a/{id}       one\nGET  /optional     optional\nGET  /v2/a/{name}  other"
    );
    assert!(app.routes()[2].file.ends_with("start.rs"));
}

#[counterpart::test]
async fn an_optional_state_may_be_missing() {
    let given = OnesClient::local(App::new().state(Db).mount(Ones));
    assert!(given.optional().await.unwrap());
    api!(Only: optional);
    assert!(!OnlyClient::local(App::new().mount(Only)).optional().await.unwrap());
}

#[counterpart::test]
async fn a_state_of_a_foreign_type_is_found_by_its_type() {
    let client = ForeignClient::local(App::new().state(NonZeroU16::new(2).unwrap()).mount(Foreign));
    assert_eq!(client.foreign().await.unwrap(), 4);
    let error = App::new().mount(Foreign).assemble().unwrap_err().to_string();
    assert!(error.contains("`core::num::nonzero::NonZero<u16>` was never given"), "{error}");
}

#[test]
#[should_panic(expected = "the app cannot start")]
fn a_local_client_of_a_wrong_app_panics_with_the_reasons() {
    let _ = OnesClient::local(App::new().mount(Ones));
}

#[test]
#[should_panic(expected = "`v1` is no prefix")]
fn a_prefix_begins_with_a_slash() {
    let _ = App::new().nest("v1", App::new());
}

#[get("/ready")]
fn ready(lifecycle: &Lifecycle) -> bool {
    !lifecycle.is_draining()
}

api!(Probes: ready);

#[counterpart::test]
async fn an_app_says_that_it_drains_while_it_still_answers() {
    let app = App::new().nest("/v1", App::new().mount(Probes));
    let lifecycle = app.lifecycle();
    let client = ProbesClient::local(app);
    let client: ProbesClient = ApiClient::nested(&client, "/v1");
    assert!(client.ready().await.unwrap());
    lifecycle.drain();
    assert!(!client.ready().await.unwrap());
}

/// A guard that looks something up in a state, which no handler takes itself.
struct Guard;

impl FromRequest for Guard {
    type Rejection = Problem;

    const NEEDS: &'static [Need] = &[Need::of::<Cache>()];

    async fn from_request(request: &RequestContext<'_>) -> Result<Self, Problem> {
        let found = request.state::<Cache>();
        found.map(|_| Self).ok_or_else(|| Problem::new(StatusCode::FORBIDDEN))
    }
}

#[get("/guarded")]
fn guarded(guard: &Guard) {
    let _ = guard;
}

api!(Guarded: guarded);

#[counterpart::test]
async fn what_a_guard_needs_is_asked_for_at_the_start() {
    let error = App::new().mount(Guarded).assemble().unwrap_err().to_string();
    assert!(error.contains("Cache` was never given, and `guarded`"), "{error}");
    GuardedClient::local(App::new().state(Cache).mount(Guarded)).guarded().await.unwrap();
}
