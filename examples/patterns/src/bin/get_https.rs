//! Gets a page over HTTPS: `cargo run --bin get_https -- https://example.com/ [CA-FILE]`.

use counterpart::client::{Client, Connector};
use counterpart::tls::ClientTls;

#[counterpart::main]
async fn main() -> counterpart::Result<()> {
    let ([url], [ca]) = support::words::read(["URL"], ["CA-FILE"]);
    let mut tls = ClientTls::new();
    if let Some(ca) = ca {
        tls = tls.roots_pem_file(ca)?;
    }
    let client = Client::default().with_connector(Connector::new().tls(tls));
    let mut answer = client.get(url).send().await?.error_for_status()?;
    println!("{} {}", answer.status(), answer.header("content-type").unwrap_or_default());
    print!("{}", answer.text().await?);
    Ok(())
}
