// C22: a request that is finished has no more content.
use counterpart::client::{Connection, Length};
use counterpart::{Fault, Request};

async fn late(connection: &mut Connection, request: Request) -> Result<(), Fault> {
    let mut writer = connection.start(request, Length::Unknown).await?;
    let answer = writer.finish().await?;
    writer.write("more").await?;
    drop(answer);
    Ok(())
}

fn main() {}
