use counterpart::prelude::*;
use std::rc::Rc;

#[get("/")]
fn count() -> impl Future<Output = u64> {
    let kept = Rc::new(1);
    async move { *kept }
}

api!(All: count);

fn main() {}
