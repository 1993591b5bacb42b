//! The table: which route answers a method and a path.
//!
//! A path is matched by specificity (a literal before a parameter before the rest of a path), never by order;
//! then the node that was found decides by method, and no other node is tried: `DELETE /users/me`, where only
//! GET is declared, is 405 whatever `/users/{id}` has.

use http::{HeaderValue, Method};

use super::literals::Literals;
use super::template::{Template, normal};
use crate::text::find::find;

/// Routes by path and method: a tree of path segments.
#[derive(Debug)]
pub struct Table<T> {
    /// The first is the root, which stands for the first slash.
    nodes: Vec<Node<T>>,
}

/// What stands behind one slash of a path; the routes that end there.
#[derive(Debug)]
pub struct Node<T> {
    literals: Literals,
    parameter: Option<usize>,
    rest: Option<usize>,
    routes: Vec<(Method, T)>,
    allow: HeaderValue,
}

/// What a node has for a method.
#[derive(Debug, PartialEq, Eq)]
pub enum Selected<'t, T> {
    /// The route; HEAD is answered by GET's where it has none of its own.
    Route(&'t T),
    /// OPTIONS, where no route answers it: these are the methods.
    Options(&'t HeaderValue),
    /// None: these are the methods.
    NotAllowed(&'t HeaderValue),
}

impl<T> Table<T> {
    /// A table without routes.
    #[must_use]
    pub fn new() -> Self {
        Self { nodes: vec![Node::new()] }
    }

    /// Adds a route.
    ///
    /// # Errors
    /// Gives the route that has this method and path already, and changes nothing.
    pub fn insert(&mut self, method: Method, template: &Template, route: T) -> Result<(), &T> {
        let mut node = 0;
        for segment in template.pattern().split('/').skip(1) {
            node = self.child(node, segment);
        }
        let taken = self.nodes[node].routes.iter().position(|(taken, _)| *taken == method);
        match taken {
            Some(at) => Err(&self.nodes[node].routes[at].1),
            None => {
                self.nodes[node].push(method, route);
                Ok(())
            }
        }
    }

    /// The node of a path as it came, still percent-encoded.
    #[must_use]
    pub fn find(&self, path: impl AsRef<[u8]>) -> Option<&Node<T>> {
        self.find_plain(&normal(path.as_ref()))
    }

    /// The node of a path in which nothing is percent-encoded.
    #[must_use]
    #[inline(always)]
    pub(crate) fn find_plain(&self, path: &[u8]) -> Option<&Node<T>> {
        self.descend(&self.nodes[0], path.strip_prefix(b"/"))
    }

    /// Every route.
    pub fn routes(&self) -> impl Iterator<Item = &T> {
        self.nodes.iter().flat_map(|node| node.routes.iter().map(|(_, route)| route))
    }

    /// The node for what is left of a path: nothing, or all behind a slash. Tries the literal, then the
    /// parameter, then the rest, so it visits no node twice; it comes back only to where there is another way.
    fn descend<'t>(
        &'t self,
        mut node: &'t Node<T>,
        mut left: Option<&[u8]>,
    ) -> Option<&'t Node<T>> {
        while let Some(path) = left {
            let (segment, after) = match find(b'/', path) {
                Some(slash) => (&path[..slash], Some(&path[slash + 1..])),
                None => (path, None),
            };
            let down = |child: usize| self.descend(&self.nodes[child], after);
            let literal = node.literals.find(segment);
            let parameter = node.parameter.filter(|_| !segment.is_empty());
            let rest = node.rest.filter(|_| !path.is_empty()).map(|rest| &self.nodes[rest]);
            let ways = (literal, parameter, rest);
            let ((Some(next), None, None) | (None, Some(next), None)) = ways else {
                return literal.and_then(down).or_else(|| parameter.and_then(down)).or(rest);
            };
            (node, left) = (&self.nodes[next], after);
        }
        (!node.routes.is_empty()).then_some(node)
    }

    fn child(&mut self, node: usize, segment: &str) -> usize {
        let next = self.nodes.len();
        let parent = &mut self.nodes[node];
        let child = match segment {
            "{*}" => *parent.rest.get_or_insert(next),
            "{}" => *parent.parameter.get_or_insert(next),
            word => parent.literals.get_or_insert(word.as_bytes(), next),
        };
        if child == next {
            self.nodes.push(Node::new());
        }
        child
    }
}

impl<T> Default for Table<T> {
    fn default() -> Self {
        Self::new()
    }
}

impl<T> Node<T> {
    fn new() -> Self {
        Self {
            literals: Literals::default(),
            parameter: None,
            rest: None,
            routes: Vec::new(),
            allow: HeaderValue::from_static(""),
        }
    }

