//! poem, as its documentation shows it: `handler` functions, extractors, the state by `Data`.

use std::io;
use std::sync::Arc;

use api::{Flags, Greeting, HELLO, NewUser, Uploaded, User, Users, Zeros};
use futures_util::{StreamExt, TryStreamExt};
use poem::http::StatusCode;
use poem::http::header::CONTENT_LENGTH;
use poem::listener::TcpAcceptor;
use poem::web::{Data, Json, Path};
use poem::{Body, EndpointExt, Response, Route, Server, get, handler, post};

#[handler]
async fn plaintext() -> &'static str {
    HELLO
}

#[handler]
async fn json() -> Json<Greeting> {
    Json(Greeting::hello())
}

#[handler]
async fn read(Path(id): Path<u64>, users: Data<&Arc<Users>>) -> Json<User> {
    Json(users.read(id))
}

#[handler]
async fn create(Json(new): Json<NewUser>, users: Data<&Arc<Users>>) -> (StatusCode, Json<User>) {
    (StatusCode::CREATED, Json(users.create(new)))
}

#[handler]
async fn upload(content: Body) -> poem::Result<Json<Uploaded>> {
    let (mut pieces, mut bytes) = (std::pin::pin!(content.into_bytes_stream()), 0);
    while let Some(piece) = pieces.next().await {
        bytes += piece.map_err(poem::error::BadRequest)?.len() as u64;
    }
    Ok(Json(Uploaded { bytes }))
}

#[handler]
async fn download(Path(length): Path<u64>) -> Response {
    let zeros = Zeros::new(length).map_err(io::Error::other);
    Response::builder()
        .content_type("application/octet-stream")
        .header(CONTENT_LENGTH, length)
        .body(Body::from_bytes_stream(zeros))
}

/// One of the added routes.
#[handler]
async fn item(Path(_): Path<u64>) -> Json<Greeting> {
    Json(Greeting::hello())
}

fn main() -> io::Result<()> {
    let flags = Flags::read();
    flags.without_tls();
    let endpoints = Route::new()
        .at("/plaintext", get(plaintext))
        .at("/json", get(json))
        .at("/api/users/:id", get(read))
        .at("/api/users", post(create))
        .at("/upload", post(upload))
        .at("/download/:length", get(download));
    let app = flags
        .services()
        .fold(endpoints, |app, service| app.at(format!("{service}/items/:id"), get(item)));
    flags.runtime().block_on(async {
        let listener = tokio::net::TcpListener::bind(flags.address()).await?;
        flags.announce(listener.local_addr()?);
        let server = Server::new_with_acceptor(TcpAcceptor::from_tokio(listener)?);
        server.run(app.data(Arc::new(Users::default()))).await
    })
}
