// C20: what no body can be made of is refused while compiling, not when it is sent.
use counterpart::prelude::*;

#[post("/uploads")]
pub async fn upload(body: Body) {
    drop(body);
}

api!(pub Uploads: upload);

fn main() {
    let client = UploadsClient::local(App::new().mount(Uploads));
    drop(client.upload("text"));
    drop(client.upload(7));
}
