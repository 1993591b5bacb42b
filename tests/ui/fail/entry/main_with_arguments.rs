#[counterpart::main(threads = 4)]
async fn main(arguments: Vec<String>) {}
