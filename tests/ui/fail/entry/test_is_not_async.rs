#[counterpart::test]
fn nothing<T>() {}

fn main() {}
