//! What the macros make, at work: the argument rule, setters, renames, nested lists, locations, and a table of a
//! thousand routes. The traps of naming and placing are programs of their own, in `ui/pass`.

#![expect(
    unreachable_pub,
    reason = "routes and lists are written as in a program, where they are reached"
)]

use counterpart::prelude::*;

mod arguments {
    use counterpart::prelude::*;

    /// Everything that travels, under its own name, under another, and in each place.
    #[post("/echo/{id}/{*rest}")]
    pub async fn echo(
        id: u64,
        rest: String,
        #[query] page: u32,
        #[query("per-page")] per_page: Option<u32>,
        #[query] tag: Vec<String>,
        #[header("x-request-id")] request_id: Option<String>,
        #[header("x-level")] level: u8,
        body: Option<Vec<i64>>,
    ) -> serde_json::Value {
        json!({
            "id": id, "rest": rest, "page": page, "per_page": per_page, "tag": tag, "request_id": request_id,
            "level": level, "body": body,
        })
    }

    /// A GET has no body: what is not in the path is a query key.
    #[get("/sum")]
    pub async fn sum(a: i64, b: Option<i64>, c: Vec<i64>) -> i64 {
        a + b.unwrap_or_default() + c.iter().sum::<i64>()
    }

    api!(pub Arguments: echo, sum);
}

use arguments::{Arguments, ArgumentsClient};

#[counterpart::test]
async fn every_argument_takes_its_own_way() {
    let client = ArgumentsClient::local(App::new().mount(Arguments));
    let call = client.echo(7, "a b/ü", 1, 3, Some(vec![-1, i64::MAX]));
    let answer = call.per_page(20).tag(["x&y", "z"]).request_id("r-1").await.unwrap();
    let wanted = json!({
        "id": 7, "rest": "a b/ü", "page": 1, "per_page": 20, "tag": ["x&y", "z"], "request_id": "r-1",
        "level": 3, "body": [-1, i64::MAX],
    });
    assert_eq!(answer, wanted);
}

#[counterpart::test]
async fn a_setter_replaces_and_an_option_left_alone_is_absent() {
    let client = ArgumentsClient::local(App::new().mount(Arguments));
    let answer = client
        .echo(7, "r", 1, 3, None)
        .per_page(1)
        .per_page(2)
        .tag(["a"])
        .tag(["b", "c"])
        .await
        .unwrap();
    assert_eq!((&answer["per_page"], &answer["tag"]), (&json!(2), &json!(["b", "c"])));
    assert_eq!((&answer["request_id"], &answer["body"]), (&json!(null), &json!(null)));
    assert_eq!(client.sum(1).await.unwrap(), 1);
    assert_eq!(client.sum(1).b(2).c([3, 4]).await.unwrap(), 10);
}

#[counterpart::test]
async fn a_route_knows_its_path() {
    assert_eq!(arguments::echo::path(7, "a b/ü"), "/echo/7/a%20b/%C3%BC");
    assert_eq!(arguments::sum::path(), "/sum");
}

#[counterpart::test]
async fn a_handler_stays_a_function() {
    assert_eq!(arguments::sum(1, Some(2), vec![3]).await, 6);
}

mod shops {
    use counterpart::prelude::*;

    #[derive(Debug, PartialEq, Serialize, Deserialize)]
    pub struct Item {
        pub shop: String,
        pub id: u64,
    }

    #[derive(Debug, PartialEq, ApiError)]
    pub enum ItemError {
        #[error(404, "there is no item {id} in {shop:?}")]
        Missing { shop: String, id: u64 },
    }

    #[get("/{shop}/items/{id}")]
    pub async fn get_item(shop: String, id: u64) -> Result<Item, ItemError> {
        match id {
            0 => Err(ItemError::Missing { shop, id }),
            _ => Ok(Item { shop, id }),
        }
    }

    /// The new item's place is read off the answer.
    #[post("/{shop}/items", location = get_item)]
    pub async fn create_item(shop: String, id: u64) -> Result<Created<Item>, ItemError> {
        Ok(Created(Item { shop, id }))
    }