    fn push(&mut self, method: Method, route: T) {
        self.routes.push((method, route));
        let has = |method: &Method| self.routes.iter().any(|(taken, _)| taken == method);
        let mut allow: Vec<&str> = self.routes.iter().map(|(method, _)| method.as_str()).collect();
        if has(&Method::GET) && !has(&Method::HEAD) {
            allow.push("HEAD");
        }
        if !has(&Method::OPTIONS) {
            allow.push("OPTIONS");
        }
        allow.sort_unstable();
        // Method tokens are visible ASCII.
        self.allow =
            HeaderValue::from_str(&allow.join(", ")).unwrap_or_else(|_| self.allow.clone());
    }

    /// What this path has for a method.
    #[must_use]
    pub fn select(&self, method: &Method) -> Selected<'_, T> {
        let of = |method: &Method| {
            self.routes.iter().find(|(taken, _)| taken == method).map(|(_, route)| route)
        };
        let found = of(method).or_else(|| (*method == Method::HEAD).then(|| of(&Method::GET))?);
        match found {
            Some(route) => Selected::Route(route),
            None if *method == Method::OPTIONS => Selected::Options(&self.allow),
            None => Selected::NotAllowed(&self.allow),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table(routes: &[(Method, &'static str)]) -> Table<&'static str> {
        let mut table = Table::new();
        for (method, template) in routes {
            table.insert(method.clone(), &Template::new("", template), *template).unwrap();
        }
        table
    }

    fn found<'t>(
        table: &'t Table<&'static str>,
        method: &Method,
        path: &str,
    ) -> Option<Selected<'t, &'static str>> {
        table.find(path).map(|node| node.select(method))
    }

    /// T81: a path costs what it is long, whatever the routes are: here each of a thousand might still be meant at its
    /// last segment. (The bound is for a busy machine and no optimisation.)
    #[test]
    fn a_hostile_path_is_matched_at_once() {
        let mut table = Table::new();
        for shape in 0..1024 {
            let segments = (0..10).map(|at| if shape >> at & 1 == 0 { "/a" } else { "/{x}" });
            let template: String = segments.chain(["/end"]).collect();
            table.insert(Method::GET, &Template::new("", &template), shape).unwrap();
        }
        let deep = "/a".repeat(32 * 1024);
        let long = format!("{}/{}", "/a".repeat(10), "x".repeat(8 * 1024));
        let slashes = "/".repeat(64 * 1024);
        let begun = std::time::Instant::now();
        for path in [&deep, &long, &slashes].into_iter().cycle().take(30) {
            assert!(table.find(path).is_none());
        }
        assert!(begun.elapsed().as_secs() < 3, "{:?}", begun.elapsed());
        assert!(table.find("/a/b/a/b/a/b/a/b/a/b/end").is_some());
    }

    #[test]
    fn the_more_specific_route_wins_whatever_the_order() {
        let table = table(&[
            (Method::GET, "/users/{id}"),
            (Method::GET, "/users/me"),
            (Method::GET, "/users/{id}/posts"),
            (Method::GET, "/{*rest}"),
            (Method::GET, "/users/{*rest}"),
        ]);
        let get = |path| match found(&table, &Method::GET, path) {
            Some(Selected::Route(route)) => *route,
            other => panic!("{path}: {other:?}"),
        };
        assert_eq!(get("/users/me"), "/users/me");
        assert_eq!(get("/users/m"), "/users/{id}");
        assert_eq!(get("/users/me/posts"), "/users/{id}/posts");
        assert_eq!(get("/users/me/files"), "/users/{*rest}");
        assert_eq!(get("/other"), "/{*rest}");
        assert_eq!(get("/%75sers/%6De"), "/users/me");
    }

    #[test]
    fn a_node_decides_alone() {
        let table = table(&[
            (Method::GET, "/users/me"),
            (Method::DELETE, "/users/{id}"),
            (Method::POST, "/users/{name}"),
        ]);
        let allow = HeaderValue::from_static("GET, HEAD, OPTIONS");
        assert_eq!(found(&table, &Method::DELETE, "/users/me"), Some(Selected::NotAllowed(&allow)));
        assert_eq!(found(&table, &Method::OPTIONS, "/users/me"), Some(Selected::Options(&allow)));
        assert_eq!(found(&table, &Method::HEAD, "/users/me"), Some(Selected::Route(&"/users/me")));
        assert_eq!(
            found(&table, &Method::POST, "/users/7"),
            Some(Selected::Route(&"/users/{name}"))
        );
    }

    #[test]
    fn paths_match_exactly() {
        let table = table(&[(Method::GET, "/users"), (Method::GET, "/a/{id}"), (Method::GET, "/")]);
        for path in
            ["/users/", "//users", "/a/", "/a//", "users", "", "*", "/Users", "/a/b/", "/a/b/c"]
        {
            assert!(table.find(path).is_none(), "{path}");
        }
        assert!(table.find("/a/..").is_some(), "a parameter takes every segment but the empty one");
    }

    #[test]
    fn one_method_and_shape_is_taken_once() {
        let mut table = table(&[(Method::GET, "/u/{id}")]);
        let again = table.insert(Method::GET, &Template::new("/u", "/{name}"), "again");
        assert_eq!(again, Err(&"/u/{id}"));
    }
}
