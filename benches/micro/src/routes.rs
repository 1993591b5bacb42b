//! The route table, of so many routes: looking up, and being built.

use counterpart::http::Method;
use counterpart::route::{Table, Template};
use divan::{Bencher, black_box};

const ROUTES: [usize; 4] = [10, 100, 1000, 10_000];

/// So many routes of this shape, in which `#` is the number of the route.
fn templates(shape: &str, routes: usize) -> Vec<Template> {
    (0..routes).map(|at| Template::new("", &shape.replace('#', &at.to_string()))).collect()
}

fn table(templates: &[Template]) -> Table<usize> {
    let mut table = Table::new();
    for (at, template) in templates.iter().enumerate() {
        table.insert(Method::GET, template, at).unwrap();
    }
    table
}

/// Looks up a path, in which `#` is half of all; answers whether that is there.
fn look_up(bencher: Bencher<'_, '_>, shape: &str, routes: usize, path: &str, there: bool) {
    let table = table(&templates(shape, routes));
    let path = path.replace('#', &(routes / 2).to_string());
    assert_eq!(table.find(&path).is_some(), there);
    bencher.bench_local(|| table.find(black_box(&path)).map(|node| node.select(&Method::GET)));
}

#[divan::bench(args = ROUTES)]
fn literal(bencher: Bencher<'_, '_>, routes: usize) {
    look_up(bencher, "/service#/items", routes, "/service#/items", true);
}

#[divan::bench(args = ROUTES)]
fn parameter(bencher: Bencher<'_, '_>, routes: usize) {
    look_up(bencher, "/svc#/items/{id}", routes, "/svc#/items/4711", true);
}

#[divan::bench(args = ROUTES)]
fn rest(bencher: Bencher<'_, '_>, routes: usize) {
    look_up(bencher, "/files#/{*path}", routes, "/files#/a/b/c/d.html", true);
}

#[divan::bench(args = ROUTES)]
fn under_a_prefix(bencher: Bencher<'_, '_>, routes: usize) {
    look_up(bencher, "/api/v1/{tenant}/kind#", routes, "/api/v1/acme/kind#", true);
}

#[divan::bench(args = ROUTES)]
fn missed(bencher: Bencher<'_, '_>, routes: usize) {
    look_up(bencher, "/svc#/items/{id}", routes, "/other/items/4711", false);
}

#[divan::bench(args = ROUTES)]
fn encoded(bencher: Bencher<'_, '_>, routes: usize) {
    look_up(bencher, "/svc#/items/{id}", routes, "/svc#/%69tems/4711", true);
}

/// Of 64 KiB, the most that a head may have: as many segments as there can be.
#[divan::bench(args = ROUTES)]
fn hostile(bencher: Bencher<'_, '_>, routes: usize) {
    look_up(bencher, "/a/{x}/kind#", routes, &"/a".repeat(32 * 1024), false);
}

#[divan::bench(args = ROUTES)]
fn build(bencher: Bencher<'_, '_>, routes: usize) {
    let templates = templates("/svc#/items/{id}", routes);
    bencher.bench_local(|| table(black_box(&templates)));
}
