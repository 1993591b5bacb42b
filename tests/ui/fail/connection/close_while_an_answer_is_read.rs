// C23: a connection is not closed under an answer that is still read.
use counterpart::client::Connection;
use counterpart::{Fault, Request};

async fn closed(connection: &mut Connection, request: Request) -> Result<String, Fault> {
    let mut answer = connection.send(request).await?;
    connection.close();
    answer.text().await
}

fn main() {}
