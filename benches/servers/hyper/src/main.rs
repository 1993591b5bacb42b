//! hyper, as its guide shows it: `service_fn`, a match of method and path, bodies of `http-body-util`.

use std::io;
use std::sync::Arc;

use api::{Flags, Greeting, HELLO, Uploaded, Users, Zeros};
use bytes::Bytes;
use http_body_util::{BodyExt, Either, Full};
use hyper::body::Incoming;
use hyper::header::{CONTENT_TYPE, HeaderValue};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Method, Request, Response, StatusCode};
use hyper_util::rt::TokioIo;
use serde::Serialize;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpListener;

type Answer = Response<Either<Full<Bytes>, Zeros>>;

fn main() -> io::Result<()> {
    let flags = Flags::read();
    flags.without_router();
    flags.runtime().block_on(serve(flags))
}

async fn answer(request: Request<Incoming>, users: Arc<Users>) -> Result<Answer, hyper::Error> {
    let path = request.uri().path();
    Ok(match (request.method(), path) {
        (&Method::GET, "/plaintext") => of(StatusCode::OK, "text/plain", whole(HELLO)),
        (&Method::GET, "/json") => json(StatusCode::OK, &Greeting::hello()),
        (&Method::POST, "/api/users") => {
            let body = request.into_body().collect().await?.to_bytes();
            match serde_json::from_slice(&body) {
                Ok(new) => json(StatusCode::CREATED, &users.create(new)),
                Err(_) => empty(StatusCode::BAD_REQUEST),
            }
        }
        (&Method::POST, "/upload") => upload(request.into_body()).await?,
        (&Method::GET, _) => below(path, &users),
        _ => empty(StatusCode::NOT_FOUND),
    })
}

/// The paths with a parameter.
fn below(path: &str, users: &Users) -> Answer {
    let number = |text: &str| text.parse().map_err(|_| StatusCode::BAD_REQUEST);
    let answer = if let Some(id) = path.strip_prefix("/api/users/") {
        number(id).map(|id| json(StatusCode::OK, &users.read(id)))
    } else if let Some(length) = path.strip_prefix("/download/") {
        let zeros = |length| Either::Right(Zeros::new(length));
        number(length).map(|length| of(StatusCode::OK, "application/octet-stream", zeros(length)))
    } else {
        Err(StatusCode::NOT_FOUND)
    };
    answer.unwrap_or_else(empty)
}

async fn upload(mut body: Incoming) -> Result<Answer, hyper::Error> {
    let mut bytes = 0;
    while let Some(frame) = body.frame().await {
        bytes += frame?.data_ref().map_or(0, Bytes::len) as u64;
    }
    Ok(json(StatusCode::OK, &Uploaded { bytes }))
}

fn json(status: StatusCode, value: &impl Serialize) -> Answer {
    match serde_json::to_vec(value) {
        Ok(text) => of(status, "application/json", whole(text)),
        Err(_) => empty(StatusCode::INTERNAL_SERVER_ERROR),
    }
}

fn whole(content: impl Into<Bytes>) -> Either<Full<Bytes>, Zeros> {
    Either::Left(Full::new(content.into()))
}

fn of(status: StatusCode, kind: &'static str, body: Either<Full<Bytes>, Zeros>) -> Answer {
    let mut answer = Response::new(body);
    *answer.status_mut() = status;
    answer.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(kind));
    answer
}

fn empty(status: StatusCode) -> Answer {
    let mut answer = Response::new(Either::Left(Full::default()));
    *answer.status_mut() = status;
    answer
}

async fn serve(flags: Flags) -> io::Result<()> {
    let users = Arc::new(Users::default());
    #[cfg(feature = "tls")]
    let tls = flags.tls_config().map(|config| tokio_rustls::TlsAcceptor::from(Arc::new(config)));
    #[cfg(not(feature = "tls"))]
    flags.without_tls();
    let listener = TcpListener::bind(flags.address()).await?;
    flags.announce(listener.local_addr()?);
    loop {
        let (stream, _) = listener.accept().await?;
        stream.set_nodelay(true)?;
        let users = users.clone();
        #[cfg(feature = "tls")]
        if let Some(tls) = tls.clone() {
            tokio::spawn(async move {
                if let Ok(stream) = tls.accept(stream).await {
                    talk(stream, users).await;
                }
            });
            continue;
        }
        tokio::spawn(talk(stream, users));
    }
}

/// One connection, to its end; what goes wrong with it is its peer's.
async fn talk<S>(stream: S, users: Arc<Users>)
where
    S: AsyncRead + AsyncWrite + Unpin,
{
    let service = service_fn(|request| answer(request, users.clone()));
    let mut http = http1::Builder::new();
    // Without a timer, as in its guide: it is faster, and waits for heads for ever.
    http.pipeline_flush(true);
    let _ = http.serve_connection(TokioIo::new(stream), service).await;
}
