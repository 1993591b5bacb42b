//! ntex, as its documentation shows it: attributes, extractors, the state by `State`.

use std::io;
use std::net::TcpListener;
use std::sync::Arc;

use api::{Flags, Greeting, HELLO, NewUser, Uploaded, Users, ZEROS, Zeros};
use futures_util::stream;
use ntex::http::body::SizedStream;
use ntex::util::Bytes;
use ntex::web::error::PayloadError;
use ntex::web::types::{Json, Path, Payload, State};
use ntex::web::{self, App, HttpResponse, HttpServer, ServiceConfig};

#[web::get("/plaintext")]
async fn plaintext() -> HttpResponse {
    HttpResponse::Ok().content_type("text/plain").body(HELLO)
}

#[web::get("/json")]
async fn json() -> HttpResponse {
    HttpResponse::Ok().json(&Greeting::hello())
}

#[web::get("/api/users/{id}")]
async fn read(id: Path<u64>, users: State<Arc<Users>>) -> HttpResponse {
    HttpResponse::Ok().json(&users.read(*id))
}

#[web::post("/api/users")]
async fn create(new: Json<NewUser>, users: State<Arc<Users>>) -> HttpResponse {
    HttpResponse::Created().json(&users.create(new.into_inner()))
}

#[web::post("/upload")]
async fn upload(mut content: Payload) -> Result<HttpResponse, PayloadError> {
    let mut bytes = 0;
    while let Some(piece) = content.recv().await {
        bytes += piece?.len() as u64;
    }
    Ok(HttpResponse::Ok().json(&Uploaded { bytes }))
}

#[web::get("/download/{length}")]
async fn download(length: Path<u64>) -> HttpResponse {
    // It has `Bytes` of its own.
    let pieces = Zeros::new(*length).map(|piece| Ok(Bytes::from_static(&ZEROS[..piece.len()])));
    let stream = SizedStream::new(*length, stream::iter(pieces));
    HttpResponse::Ok().content_type("application/octet-stream").body(stream)
}

/// One of the added routes.
async fn item(_: Path<u64>) -> HttpResponse {
    HttpResponse::Ok().json(&Greeting::hello())
}

#[ntex::main]
async fn main() -> io::Result<()> {
    let flags = Arc::new(Flags::read());
    flags.without_tls();
    let (users, routes) = (Arc::new(Users::default()), flags.clone());
    let server = HttpServer::new(async move || {
        let app = App::new().state(users.clone());
        let app = app.service((plaintext, json, read, create, upload, download));
        app.configure(|config: &mut ServiceConfig| {
            for service in routes.services() {
                config.route(&format!("{service}/items/{{id}}"), web::get().to(item));
            }
        })
    });
    // It does not tell which port it was given.
    let address = TcpListener::bind(flags.address())?.local_addr()?;
    let server = server.workers(flags.workers).disable_signals().bind(address)?;
    flags.announce(address);
    server.run().await
}
