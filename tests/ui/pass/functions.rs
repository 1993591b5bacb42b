//! Every shape of function that is a handler: async or not, fallible or not, with and without an answer, and
//! everything the server can hand over.
#![deny(warnings)]

use std::convert::Infallible;
use std::sync::Arc;

use counterpart::prelude::*;

#[derive(State)]
pub struct Db;

#[get("/nothing")]
fn nothing() {}

#[get("/unit")]
async fn unit(db: &Db) -> Result<(), Problem> {
    let _: &Db = db;
    Ok(())
}

#[get("/text")]
fn text() -> &'static str {
    "text"
}

#[get("/future")]
fn future(id: Option<u8>) -> impl Future<Output = Result<u8, Infallible>> + Send {
    async move { Ok(id.unwrap_or(1)) }
}

#[get("/bytes")]
async fn bytes() -> counterpart::Bytes {
    counterpart::Bytes::from_static(b"bytes")
}

/// It cannot be read back, which is no business of the server.
#[derive(Serialize)]
struct OneWay {
    id: u64,
}

#[get("/one-way")]
async fn one_way() -> OneWay {
    OneWay { id: 1 }
}

#[get("/one-way/{id}")]
async fn one_way_call(id: u64, name: Option<String>) -> OneWay {
    OneWay { id: id + name.map_or(0, |_| 1) }
}

/// The server's own, by reference, shared, by value, and where it may be missing.
#[get("/server")]
async fn server(
    #[server] text: &String,
    #[server] number: Arc<u64>,
    #[server] small: u8,
    #[server] none: Option<&u32>,
    db: Option<&Db>,
    mut id: Option<u8>,
) -> usize {
    let found = none.is_none() && db.is_some() && id.take().is_none();
    text.len() + usize::try_from(*number).unwrap() + usize::from(small) + usize::from(found)
}

/// A body that may be null, and one that is only there.
#[patch("/patch")]
async fn patch_one(patch: Option<Option<u8>>) -> u8 {
    patch.flatten().unwrap_or(7)
}

#[route(PURGE, "/cache/{*rest}", body_limit = "2 MiB")]
async fn purge(rest: String) -> NoContent {
    assert_eq!(rest, "a/b c");
    NoContent
}

#[derive(Serialize, Deserialize)]
struct Made {
    r#type: String,
    id: u8,
}

#[get("/made/{type}/{id}")]
async fn made(r#type: String, id: u8) -> Made {
    Made { r#type, id }
}

#[post("/made", location = made)]
async fn make(body: String) -> Result<Created<Made>, Problem> {
    Ok(Created(Made { r#type: body, id: 3 }))
}

#[deprecated]
#[must_use]
#[cfg(all())]
#[get("/attributes")]
#[allow(dead_code)]
async fn attributes() -> u8 {
    1
}

api!(
    /// With a comment of its own.
    #[derive(PartialEq)]
    pub All: nothing, unit, text, future, bytes, one_way, one_way_call, server, patch_one, purge, made, make,
    attributes,
);
api!(pub Nothing);

#[counterpart::main]
async fn main() -> counterpart::Result<()> {
    let app = App::new().mount(All).mount(Nothing).state(Db).state("four".to_owned()).state(5_u64).state(6_u8);
    let client = AllClient::local(app);
    client.nothing().await.unwrap();
    client.unit().await.unwrap();
    assert_eq!(client.text().await.unwrap(), "text");
    assert_eq!(client.future().id(2).await.unwrap(), 2);
    assert_eq!(client.bytes().await.unwrap(), "bytes");
    assert_eq!(client.server().await.unwrap(), 4 + 5 + 6 + 1);
    assert_eq!(client.patch_one(None).await.unwrap(), 7);
    client.purge("a/b c").await.unwrap();
    drop((client.one_way(), client.one_way_call(1).name("n")));
    let answer = client.raw("POST", "/made").json("a/b").await.unwrap();
    assert_eq!(answer.header("location"), Some("/made/a%2Fb/3"));
    // A handler stays a function.
    assert_eq!(one_way().await.id + one_way_call(1, None).await.id, 2);
    let _ = All == All;
    Ok(())
}
