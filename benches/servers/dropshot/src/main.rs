//! Dropshot, as its documentation shows it: attributes, typed extractors, the state as the server's context.

use api::{Flags, Greeting, HELLO, NewUser, Uploaded, User, Users, Zeros};
use dropshot::{
    ApiDescription, ApiEndpoint, ApiEndpointVersions, Body, ConfigDropshot, HttpError,
    HttpResponseCreated, HttpResponseOk, Path, RequestContext, ServerBuilder, StreamingBody,
    TypedBody, endpoint,
};
use futures_util::StreamExt;
use hyper::header::{CONTENT_LENGTH, CONTENT_TYPE};
use hyper::{Method, Response};
use schemars::JsonSchema;
use serde::Deserialize;

type Context = RequestContext<Users>;

#[derive(Deserialize, JsonSchema)]
struct Id {
    id: u64,
}

#[derive(Deserialize, JsonSchema)]
struct Length {
    length: u64,
}

#[endpoint { method = GET, path = "/plaintext" }]
async fn plaintext(_: Context) -> Result<Response<Body>, HttpError> {
    Ok(Response::builder().header(CONTENT_TYPE, "text/plain").body(HELLO.into())?)
}

#[endpoint { method = GET, path = "/json" }]
async fn json(_: Context) -> Result<HttpResponseOk<Greeting>, HttpError> {
    Ok(HttpResponseOk(Greeting::hello()))
}

#[endpoint { method = GET, path = "/api/users/{id}" }]
async fn read(context: Context, path: Path<Id>) -> Result<HttpResponseOk<User>, HttpError> {
    Ok(HttpResponseOk(context.context().read(path.into_inner().id)))
}

#[endpoint { method = POST, path = "/api/users" }]
async fn create(
    context: Context,
    new: TypedBody<NewUser>,
) -> Result<HttpResponseCreated<User>, HttpError> {
    Ok(HttpResponseCreated(context.context().create(new.into_inner())))
}

#[endpoint { method = POST, path = "/upload", request_body_max_bytes = 200 * 1024 * 1024 }]
async fn upload(_: Context, content: StreamingBody) -> Result<HttpResponseOk<Uploaded>, HttpError> {
    let (mut pieces, mut bytes) = (std::pin::pin!(content.into_stream()), 0);
    while let Some(piece) = pieces.next().await {
        bytes += piece?.len() as u64;
    }
    Ok(HttpResponseOk(Uploaded { bytes }))
}

#[endpoint { method = GET, path = "/download/{length}" }]
async fn download(_: Context, path: Path<Length>) -> Result<Response<Body>, HttpError> {
    let length = path.into_inner().length;
    let answer = Response::builder().header(CONTENT_TYPE, "application/octet-stream");
    Ok(answer.header(CONTENT_LENGTH, length).body(Body::wrap(Zeros::new(length)))?)
}

/// One of the added routes.
async fn item(_: Context, path: Path<Id>) -> Result<HttpResponseOk<Greeting>, HttpError> {
    let _ = path.into_inner().id;
    Ok(HttpResponseOk(Greeting::hello()))
}

fn description(
    flags: &Flags,
) -> Result<ApiDescription<Users>, dropshot::ApiDescriptionRegisterError> {
    let mut api = ApiDescription::new();
    api.register(plaintext)?;
    api.register(json)?;
    api.register(read)?;
    api.register(create)?;
    api.register(upload)?;
    api.register(download)?;
    for (number, service) in flags.services().enumerate() {
        let (path, versions) = (format!("{service}/items/{{id}}"), ApiEndpointVersions::All);
        let name = format!("item{number}");
        api.register(ApiEndpoint::new(
            name,
            item,
            Method::GET,
            "application/json",
            &path,
            versions,
        ))?;
    }
    Ok(api)
}

fn main() -> Result<(), String> {
    let flags = Flags::read();
    flags.without_tls();
    let api = description(&flags).map_err(|error| error.to_string())?;
    let log = slog::Logger::root(slog::Discard, slog::o!());
    let config = ConfigDropshot { bind_address: flags.address(), ..ConfigDropshot::default() };
    flags.runtime().block_on(async {
        let server = ServerBuilder::new(api, Users::default(), log).config(config).start();
        let server = server.map_err(|error| error.to_string())?;
        flags.announce(server.local_addr());
        server.await
    })
}
