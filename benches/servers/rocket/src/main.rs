//! Rocket, as its guide shows it: attributes, request guards, the state by `State`.

use std::io::{self, Cursor};
use std::net::SocketAddr;

use api::{Flags, Greeting, HELLO, NewUser, Uploaded, User, Users, Zeros};
use futures_util::stream;
use rocket::data::{Data, ToByteUnit};
use rocket::fairing::AdHoc;
use rocket::http::{ContentType, Status};
use rocket::response::stream::ReaderStream;
use rocket::response::{self, Responder, Response};
use rocket::serde::json::Json;
use rocket::{Config, Request, State, get, post, routes};
use tokio::io::AsyncReadExt;

#[get("/plaintext")]
async fn plaintext() -> &'static str {
    HELLO
}

#[get("/json")]
async fn json() -> Json<Greeting> {
    Json(Greeting::hello())
}

#[get("/api/users/<id>")]
async fn read(id: u64, users: &State<Users>) -> Json<User> {
    Json(users.read(id))
}

#[post("/api/users", data = "<new>")]
async fn create(new: Json<NewUser>, users: &State<Users>) -> (Status, Json<User>) {
    (Status::Created, Json(users.create(new.into_inner())))
}

#[post("/upload", data = "<content>")]
async fn upload(content: Data<'_>) -> io::Result<Json<Uploaded>> {
    let (mut stream, mut bytes) = (content.open(200.mebibytes()), 0);
    let mut piece = vec![0; 64 * 1024];
    loop {
        match stream.read(&mut piece).await? {
            0 => return Ok(Json(Uploaded { bytes })),
            read => bytes += read as u64,
        }
    }
}

struct Download(u64);

impl<'r> Responder<'r, 'static> for Download {
    fn respond_to(self, _: &'r Request<'_>) -> response::Result<'static> {
        let pieces = stream::iter(Zeros::new(self.0).map(Cursor::new));
        Response::build()
            .header(ContentType::Binary)
            .raw_header("Content-Length", self.0.to_string())
            .streamed_body(ReaderStream::from(pieces))
            .ok()
    }
}

#[get("/download/<length>")]
async fn download(length: u64) -> Download {
    Download(length)
}

/// One of the added routes.
#[get("/items/<id>")]
async fn item(id: u64) -> Json<Greeting> {
    let _ = id;
    Json(Greeting::hello())
}

fn main() -> Result<(), Box<rocket::Error>> {
    let flags = Flags::read();
    flags.without_tls();
    let config = Config::figment()
        .merge(("address", flags.bind))
        .merge(("port", flags.port))
        .merge(("log_level", "off"));
    let endpoints = rocket::custom(config)
        .manage(Users::default())
        .mount("/", routes![plaintext, json, read, create, upload, download]);
    let app = flags.services().fold(endpoints, |app, service| app.mount(service, routes![item]));
    let runtime = flags.runtime();
    let announce = AdHoc::on_liftoff("announce", move |rocket| {
        flags.announce(SocketAddr::new(rocket.config().address, rocket.config().port));
        Box::pin(async {})
    });
    runtime.block_on(app.attach(announce).launch()).map(drop).map_err(Box::new)
}
