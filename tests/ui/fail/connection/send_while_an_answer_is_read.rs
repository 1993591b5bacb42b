// C22, C23: the next request waits until the answer before it is done with.
use counterpart::client::Connection;
use counterpart::{Fault, Request};

async fn two(connection: &mut Connection, one: Request, two: Request) -> Result<(), Fault> {
    let mut first = connection.send(one).await?;
    let second = connection.send(two).await?;
    first.text().await?;
    drop(second);
    Ok(())
}

fn main() {}
