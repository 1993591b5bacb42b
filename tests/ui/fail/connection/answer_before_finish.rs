// C22, C23: a request that is not finished has no answer.
use counterpart::client::{Connection, Length};
use counterpart::{Fault, Request};

async fn early(connection: &mut Connection, request: Request) -> Result<String, Fault> {
    let mut writer = connection.start(request, Length::Unknown).await?;
    writer.write("all of it").await?;
    writer.text().await
}

fn main() {}
