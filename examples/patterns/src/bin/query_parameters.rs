//! A URL with parameters: `cargo run --bin query_parameters -- http://127.0.0.1:8080/search`.

use counterpart::client::Client;
use serde::Serialize;

#[derive(Serialize)]
struct Search<'a> {
    q: &'a str,
    page: u32,
    tag: Vec<&'a str>,
    author: Option<&'a str>,
}

#[counterpart::main]
async fn main() -> counterpart::Result<()> {
    let ([url], []) = support::words::read(["URL"], []);
    let search = Search { q: "tea & crêpes", page: 2, tag: vec!["hot", "new"], author: None };
    let request = Client::default().get(url).query(&search);
    println!("{}", request.target());
    print!("{}", request.send().await?.error_for_status()?.text().await?);
    Ok(())
}
