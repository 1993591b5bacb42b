//! Counterpart, as its users write it: routes by attributes, typed paths and bodies, the state by reference, problems,
//! every limit and deadline at its default. Nobody listens to its log, as the others have none.

use std::num::NonZeroUsize;

use api::{Flags, Greeting, HELLO, NewUser, Uploaded, User, Users, Zeros};
use counterpart::prelude::*;
use counterpart::server::Workers;

#[get("/plaintext")]
async fn plaintext() -> Text {
    HELLO.into()
}

#[get("/json")]
async fn json() -> Greeting {
    Greeting::hello()
}

#[get("/api/users/{id}")]
async fn read(id: u64, #[server] users: &Users) -> User {
    users.read(id)
}

#[post("/api/users")]
async fn create(new: NewUser, #[server] users: &Users) -> Created<User> {
    Created(users.create(new))
}

#[post("/upload", body_limit = "200 MiB")]
async fn upload(mut content: Body) -> Result<Uploaded, Problem> {
    let mut bytes = 0;
    while let Some(piece) = content.chunk().await? {
        bytes += piece.len() as u64;
    }
    Ok(Uploaded { bytes })
}

#[get("/download/{length}")]
async fn download(length: u64) -> Body {
    Body::wrap(Zeros::new(length))
}

/// One of the added routes.
#[get("/items/{id}")]
async fn item(id: u64) -> Greeting {
    let _ = id;
    Greeting::hello()
}

api!(Endpoints: plaintext, json, read, create, upload, download);
api!(Items: item);

fn main() -> counterpart::Result<()> {
    let flags = Flags::read();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(serve(flags))
}

async fn serve(flags: Flags) -> counterpart::Result<()> {
    let endpoints = App::new().state(Users::default()).mount(Endpoints);
    let app = flags
        .services()
        .fold(endpoints, |app, service| app.nest(&service, App::new().mount(Items)));
    let count = NonZeroUsize::new(flags.workers).unwrap_or(NonZeroUsize::MIN);
    let workers = with_tls(Workers::bind(flags.address()).await?.with_count(count), &flags)?;
    flags.announce(workers.local_addr());
    Ok(workers.serve(app.assemble()?).await?)
}

#[cfg(feature = "tls")]
fn with_tls(workers: Workers, flags: &Flags) -> counterpart::Result<Workers> {
    let Some((certificate, key)) = &flags.tls else { return Ok(workers) };
    let tls = counterpart::tls::ServerTls::pem_files(certificate, key)?;
    Ok(workers.with_tls(&tls))
}

#[cfg(not(feature = "tls"))]
fn with_tls(workers: Workers, flags: &Flags) -> counterpart::Result<Workers> {
    flags.without_tls();
    Ok(workers)
}
