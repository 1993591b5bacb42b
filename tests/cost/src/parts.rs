//! Parts of the way of a request, each alone.

use std::hint::black_box;
use std::sync::Arc;

use counterpart::http::Method;
use counterpart::private::PathWriter;
use counterpart::proto::h1::{Conn, Event, Limits, Server};
use counterpart::route::{Selected, Table, Template};
use counterpart::typed::query::Query;
use counterpart::typed::{json, path, query};

use crate::api::{Search, User, user};
use crate::requests::BROWSER;

/// The head of a browser's request, read by a new machine.
pub fn head(n: usize) {
    let limits = Arc::new(Limits::server());
    for _ in 0..n {
        let mut conn = Conn::<Server>::new(limits.clone());
        conn.input().extend_from_slice(black_box(BROWSER.as_bytes()));
        let Ok(Event::Head(head)) = conn.next_event() else { panic!("a whole head") };
        assert_eq!(black_box(head).fields.len(), 14);
    }
}

/// A path with a parameter, looked up among so many, and its parameter cut out.
pub fn route(routes: usize, n: usize) {
    let table = table(routes);
    let path = format!("/svc{}/items/4711", routes / 2);
    for _ in 0..n {
        let node = table.find(black_box(&path)).unwrap();
        let Selected::Route(template) = node.select(&Method::GET) else { panic!("its route") };
        assert_eq!(template.capture(path.as_bytes(), "id"), Some(&b"4711"[..]));
    }
}

/// So many routes, put into a table.
pub fn add_routes(n: usize) {
    black_box(table(n));
}

fn table(routes: usize) -> Table<Template> {
    let mut table = Table::new();
    for at in 0..routes {
        let template = Template::new("", &format!("/svc{at}/items/{{id}}"));
        table.insert(Method::GET, &template, template.clone()).unwrap();
    }
    table
}

pub fn json_read(n: usize) {
    let text = json::write(&user(7)).unwrap();
    for _ in 0..n {
        let user: User = json::read(black_box(&text)).unwrap();
        assert_eq!(black_box(user).age, 30);
    }
}

pub fn json_write(n: usize) {
    let user = user(7);
    for _ in 0..n {
        assert!(json::write(black_box(&user)).is_ok());
    }
}

pub fn path_read(n: usize) {
    for _ in 0..n {
        assert_eq!(path::read(black_box(b"4711")), Ok(4711_u64));
        assert_eq!(path::read(black_box(b"Ada%20Lovelace")), Ok("Ada Lovelace".to_owned()));
    }
}

pub fn path_write(n: usize) {
    for _ in 0..n {
        let path = PathWriter::new("/groups/{id}/members/{name}");
        let path = path.param("id", &black_box(4711_u64)).param("name", black_box("Ada Lovelace"));
        assert_eq!(path.finish(), "/groups/4711/members/Ada%20Lovelace");
    }
}

/// Three of the four words that stand in a query.
pub fn query_read(n: usize) {
    for _ in 0..n {
        let query = Query::parse(black_box("page=3&order=name&q=ada+love%6Cace&utm=x")).unwrap();
        assert_eq!(query.read("page"), Ok(Some(3_u32)));
        assert_eq!(query.read("order"), Ok("name".to_owned()));
        assert_eq!(query.read("q"), Ok("ada lovelace".to_owned()));
    }
}

/// The same three, as the members of a struct.
pub fn query_struct(n: usize) {
    for _ in 0..n {
        let query = Query::parse(black_box("page=3&order=name&q=ada+love%6Cace&utm=x")).unwrap();
        let search: Search = query.read("search").unwrap();
        assert_eq!((search.page, search.order.len(), search.q.len()), (Some(3), 4, 12));
    }
}

pub fn query_write(n: usize) {
    for _ in 0..n {
        let page = query::write("page", &black_box(Some(3_u32))).unwrap();
        let words = query::write("q", black_box("ada lovelace")).unwrap();
        assert!(query::encode(&page[0].1).to_string().len() == 1);
        assert!(query::encode(&words[0].1).to_string().len() == 14);
    }
}
