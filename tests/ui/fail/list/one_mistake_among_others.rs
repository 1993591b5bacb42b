use counterpart::prelude::*;

#[get("/users/{id}")]
async fn user(id: u64) -> u64 {
    id
}

#[get("/users")]
async fn users() -> u64 {
    1
}

api!(All: user, users::*, users);

async fn call(client: AllClient) {
    let _ = client.user(1).await;
    let _ = client.users().await;
}

fn main() {}
