use counterpart::prelude::*;

#[post("/users/{id}/{}", colour = "red", body_limit = "much")]
pub async fn create<T>(&self, user_id: &str, name: String, email: String, #[form] form: T) -> impl Serialize {
    let _ = (user_id, name, email, form);
    1
}

fn main() {}
