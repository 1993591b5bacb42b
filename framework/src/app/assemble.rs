//! Putting an app together: every list and nested app becomes one table, and all that is wrong is told at once.

use std::any::TypeId;
use std::fmt;
use std::ops::Deref;
use std::sync::Arc;

use http::Method;

use crate::api::endpoint::Endpoint;
use crate::api::states::States;
use crate::app::mounted::Below;
use crate::app::service::{AppService, Beyond, Core, Inner, Mounted, Stacks};
use crate::app::{App, Layering, Mount};
use crate::route::{Table, Template};
use crate::service::AnyService;

/// Why an app cannot start: all reasons, each with its way out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StartError {
    reasons: Vec<String>,
}

impl StartError {
    /// Each reason.
    #[must_use]
    pub fn reasons(&self) -> &[String] {
        &self.reasons
    }
}

impl fmt::Display for StartError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.reasons[..] {
            [one] => write!(f, "the app cannot start: {one}"),
            several => {
                write!(f, "the app cannot start, for {} reasons:", several.len())?;
                several.iter().try_for_each(|reason| write!(f, "\n  - {reason}"))
            }
        }
    }
}

impl std::error::Error for StartError {}

impl App {
    /// Puts the app together: into a service that a server, a client or a test can call.
    ///
    /// `serve`, `run` and `local` do it by themselves.
    ///
    /// # Errors
    /// With everything that is wrong: routes of two lists in each other's place, states that were never given.
    pub fn assemble(self) -> Result<AppService, StartError> {
        let mut assembly = Assembly::default();
        let (layers, fallback) = assembly.take(self, "", &States::default(), &Stacks::default());
        assembly.fallbacks.sort_by_key(|below| std::cmp::Reverse(below.prefix.len()));
        let reasons = assembly.reasons();
        if !reasons.is_empty() {
            return Err(StartError { reasons });
        }
        let core = Core { table: assembly.table, fallbacks: assembly.fallbacks, fallback };
        Ok(AppService::new(Arc::new(core), layers))
    }
}

#[derive(Default)]
struct Assembly {
    table: Table<Arc<Mounted>>,
    fallbacks: Vec<Beyond>,
    conflicts: Vec<String>,
    /// Each missing state's name, and the routes that need it.
    missing: Vec<(TypeId, &'static str, Vec<&'static Endpoint>)>,
}

impl Assembly {
    /// Adds all of an app but its own layers and fallback, which it gives back.
    fn take(
        &mut self,
        app: App,
        prefix: &str,
        outer: &States,
        around: &Stacks,
    ) -> (Vec<Layering>, Option<AnyService>) {
        let mut states = app.states;
        states.inherit(outer);
        let states = Arc::new(states);
        let body_limit = app.body_limit.unwrap_or(BODY_LIMIT);
        for mount in app.mounts {
            match mount {
                Mount::List(list) => list.for_each(prefix, &mut |prefix, endpoint| {
                    let template = Template::new(prefix, endpoint.template);
                    let states = states.clone();
                    let body_limit = endpoint.body_limit.unwrap_or(body_limit);
                    let around = around.clone();
                    self.insert(Mounted { endpoint, template, states, body_limit, around });
                }),
                Mount::App(inner, mut app) => {
                    let prefix = format!("{prefix}{inner}");
                    let body_limit = app.body_limit.unwrap_or(body_limit);
                    app.body_limit = Some(body_limit);
                    self.nest(app, &prefix, &states, around);
                }
                Mount::Service(inner, service) => {
                    let prefix = format!("{prefix}{inner}");
                    let end = AnyService::new(Below::new(&prefix, *service, body_limit));
                    self.fallbacks.push(Beyond { prefix, around: around.clone(), end });
                }
            }
        }
        (app.layers, app.fallback)
    }

    /// A nested app: its layers stand behind the table, within those of the apps around it.
    fn nest(&mut self, mut app: App, prefix: &str, outer: &States, around: &Stacks) {
        let mut around = around.to_vec();
        let layers = std::mem::take(&mut app.layers);
        if !layers.is_empty() {
            around.push(put_around(layers, AnyService::new(Inner)));
        }
        let around = Stacks::from(around);
        let (_, fallback) = self.take(app, prefix, outer, &around);
        if let Some(end) = fallback {
            self.fallbacks.push(Beyond { prefix: prefix.into(), around, end });
        }
    }

