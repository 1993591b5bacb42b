//! axum, as its documentation shows it: extractors, the state by `Arc`, `TCP_NODELAY` on.

use std::io;
use std::sync::Arc;

use api::{Flags, Greeting, HELLO, NewUser, Uploaded, User, Users, Zeros};
use axum::body::{Body, Bytes};
use axum::extract::{Path, State};
use axum::http::{StatusCode, header};
use axum::response::IntoResponse;
use axum::routing::{get, post};
use axum::serve::ListenerExt;
use axum::{Json, Router};
use http_body_util::BodyExt;

async fn plaintext() -> &'static str {
    HELLO
}

async fn json() -> Json<Greeting> {
    Json(Greeting::hello())
}

async fn read(Path(id): Path<u64>, State(users): State<Arc<Users>>) -> Json<User> {
    Json(users.read(id))
}

async fn create(
    State(users): State<Arc<Users>>,
    Json(new): Json<NewUser>,
) -> (StatusCode, Json<User>) {
    (StatusCode::CREATED, Json(users.create(new)))
}

async fn upload(mut body: Body) -> Result<Json<Uploaded>, StatusCode> {
    let mut bytes = 0;
    while let Some(frame) = body.frame().await {
        let frame = frame.map_err(|_| StatusCode::BAD_REQUEST)?;
        bytes += frame.data_ref().map_or(0, Bytes::len) as u64;
    }
    Ok(Json(Uploaded { bytes }))
}

async fn download(Path(length): Path<u64>) -> impl IntoResponse {
    ([(header::CONTENT_TYPE, "application/octet-stream")], Body::new(Zeros::new(length)))
}

/// One of the added routes.
async fn item(Path(_): Path<u64>) -> Json<Greeting> {
    Json(Greeting::hello())
}

fn main() -> io::Result<()> {
    let flags = Flags::read();
    let endpoints = Router::new()
        .route("/plaintext", get(plaintext))
        .route("/json", get(json))
        .route("/api/users/{id}", get(read))
        .route("/api/users", post(create))
        .route("/upload", post(upload))
        .route("/download/{length}", get(download));
    let app = flags
        .services()
        .fold(endpoints, |app, service| app.route(&format!("{service}/items/{{id}}"), get(item)));
    flags.runtime().block_on(serve(&flags, app.with_state(Arc::new(Users::default()))))
}

async fn serve(flags: &Flags, app: Router) -> io::Result<()> {
    let listener = tokio::net::TcpListener::bind(flags.address()).await?;
    flags.announce(listener.local_addr()?);
    #[cfg(feature = "tls")]
    if let Some(config) = flags.tls_config() {
        let tls = axum_server::tls_rustls::RustlsConfig::from_config(Arc::new(config));
        let server = axum_server::from_tcp_rustls(listener.into_std()?, tls)?;
        let nodelay = axum_server::accept::NoDelayAcceptor::new();
        let server = server.map(|tls| tls.acceptor(nodelay));
        return server.serve(app.into_make_service()).await;
    }
    #[cfg(not(feature = "tls"))]
    flags.without_tls();
    let listener = listener.tap_io(|stream| {
        // Without it the connection is only slower.
        let _ = stream.set_nodelay(true);
    });
    axum::serve(listener, app).await
}
