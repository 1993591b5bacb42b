//! What a route promises, as the macro writes it down.

use std::any::{TypeId, type_name};

use crate::api::serve::{Handling, Incoming};
use crate::problem::Place;
use crate::route::conflict::{Prefixes, START, Site, Sites, shape, with_method};

/// A route: everything that is known of it before a request comes.
#[derive(Debug)]
pub struct Endpoint {
    /// The method token.
    pub method: &'static str,
    /// The path template, without the prefixes that lists add.
    pub template: &'static str,
    /// The handler's name.
    pub name: &'static str,
    /// The handler's module.
    pub module: &'static str,
    /// The handler's file.
    pub file: &'static str,
    /// The line of its attribute.
    pub line: u32,
    /// Its doc comment.
    pub docs: &'static str,
    /// The largest body it takes, in bytes, if that is not the app's limit.
    pub body_limit: Option<u64>,
    /// What travels.
    pub inputs: &'static [Input],
    /// What the server must provide.
    pub needs: &'static [&'static [Need]],
    /// The handler.
    pub handle: for<'a> fn(Incoming<'a>) -> Handling<'a>,
}

/// One thing that travels to a handler.
#[derive(Debug)]
pub struct Input {
    /// The name on the wire.
    pub name: &'static str,
    /// The part of the request.
    pub place: Place,
    /// The name of its type.
    pub type_name: fn() -> &'static str,
}

/// A state that a route cannot do without.
#[derive(Debug, Clone, Copy)]
pub struct Need {
    /// Its type.
    pub id: TypeId,
    /// The name of its type.
    pub type_name: fn() -> &'static str,
}

/// What `api!` makes: a list of routes and of other lists.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no list of routes",
    label = "an app mounts lists",
    note = "list the routes first, `api!(pub Users: get_user, create_user);`, then mount the list: `.mount(Users)`"
)]
pub trait Api {
    /// The list.
    const LIST: &'static List;
}

/// A list of routes.
#[derive(Debug)]
pub struct List {
    /// Its name.
    pub name: &'static str,
    /// The file of its `api!`.
    pub file: &'static str,
    /// The line of its `api!`.
    pub line: u32,
    /// Routes and lists, in the order in which they were written.
    pub entries: &'static [Entry],
}

/// One entry of a list.
#[derive(Debug)]
pub enum Entry {
    /// A route.
    Route(&'static Endpoint),
    /// Another list, under a prefix.
    List(&'static str, &'static List),
}

impl Input {
    /// An input of this name, place and type.
    #[must_use]
    pub const fn new<T>(name: &'static str, place: Place) -> Self {
        Self { name, place, type_name: type_name::<T> }
    }
}

impl Need {
    /// The need of a `T`.
    #[must_use]
    pub const fn of<T: 'static>() -> Self {
        Self { id: TypeId::of::<T>(), type_name: type_name::<T> }
    }
}

impl List {
    /// How many routes there are, those of inner lists included.
    #[must_use]
    pub const fn count(&self) -> usize {
        let (mut count, mut at) = (0, 0);
        while at < self.entries.len() {
            count += match self.entries[at] {
                Entry::Route(_) => 1,
                Entry::List(_, list) => list.count(),
            };
            at += 1;
        }
        count
    }

    /// Calls `each` with every route and its prefix.
    pub fn for_each(&'static self, prefix: &str, each: &mut impl FnMut(&str, &'static Endpoint)) {
        for entry in self.entries {
            match entry {
                Entry::Route(endpoint) => each(prefix, endpoint),
                Entry::List(inner, list) => {
                    let inner = inner.trim_end_matches('/');
                    list.for_each(&format!("{prefix}{inner}"), each);
                }
            }
        }
    }

    const fn gather<const N: usize>(&self, prefix: u64, prefixes: Prefixes, sites: &mut Sites<N>) {
        let mut at = 0;
        while at < self.entries.len() {
            match self.entries[at] {
                Entry::Route(endpoint) => {
                    let hash = with_method(shape(prefix, endpoint.template), endpoint.method);
                    sites.add(hash, endpoint.site(prefixes));
                }
                Entry::List(inner, list) => {
                    list.gather(shape(prefix, inner), prefixes.with(inner), sites);
                }
            }
            at += 1;
        }
    }
}

impl Endpoint {
    /// Where it stands in the source, and under which prefixes.
    #[must_use]
    pub const fn site(&self, prefixes: Prefixes) -> Site {
        Site {
            method: self.method,
            prefixes,
            template: self.template,
            name: self.name,
            file: self.file,
            line: self.line,
        }
    }
}

/// Refuses a list in which two routes answer the same requests; `N` is [`List::count`].
///
/// # Panics
/// With all conflicts: in `const`, a compile error.
pub const fn refuse_conflicts<const N: usize>(list: &List) {
    let mut sites = Sites::<N>::new();
    list.gather(START, Prefixes::NONE, &mut sites);
    sites.refuse_conflicts();
}
