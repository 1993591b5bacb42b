use counterpart::prelude::*;

mod kinds {
    use counterpart::prelude::*;

    #[get("/one")]
    async fn one() -> u64 {
        1
    }

    #[get("/two")]
    async fn two() -> u64 {
        2
    }

    api!(pub Ones: one);
    api!(pub Twos: two);
}

api!(All: kinds::{Ones, Twos} at "/kinds");

fn main() {}
