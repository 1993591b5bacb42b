//! Downloads a file: `cargo run --bin fetch -- http://127.0.0.1:8080/kept/7 seven`.

use counterpart::client::Client;
use tokio::fs::File;
use transfers::download::download;

#[counterpart::main]
async fn main() -> counterpart::Result<()> {
    let ([url, name], []) = support::words::read(["URL", "FILE"], []);
    let mut file = File::create(name).await?;
    download(&Client::default(), &url, &mut file).await
}
