//! Salvo, as its documentation shows it: `handler` functions, the state injected into the depot.

use std::sync::Arc;

use api::{Flags, Greeting, HELLO, NewUser, Uploaded, User, Users, Zeros};
use http_body_util::BodyExt;
use salvo::conn::Acceptor;
use salvo::http::header::{CONTENT_LENGTH, CONTENT_TYPE, HeaderValue};
use salvo::http::{ResBody, StatusError};
use salvo::prelude::*;

type Answer<T> = Result<T, StatusError>;

#[handler]
async fn plaintext() -> &'static str {
    HELLO
}

#[handler]
async fn json() -> Json<Greeting> {
    Json(Greeting::hello())
}

#[handler]
async fn read(request: &Request, depot: &Depot) -> Answer<Json<User>> {
    Ok(Json(users(depot)?.read(number(request, "id")?)))
}

#[handler]
async fn create(request: &mut Request, depot: &Depot, answer: &mut Response) -> Answer<Json<User>> {
    let new: NewUser = request.parse_json().await.map_err(|_| StatusError::bad_request())?;
    answer.status_code(StatusCode::CREATED);
    Ok(Json(users(depot)?.create(new)))
}

#[handler]
async fn upload(request: &mut Request) -> Answer<Json<Uploaded>> {
    let (mut content, mut bytes) = (request.take_body(), 0);
    while let Some(frame) = content.frame().await {
        let frame = frame.map_err(|_| StatusError::bad_request())?;
        bytes += frame.data_ref().map_or(0, |piece| piece.len()) as u64;
    }
    Ok(Json(Uploaded { bytes }))
}

#[handler]
async fn download(request: &Request, answer: &mut Response) -> Answer<()> {
    let length = number(request, "length")?;
    let headers = answer.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/octet-stream"));
    headers.insert(CONTENT_LENGTH, length.into());
    answer.body(ResBody::stream(Zeros::new(length)));
    Ok(())
}

/// One of the added routes.
#[handler]
async fn item(request: &Request) -> Answer<Json<Greeting>> {
    number(request, "id")?;
    Ok(Json(Greeting::hello()))
}

fn users(depot: &Depot) -> Answer<&Arc<Users>> {
    depot.get_typed::<Arc<Users>>().map_err(|_| StatusError::internal_server_error())
}

fn number(request: &Request, name: &str) -> Answer<u64> {
    request.param(name).ok_or_else(StatusError::bad_request)
}

fn main() {
    let flags = Flags::read();
    flags.without_tls();
    let endpoints = Router::new()
        .hoop(affix_state::inject(Arc::new(Users::default())))
        .push(Router::with_path("plaintext").get(plaintext))
        .push(Router::with_path("json").get(json))
        .push(Router::with_path("api/users/{id}").get(read))
        .push(Router::with_path("api/users").post(create))
        .push(Router::with_path("upload").post(upload))
        .push(Router::with_path("download/{length}").get(download));
    let router = flags.services().fold(endpoints, |router, service| {
        router.push(Router::with_path(format!("{service}/items/{{id}}")).get(item))
    });
    flags.runtime().block_on(async {
        let acceptor = TcpListener::new(flags.address()).bind().await;
        let address = acceptor.holdings()[0].local_addr.clone().into_std();
        flags.announce(address.expect("an address of TCP"));
        Server::new(acceptor).serve(router).await;
    });
}
