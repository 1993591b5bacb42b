use counterpart::prelude::*;

mod one {
    use counterpart::prelude::*;

    #[get("/a")]
    pub async fn get_a() {}

    #[delete("/b")]
    pub async fn delete_b() {}
}

mod other {
    use counterpart::prelude::*;

    #[get("/a")]
    pub async fn also_a() {}

    #[delete("/b")]
    pub async fn also_b() {}
}

api!(All: one::{get_a, delete_b}, other::{also_a, also_b});

fn main() {}
