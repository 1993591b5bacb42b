//! Parts of the way of a request, each alone: times and allocations.
//!
//! `cargo bench -p micro` runs all of them, `cargo bench -p micro -- route` those with that word in their name. Whoever
//! wants counts of instructions that hold still takes `tests/cost/run` at the root of the repository.

mod chunks;
mod heads;
mod json;
mod routes;
mod words;

#[global_allocator]
static ALLOCATIONS: divan::AllocProfiler = divan::AllocProfiler::system();

fn main() {
    divan::main();
}
