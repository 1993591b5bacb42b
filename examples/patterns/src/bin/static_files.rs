//! The files of a folder: `cargo run --bin static_files -- --directory book`.

use counterpart::files::Files;

#[counterpart::main]
async fn main() -> counterpart::Result<()> {
    let flags = support::flags::read(&[("directory", ".")]);
    let files = Files::new(flags.get("directory"))?.listing(true);
    flags.serve_by_hand(files).await
}
