//! Keeps what is sent to `/uploads/{id}`, and serves it below `/kept`: `cargo run --bin transfers -- --folder kept`.

use counterpart::files::Files;
use counterpart::prelude::*;
use transfers::uploads::{Transfers, Uploads};

#[counterpart::main]
async fn main() -> counterpart::Result<()> {
    let flags = support::flags::read(&[("folder", ".")]);
    let folder = flags.get("folder");
    let kept = Files::new(folder)?.listing(true);
    let app = App::new().state(Uploads(folder.into())).mount(Transfers).mount_at("/kept", kept);
    flags.serve(app).await
}
