//! Rules about a route's path and arguments together.

use std::collections::HashMap;

use syn::ext::IdentExt;

use crate::diagnostic::Diagnostics;
use crate::model::{Argument, MarkerKind, Role, Route};
use crate::names;

pub(super) fn arguments(route: &Route, diagnostics: &mut Diagnostics) {
    every_parameter_is_bound(route, diagnostics);
    one_body_at_most(route, diagnostics);
    the_method_takes_a_body(route, diagnostics);
    other_methods_need_markers(route, diagnostics);
    keys_differ(route, diagnostics);
}

fn every_parameter_is_bound(route: &Route, diagnostics: &mut Diagnostics) {
    let is_bound =
        |name: &str| route.arguments.iter().any(|argument| argument.name.unraw() == name);
    for parameter in &route.template.parameters {
        let name = &parameter.name;
        if is_bound(name) {
            continue;
        }
        let shown = if parameter.rest { format!("{{*{name}}}") } else { format!("{{{name}}}") };
        let argument = if syn::parse_str::<syn::Ident>(name).is_ok() {
            name.clone()
        } else {
            format!("r#{name}")
        };
        let way_out = match unbound_lookalike(route, name) {
            Some(other) => format!("rename `{other}` to `{argument}`"),
            None => format!("add `{argument}: …` to the arguments"),
        };
        diagnostics.blame_at(
            route.template.place,
            format!("`{shown}` is in the path but no argument is called `{argument}`; {way_out}"),
        );
    }
}

/// An argument that may have been meant: `user_id` or `_id` for `{id}`.
fn unbound_lookalike(route: &Route, name: &str) -> Option<String> {
    let candidates = route.arguments.iter().filter(|argument| {
        matches!(argument.role, Role::Query { .. } | Role::Body) && argument.markers.is_empty()
    });
    let mut names = candidates.map(|argument| argument.name.unraw().to_string());
    names.find(|other| other.ends_with(&format!("_{name}")) || name.ends_with(&format!("_{other}")))
}

fn bodies(route: &Route) -> Vec<&Argument> {
    route.arguments.iter().filter(|argument| argument.role == Role::Body).collect()
}

fn one_body_at_most(route: &Route, diagnostics: &mut Diagnostics) {
    let mut bodies = bodies(route);
    // What a refused marker meant is not known; that it is refused has been said.
    bodies.retain(|body| body.markers.iter().all(|m| m.kind != MarkerKind::Refused));
    let [first, rest @ ..] = bodies.as_slice() else { return };
    // If exactly one is marked, the others are the ones to settle.
    let marked = bodies.iter().find(|body| body.markers.iter().any(|m| m.kind == MarkerKind::Body));
    let body = *marked.unwrap_or(first);
    let others = bodies.iter().filter(|other| !std::ptr::eq(**other, body));
    for other in others.take(rest.len()) {
        let message = format!(
            "`{}` and `{}` would both be the body of a {}, which has one; put them in one struct, or mark one `#[query]` or `#[header(\"…\")]`, or `#[server]` if the server provides it",
            body.name, other.name, route.method
        );
        diagnostics.blame(&other.name, message);
    }
}

fn the_method_takes_a_body(route: &Route, diagnostics: &mut Diagnostics) {
    if !matches!(route.method.as_str(), "GET" | "HEAD") {
        return;
    }
    for body in bodies(route) {
        let Some(marker) = body.markers.iter().find(|m| m.kind == MarkerKind::Body) else {
            continue;
        };
        let message = format!(
            "a {} has no body; remove `#[body]`, which makes `{}` a query key, or use POST",
            route.method, body.name
        );
        diagnostics.blame(&marker.word, message);
    }
}

fn other_methods_need_markers(route: &Route, diagnostics: &mut Diagnostics) {
    let method = route.method.as_str();
    if method == "TRACE" || !names::METHODS.iter().any(|(_, known)| *known == method) {
        let unclear = route.arguments.iter().filter(|argument| {
            matches!(argument.role, Role::Query { .. }) && argument.markers.is_empty()
        });
        for argument in unclear {
            let message = format!(
                "under {method} it is not clear where `{}` travels; mark it `#[query]`, `#[header(\"…\")]` or `#[body]`",
                argument.name
            );
            diagnostics.blame(&argument.name, message);
        }
    }
}

fn keys_differ(route: &Route, diagnostics: &mut Diagnostics) {
    let mut seen = HashMap::new();
    for argument in &route.arguments {
        let key = match &argument.role {
            Role::Query { key } => ("query key", key.clone()),
            Role::Header { name } => ("header", name.to_ascii_lowercase()),
            _ => continue,
        };
        let text = argument.markers.iter().find_map(|marker| marker.text.as_ref());
        if key.1.is_empty() {
            if let (Some(text), "query key") = (text, key.0) {
                diagnostics
                    .blame(text, "a query key has a name; write it, such as `#[query(\"page\")]`");
            }
            continue;
        }
        let (kind, name) = key.clone();
        if let Some(first) = seen.insert(key, &argument.name) {
            let message = format!(
                "the {kind} `{name}` is read by `{first}` and by `{}`; take it once, as a `Vec` if it is repeated",
                argument.name
            );
            match text {
                Some(text) => diagnostics.blame(text, message),
                None => diagnostics.blame(&argument.name, message),
            }
        }
    }
}