    api!(
        /// The items of shops.
        pub Items: get_item, create_item as add
    );
}

mod lists {
    use super::shops;
    use counterpart::prelude::*;

    api!(pub V1: shops::Items at "/shops", Empty);
    api!(pub All: V1 at "/v1", shops::{Items as all_items at "/old"});
    api!(pub Empty);
}

#[counterpart::test]
async fn lists_nest_and_names_change() {
    let client = lists::AllClient::local(App::new().mount(lists::All));
    let item = shops::Item { shop: "a/b".to_owned(), id: 3 };
    assert_eq!(client.v1().items().get_item("a/b", 3).await.unwrap(), item);
    assert_eq!(*client.all_items().add("a/b", 3).await.unwrap(), item);
    let error = client.all_items().get_item("c", 0).await.unwrap_err();
    assert_eq!(error, shops::ItemError::Missing { shop: "c".to_owned(), id: 0 });
    assert_eq!(error.to_string(), "there is no item 0 in \"c\"");
    let _: lists::EmptyClient = client.v1().empty();
}

#[counterpart::test]
async fn a_location_stands_under_the_lists_prefix() {
    let client = lists::AllClient::local(App::new().mount(lists::All));
    let answer = client.raw("POST", "/v1/shops/a%2Fb/items").json(3).await.unwrap();
    assert_eq!(answer.status(), 201);
    assert_eq!(answer.header("location"), Some("/v1/shops/a%2Fb/items/3"));
}

/// What an endpoint says of itself.
#[counterpart::test]
async fn a_route_is_described() {
    let echo = arguments::echo::ENDPOINT;
    assert_eq!((echo.method, echo.template, echo.name), ("POST", "/echo/{id}/{*rest}", "echo"));
    assert_eq!(
        echo.docs,
        "Everything that travels, under its own name, under another, and in each place."
    );
    assert!(echo.file.ends_with("macros.rs") && echo.module.ends_with("arguments::echo"));
    let names: Vec<&str> = echo.inputs.iter().map(|input| input.name).collect();
    assert_eq!(names, ["id", "rest", "page", "per-page", "tag", "x-request-id", "x-level", "body"]);
}

/// The conflict check runs while this file is compiled; a thousand routes must not trip the compiler's own
/// limit (`long_running_const_eval`). It costs 0.3 s of `cargo check` on rustc 1.95 with two busy cores, by the
/// difference to this module without the check.
mod thousand {
    use counterpart::private::{Endpoint, Entry, List, refuse_conflicts};

    use super::arguments::sum;

    macro_rules! thousand {
        ($($a:literal)*) => { thousand!(@ [$($a)*] [$($a)*] [$($a)*]) };
        (@ [$($a:literal)*] $b:tt $c:tt) => { [$(thousand!(@@ $a $b $c)),*] };
        (@@ $a:literal [$($b:literal)*] $c:tt) => { [$(thousand!(@@@ $a $b $c)),*] };
        (@@@ $a:literal $b:literal [$($c:literal)*]) => {
            [$(Entry::Route(&Endpoint {
                method: "GET",
                template: concat!("/", $a, "/", $b, "/", $c, "/{id}"),
                name: "route",
                module: module_path!(),
                file: file!(),
                line: line!(),
                docs: "",
                body_limit: None,
                inputs: &[],
                needs: &[],
                handle: sum::ENDPOINT.handle,
            })),*]
        };
    }

    /// Ten lists of ten lists of ten.
    #[expect(clippy::large_const_arrays, reason = "it is asked only while compiling")]
    const ROUTES: [[[Entry; 10]; 10]; 10] = thousand!(0 1 2 3 4 5 6 7 8 9);
    const LIST: &List = &List {
        name: "Thousand",
        file: file!(),
        line: line!(),
        entries: ROUTES.as_flattened().as_flattened(),
    };
    const _: () = refuse_conflicts::<{ LIST.count() }>(LIST);

    #[test]
    fn they_are_a_thousand() {
        assert_eq!(LIST.count(), 1000);
    }
}
