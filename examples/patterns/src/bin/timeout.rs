//! A call that is given up in time: `cargo run --bin timeout -- http://127.0.0.1:8080/ 0.5`.

use std::time::Duration;

use counterpart::client::Client;

#[counterpart::main]
async fn main() -> counterpart::Result<()> {
    let ([url, seconds], []) = support::words::read(["URL", "SECONDS"], []);
    let limit = Duration::try_from_secs_f64(seconds.parse()?)?;
    match Client::default().get(url).timeout(limit).send().await {
        Ok(answer) => println!("{}", answer.status()),
        Err(fault) if fault.is_timeout() => println!("no answer within {seconds} s"),
        Err(fault) => return Err(fault.into()),
    }
    Ok(())
}
