#[counterpart::main]
fn main() {}
