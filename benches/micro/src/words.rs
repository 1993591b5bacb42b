//! Values as words: in paths, queries and fields, both ways.

use counterpart::Fields;
use counterpart::http::{HeaderName, HeaderValue};
use counterpart::private::PathWriter;
use counterpart::route::Template;
use counterpart::typed::query::Query;
use counterpart::typed::{header, path, query};
use divan::black_box;

#[divan::bench]
fn path_read_number() -> u64 {
    path::read(black_box(b"4711")).unwrap()
}

#[divan::bench]
fn path_read_text() -> String {
    path::read(black_box(b"lovelace")).unwrap()
}

#[divan::bench]
fn path_read_encoded() -> String {
    path::read(black_box(b"Ada%20Lovelace")).unwrap()
}

#[divan::bench]
fn path_capture(bencher: divan::Bencher<'_, '_>) {
    let template = Template::new("/v1", "/groups/{group}/members/{name}");
    let path = black_box(b"/v1/groups/4711/members/ada");
    bencher.bench_local(|| (template.capture(path, "group"), template.capture(path, "name")));
}

#[divan::bench]
fn path_write() -> String {
    let path = PathWriter::new(black_box("/groups/{group}/members/{name}"));
    path.param("group", &4711_u64).param("name", black_box("Ada Lovelace")).finish()
}

const QUERY: &str = "page=3&order=name&q=ada+love%6Cace&utm=x&tag=a&tag=b";

#[divan::bench]
fn query_read_number() -> Option<u32> {
    Query::parse(black_box(QUERY)).unwrap().read("page").unwrap()
}

#[divan::bench]
fn query_read_encoded() -> String {
    Query::parse(black_box(QUERY)).unwrap().read("q").unwrap()
}

#[divan::bench]
fn query_read_list() -> Vec<String> {
    Query::parse(black_box(QUERY)).unwrap().read("tag").unwrap()
}

#[divan::bench]
fn query_read_absent() -> Option<u32> {
    Query::parse(black_box(QUERY)).unwrap().read("limit").unwrap()
}

#[derive(serde::Deserialize)]
#[expect(dead_code, reason = "read, and not looked at")]
struct Page {
    page: u32,
    order: Option<String>,
    q: Option<String>,
}

#[divan::bench]
fn query_read_struct() -> Page {
    Query::parse(black_box(QUERY)).unwrap().read("page").unwrap()
}

#[divan::bench]
fn query_write() -> String {
    let pairs = query::write("q", black_box("ada lovelace")).unwrap();
    query::encode(&pairs[0].1).to_string()
}

#[divan::bench]
fn header_read(bencher: divan::Bencher<'_, '_>) {
    let mut fields = Fields::new();
    for name in ["host", "accept", "x-request-id", "x-limit"] {
        fields.append(HeaderName::from_static(name), HeaderValue::from_static("4711"));
    }
    bencher.bench_local(|| header::read::<u64>(black_box(&fields), "x-limit").unwrap());
}

#[divan::bench]
fn header_write() -> Option<String> {
    header::write(&black_box(4711_u64)).unwrap()
}
