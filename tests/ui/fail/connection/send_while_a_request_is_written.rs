// C22: a request that is begun is finished before the next.
use counterpart::client::{Connection, Length};
use counterpart::{Fault, Request};

async fn two(connection: &mut Connection, one: Request, two: Request) -> Result<(), Fault> {
    let writer = connection.start(one, Length::Unknown).await?;
    connection.send(two).await?;
    writer.finish().await?;
    Ok(())
}

fn main() {}
