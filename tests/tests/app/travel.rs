//! The law of both halves: what a client puts in is what the handler receives.

use std::sync::LazyLock;

use counterpart::prelude::*;
use proptest::prelude::*;
use tokio::runtime::Runtime;

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Order {
    NewestFirst,
    OldestFirst,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Id(u64);

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Page {
    pub(crate) limit: Option<u32>,
    pub(crate) tag: Vec<String>,
}

#[get("/text/{word}")]
fn text(word: String) -> String {
    word
}

#[get("/text/me")]
fn me() -> Text {
    Text("sibling".into())
}

#[get("/rest/{*rest}")]
fn rest(rest: String) -> String {
    rest
}

#[get("/numbers/{a}/{b}/{c}")]
fn numbers(a: u64, b: i128, c: f64) -> (u64, i128, u64) {
    (a, b, c.to_bits())
}

#[get("/query")]
fn query(
    word: String,
    option: Option<String>,
    list: Vec<String>,
    number: f32,
    flag: bool,
    order: Order,
) -> Vec<String> {
    [
        vec![
            word,
            format!("{option:?}"),
            number.to_bits().to_string(),
            flag.to_string(),
            format!("{order:?}"),
        ],
        list,
    ]
    .concat()
}

#[get("/page")]
fn page(#[query] page: Page) -> Page {
    page
}

#[get("/header")]
fn header(
    #[header("x-word")] word: String,
    #[header("x-option")] option: Option<String>,
    #[header("x-list")] list: Vec<String>,
) -> (String, Option<String>, Vec<String>) {
    (word, option, list)
}

#[post("/body/{id}")]
fn body(id: Id, sent: Vec<(String, Option<u64>, f64)>) -> (Id, Vec<(String, Option<u64>, f64)>) {
    (id, sent)
}

#[get("/maybe")]
fn maybe(page: Option<Page>) -> Option<Page> {
    page
}

#[get("/twice")]
fn twice(#[query] page: Page, limit: u32) -> (Page, u32) {
    (page, limit)
}

api!(Travel: maybe, twice, text, me, rest, numbers, query, page, header, body);

fn client() -> TravelClient {
    TravelClient::local(App::new().mount(Travel))
}

/// Both transports, over one server and one runtime for all cases.
fn clients() -> [TravelClient; 2] {
    static REMOTE: LazyLock<TravelClient> = LazyLock::new(|| {
        let bound = RUNTIME.block_on(App::new().mount(Travel).bind("127.0.0.1:0")).unwrap();
        let client = TravelClient::http(&bound.url()).unwrap();
        RUNTIME.spawn(bound.serve_until(std::future::pending()));
        client
    });
    [client(), REMOTE.clone()]
}

static RUNTIME: LazyLock<Runtime> = LazyLock::new(|| Runtime::new().unwrap());

fn now<T>(future: impl Future<Output = T>) -> T {
    RUNTIME.block_on(future)
}

/// A few texts: more than a target of 8 KiB holds are refused with 414.
fn few() -> impl Strategy<Value = Vec<String>> {
    proptest::collection::vec(any::<String>(), 0..8)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(100))]

    #[test]
    fn every_text_travels_in_a_path(
        word in any::<String>().prop_filter("the empty and the sibling", |word| !word.is_empty() && word != "me"),
    ) {
        for client in clients() {
            prop_assert_eq!(&now(client.text(&word)).unwrap(), &word);
            prop_assert_eq!(&now(client.rest(&word)).unwrap(), &word);
        }
    }

    #[test]
    fn every_number_travels_in_a_path(a: u64, b: i128, c: f64) {
        for client in clients() {
            prop_assert_eq!(now(client.numbers(a, b, c)).unwrap(), (a, b, c.to_bits()));
        }
    }

    #[test]
    fn everything_travels_in_a_query(
        word: String, option: Option<String>, list in few(), number: f32, flag: bool, newest: bool,
    ) {
        let order = if newest { Order::NewestFirst } else { Order::OldestFirst };
        let expected = query(
            word.clone(), option.clone(), list.clone(), number, flag, order.clone(),
        );
        for client in clients() {
            let mut call = client.query(&word, number, flag, order.clone()).list(list.clone());
            if let Some(option) = &option {
                call = call.option(option);
            }
            prop_assert_eq!(&now(call).unwrap(), &expected);
        }
    }

    #[test]
    fn everything_travels_in_a_header(word: String, option: Option<String>, list in few()) {
        for client in clients() {
            let mut call = client.header(&word).list(list.clone());
            if let Some(option) = &option {
                call = call.option(option);
            }
            prop_assert_eq!(now(call).unwrap(), (word.clone(), option.clone(), list.clone()));
        }
    }

    #[test]
    fn everything_travels_in_a_body(id: u64, sent: Vec<(String, Option<u64>, f64)>) {
        for client in clients() {
            prop_assert_eq!(now(client.body(Id(id), sent.clone())).unwrap(), (Id(id), sent.clone()));
        }
    }
}