    fn insert(&mut self, route: Mounted) {
        for need in route.endpoint.needs.iter().copied().flatten() {
            if !route.states.has(need.id) {
                self.miss(need.id, (need.type_name)(), route.endpoint);
            }
        }
        // The macro has checked the token.
        let method = Method::from_bytes(route.endpoint.method.as_bytes()).unwrap_or_default();
        let (new, template) = (route.endpoint, route.template.clone());
        if let Err(taken) = self.table.insert(method, &template, Arc::new(route)) {
            let (method, path) = (new.method, template.as_str());
            let (one, other) = (place(taken.endpoint), place(new));
            let way_out = "change the path or the method of one, or mount one list alone";
            self.conflicts
                .push(format!("`{method} {path}` is answered by {one} and by {other}; {way_out}"));
        }
    }

    fn miss(&mut self, id: TypeId, name: &'static str, route: &'static Endpoint) {
        match self.missing.iter_mut().find(|(missing, ..)| *missing == id) {
            Some((_, _, routes)) if routes.iter().any(|known| std::ptr::eq(*known, route)) => {}
            Some((_, _, routes)) => routes.push(route),
            None => self.missing.push((id, name, vec![route])),
        }
    }

    fn reasons(&mut self) -> Vec<String> {
        let missing = self.missing.iter().map(|(_, name, routes)| {
            let shown: Vec<String> = routes.iter().take(3).map(|route| place(route)).collect();
            let more = match routes.len() - shown.len() {
                0 => String::new(),
                more => format!(" and {more} more"),
            };
            let needs = if routes.len() == 1 { "needs" } else { "need" };
            let shown = shown.join(", ");
            format!("the state `{name}` was never given, and {shown}{more} {needs} it; add `.state(…)` with one")
        });
        self.conflicts.drain(..).chain(missing).collect()
    }
}

/// Layers around a service, the first outermost.
pub(super) fn put_around(layers: Vec<Layering>, inside: AnyService) -> AnyService {
    layers.into_iter().rev().fold(inside, |inside, layer| layer(inside))
}

/// 2 MiB.
const BODY_LIMIT: u64 = 2 * 1024 * 1024;

fn place(endpoint: &Endpoint) -> String {
    format!("`{}` ({}:{})", endpoint.name, endpoint.file, endpoint.line)
}

/// One route of an app.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct RouteInfo {
    /// The method token.
    pub method: &'static str,
    /// The full path template.
    pub path: String,
    /// The handler's name.
    pub name: &'static str,
    /// The handler's module.
    pub module: &'static str,
    /// The handler's file.
    pub file: &'static str,
    /// The line of its attribute.
    pub line: u32,
}

/// The routes of an app, in the order in which they were mounted; displayed, a line each.
#[derive(Debug, Clone, Default)]
pub struct Routes(Vec<RouteInfo>);

impl Routes {
    pub(super) fn of(app: &App) -> Self {
        let mut routes = Self::default();
        routes.add(app, "");
        routes
    }

    fn add(&mut self, app: &App, prefix: &str) {
        for mount in &app.mounts {
            match mount {
                // Which paths it answers, only the service knows.
                Mount::Service(..) => {}
                Mount::App(inner, app) => self.add(app, &format!("{prefix}{inner}")),
                Mount::List(list) => list.for_each(prefix, &mut |prefix, endpoint| {
                    let path = Template::new(prefix, endpoint.template).as_str().to_owned();
                    let Endpoint { method, name, module, file, line, .. } = *endpoint;
                    self.0.push(RouteInfo { method, path, name, module, file, line });
                }),
            }
        }
    }
}

impl Deref for Routes {
    type Target = [RouteInfo];

    fn deref(&self) -> &[RouteInfo] {
        &self.0
    }
}

impl fmt::Display for Routes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let width = |of: fn(&RouteInfo) -> usize| self.iter().map(of).max().unwrap_or(0);
        let (method, path) = (width(|route| route.method.len()), width(|route| route.path.len()));
        for (index, route) in self.iter().enumerate() {
            let line = if index == 0 { "" } else { "\n" };
            let RouteInfo { method: verb, path: way, name, .. } = route;
            write!(f, "{line}{verb:method$}  {way:path$}  {name}")?;
        }
        Ok(())
    }
}
