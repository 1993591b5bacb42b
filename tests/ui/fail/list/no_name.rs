use counterpart::prelude::*;

#[get("/users")]
async fn list() -> u64 {
    1
}

mod posts {
    use counterpart::prelude::*;

    #[get("/posts")]
    pub async fn list() -> u64 {
        1
    }

    api!(pub Posts: list);
}

api!(list, posts::list);

fn main() {}