#[counterpart::test]
async fn a_siblings_word_reaches_the_sibling() {
    assert_eq!(client().raw("GET", &text::path("me")).await.unwrap().text(), "sibling");
    assert!(matches!(client().text("me").await, Err(CallError::Undecodable(_))));
}

#[counterpart::test]
async fn an_empty_text_is_not_sent_in_a_path() {
    let error = client().text("").await.unwrap_err();
    assert!(matches!(&error, CallError::Unsendable(_)), "{error:?}");
    assert!(error.to_string().contains("`word`"), "{error}");
}

#[counterpart::test]
async fn a_struct_is_its_own_keys() {
    let page = Page { limit: Some(7), tag: vec!["a b".into(), "&=+%".into()] };
    assert_eq!(client().page(page.clone()).await.unwrap(), page);
    let answer = client().raw("GET", "/page?limit=x").await.unwrap();
    assert_eq!(answer.problem().unwrap().errors[0].pointer, "/limit");
    let answer = client().raw("GET", "/page?tag=%zz").await.unwrap();
    assert_eq!(answer.status(), 400);
}

#[test]
fn a_struct_that_may_be_absent_travels() {
    for client in clients() {
        let page = Page { limit: None, tag: vec!["a".into()] };
        assert_eq!(now(client.maybe().page(page.clone())).unwrap(), Some(page));
        assert_eq!(now(client.maybe()).unwrap(), None);
    }
}

#[test]
fn one_key_for_two_arguments_is_not_sent() {
    let page = Page { limit: Some(1), tag: Vec::new() };
    let error = now(client().twice(page, 2)).unwrap_err();
    assert!(
        error.to_string().contains("two arguments of the route send the query key `limit`"),
        "{error}"
    );
}

#[test]
fn a_limit_beyond_all_time_is_none() {
    for client in clients() {
        assert_eq!(now(client.text("x").timeout(Duration::MAX)).unwrap(), "x");
    }
}

#[counterpart::test]
async fn a_route_wins_over_an_option_of_its_name() {
    // `header` is a route here, so the client's own `header` is reached through the trait.
    let client = ApiClient::header(&client(), "x-word", "sent by the client");
    assert_eq!(
        client
            .raw("GET", "/header")
            .await
            .unwrap()
            .json::<(String, Option<String>, Vec<String>)>()
            .unwrap()
            .0,
        "sent by the client"
    );
}

#[counterpart::test]
async fn a_client_is_made_whatever_its_routes_are_called() {
    let client =
        <named::NamedClient as counterpart::Transport>::local(App::new().mount(named::Named));
    assert_eq!(client.local().await.unwrap(), "local");
    assert_eq!(client.http().await.unwrap(), "http");
    assert_eq!(client.raw().await.unwrap(), "raw");
}

mod named {
    use counterpart::prelude::*;

    #[get("/local")]
    fn local() -> &'static str {
        "local"
    }

    #[get("/http")]
    fn http() -> &'static str {
        "http"
    }

    #[get("/raw")]
    fn raw() -> &'static str {
        "raw"
    }

    api!(pub(crate) Named: local, http, raw);
}
