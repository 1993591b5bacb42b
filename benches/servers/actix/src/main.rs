//! actix-web, as its documentation shows it: attributes, extractors, the state by `Data`.

use std::io;
use std::sync::Arc;

use actix_web::body::SizedStream;
use actix_web::web::{Data, Json, Path, Payload, ServiceConfig};
use actix_web::{App, Error, HttpResponse, HttpServer, Responder, get, post, web};
use api::{Flags, Greeting, HELLO, NewUser, Uploaded, User, Users, Zeros};
use futures_util::StreamExt;

#[get("/plaintext")]
async fn plaintext() -> HttpResponse {
    HttpResponse::Ok().content_type("text/plain").body(HELLO)
}

#[get("/json")]
async fn json() -> Json<Greeting> {
    Json(Greeting::hello())
}

#[get("/api/users/{id}")]
async fn read(id: Path<u64>, users: Data<Users>) -> Json<User> {
    Json(users.read(*id))
}

#[post("/api/users")]
async fn create(Json(new): Json<NewUser>, users: Data<Users>) -> HttpResponse {
    HttpResponse::Created().json(users.create(new))
}

#[post("/upload")]
async fn upload(mut content: Payload) -> Result<Json<Uploaded>, Error> {
    let mut bytes = 0;
    while let Some(piece) = content.next().await {
        bytes += piece?.len() as u64;
    }
    Ok(Json(Uploaded { bytes }))
}

#[get("/download/{length}")]
async fn download(length: Path<u64>) -> HttpResponse {
    let stream = SizedStream::new(*length, Zeros::new(*length));
    HttpResponse::Ok().content_type("application/octet-stream").body(stream)
}

/// One of the added routes.
async fn item(_: Path<u64>) -> impl Responder {
    Json(Greeting::hello())
}

fn endpoints(config: &mut ServiceConfig) {
    config
        .service(plaintext)
        .service(json)
        .service(read)
        .service(create)
        .service(upload)
        .service(download);
}

#[actix_web::main]
async fn main() -> io::Result<()> {
    let flags = Arc::new(Flags::read());
    let users = Data::new(Users::default());
    let (address, routes) = (flags.address(), flags.clone());
    let server = HttpServer::new(move || {
        let app = App::new().app_data(users.clone()).configure(endpoints);
        routes.services().fold(app, |app, service| {
            app.route(&format!("{service}/items/{{id}}"), web::get().to(item))
        })
    });
    let server = server.workers(flags.workers).disable_signals();
    #[cfg(feature = "tls")]
    let server = match flags.tls_config() {
        Some(config) => server.bind_rustls_0_23(address, config)?,
        None => server.bind(address)?,
    };
    #[cfg(not(feature = "tls"))]
    let server = {
        flags.without_tls();
        server.bind(address)?
    };
    flags.announce(server.addrs()[0]);
    server.run().await
}
