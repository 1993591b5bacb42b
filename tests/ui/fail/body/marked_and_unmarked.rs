use counterpart::prelude::*;

#[patch("/users/{id}")]
async fn change(id: u64, dry_run: bool, #[body] change: String) -> String {
    format!("{id} {dry_run} {change}")
}

fn main() {}
