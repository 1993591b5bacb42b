//! xitca-web, as its documentation shows it: extractors, the state by reference.

use std::io;
use std::net::TcpListener;
use std::sync::Arc;

use api::{Flags, Greeting, HELLO, NewUser, Uploaded, User, Users, Zeros};
use xitca_web::App;
use xitca_web::body::{BodyExt, RequestBody, ResponseBody, StreamDataBody};
use xitca_web::error::Error;
use xitca_web::handler::body::Body;
use xitca_web::handler::handler_service;
use xitca_web::handler::json::Json;
use xitca_web::handler::params::Params;
use xitca_web::handler::state::StateRef;
use xitca_web::http::header::{CONTENT_LENGTH, CONTENT_TYPE, HeaderValue};
use xitca_web::http::{StatusCode, WebResponse};
use xitca_web::route::{get, post};

async fn plaintext() -> &'static str {
    HELLO
}

async fn json() -> Json<Greeting> {
    Json(Greeting::hello())
}

async fn read(Params(id): Params<u64>, StateRef(users): StateRef<'_, Users>) -> Json<User> {
    Json(users.read(id))
}

async fn create(
    Json(new): Json<NewUser>,
    StateRef(users): StateRef<'_, Users>,
) -> (Json<User>, StatusCode) {
    (Json(users.create(new)), StatusCode::CREATED)
}

async fn upload(Body(mut content): Body<RequestBody>) -> Result<Json<Uploaded>, Error> {
    let mut bytes = 0;
    while let Some(piece) = content.data().await {
        bytes += piece?.len() as u64;
    }
    Ok(Json(Uploaded { bytes }))
}

async fn download(Params(length): Params<u64>) -> WebResponse {
    let mut answer = WebResponse::new(ResponseBody::boxed(StreamDataBody::new(Zeros::new(length))));
    let kind = HeaderValue::from_static("application/octet-stream");
    answer.headers_mut().insert(CONTENT_TYPE, kind);
    answer.headers_mut().insert(CONTENT_LENGTH, length.into());
    answer
}

/// One of the added routes.
async fn item(Params(_): Params<u64>) -> Json<Greeting> {
    Json(Greeting::hello())
}

fn main() -> io::Result<()> {
    let flags = Flags::read();
    let endpoints = App::new()
        .with_state(Arc::new(Users::default()))
        .at("/plaintext", get(handler_service(plaintext)))
        .at("/json", get(handler_service(json)))
        .at("/api/users/{id}", get(handler_service(read)))
        .at("/api/users", post(handler_service(create)))
        .at("/upload", post(handler_service(upload)))
        .at("/download/{length}", get(handler_service(download)));
    let app = flags.services().fold(endpoints, |app, service| {
        app.at(&format!("{service}/items/{{id}}"), get(handler_service(item)))
    });
    // It does not tell which port it was given.
    let address = TcpListener::bind(flags.address())?.local_addr()?;
    let server = app.serve().worker_threads(flags.workers).disable_signal();
    #[cfg(feature = "tls")]
    let server = match flags.tls_config() {
        Some(config) => server.bind_rustls(address, config)?,
        None => server.bind(address)?,
    };
    #[cfg(not(feature = "tls"))]
    let server = {
        flags.without_tls();
        server.bind(address)?
    };
    flags.announce(address);
    server.run().wait()
}
