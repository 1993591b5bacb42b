use counterpart::prelude::*;

mod users {
    use counterpart::prelude::*;

    #[get("/users/{id}")]
    async fn user(id: u64) -> u64 {
        id
    }
}

api!(All: users::user);

fn main() {}
