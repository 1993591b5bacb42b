//! Fields of one's own, a name and a password:
//! `cargo run --bin basic_auth -- http://127.0.0.1:8080/ ada secret`.

use counterpart::client::Client;

#[counterpart::main]
async fn main() -> counterpart::Result<()> {
    let ([url, user, password], []) = support::words::read(["URL", "USER", "PASSWORD"], []);
    let mut answer = Client::default()
        .get(url)
        .header("accept", "text/plain")
        .header("x-request-id", "7")
        .basic_auth(user, Some(&password))
        .send()
        .await?;
    println!("{}", answer.status());
    print!("{}", answer.text().await?);
    Ok(())
}
