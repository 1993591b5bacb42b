use counterpart::prelude::*;

#[derive(Serialize)]
pub struct OneWay {
    id: u64,
}

#[get("/one-way")]
async fn one_way() -> OneWay {
    OneWay { id: 1 }
}

api!(All: one_way);

async fn call(client: AllClient) {
    let _ = client.one_way().await;
}

fn main() {}
