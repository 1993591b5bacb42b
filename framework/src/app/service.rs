//! An app at work: from a request to the route, through the layers, and back.

use std::fmt;
use std::ops::Range;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use http::{HeaderValue, Method, StatusCode, header};

use crate::api::endpoint::Endpoint;
use crate::api::serve::{Arrival, Handling, Incoming, answer_panic};
use crate::api::states::States;
use crate::app::Layering;
use crate::app::access::Record;
use crate::app::assemble::put_around;
use crate::body::{BodyError, BodyErrorKind};
use crate::layers::around::of_fault;
use crate::message::{Request, Response};
use crate::problem::{Invalid, Place, Problem};
use crate::proto::h1::Expectation;
use crate::route::{Selected, Table, Template, normal};
use crate::service::{AnyService, Fault, Panic, Service, catch};
use crate::typed::failure::traceparent;
use crate::typed::{query, rejection};

/// An app that was put together: a service like any other.
#[derive(Clone)]
pub struct AppService {
    core: Arc<Core>,
    /// The layers around the core, where there are any: an app without pays nothing for them.
    layered: Option<AnyService>,
}

/// The table, and what answers where it has nothing.
pub(super) struct Core {
    pub(super) table: Table<Arc<Mounted>>,
    /// The longest prefix first.
    pub(super) fallbacks: Vec<Beyond>,
    pub(super) fallback: Option<AnyService>,
}

/// A route in its app.
pub(super) struct Mounted {
    pub(super) endpoint: &'static Endpoint,
    pub(super) template: Template,
    pub(super) states: Arc<States>,
    pub(super) body_limit: u64,
    pub(super) around: Stacks,
}

/// The layers of nested apps, the outermost first; each ends in an [`Inner`].
pub(super) type Stacks = Arc<[AnyService]>;

/// What answers below a prefix where no route does: the fallback of a nested app, or a service.
pub(super) struct Beyond {
    pub(super) prefix: String,
    pub(super) around: Stacks,
    pub(super) end: AnyService,
}

impl AppService {
    pub(super) fn new(core: Arc<Core>, layers: Vec<Layering>) -> Self {
        let inside = || AnyService::new(Bare(core.clone()));
        let layered = (!layers.is_empty()).then(|| put_around(layers, inside()));
        Self { core, layered }
    }
}

impl Service for AppService {
    const JUDGES_HEADS: bool = true;

    #[inline]
    fn call(&self, request: Request) -> impl Future<Output = Result<Response, Fault>> + Send {
        let record = Record::begin(&request);
        let step = match &self.layered {
            None => self.core.begin(request),
            Some(layered) => Step::Running(Run::of_service(layered, request)),
        };
        Answering { step, record }
    }
}

/// An answer that comes.
struct Answering<'a> {
    step: Step<'a>,
    record: Option<Record>,
}

impl Future for Answering<'_> {
    type Output = Result<Response, Fault>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let response = ready!(self.step.poll(cx));
        if let Some(record) = self.record.take() {
            record.end(&response);
        }
        Poll::Ready(Ok(response))
    }
}

/// The core alone, for the layers to stand around.
struct Bare(Arc<Core>);

impl Service for Bare {
    async fn call(&self, request: Request) -> Result<Response, Fault> {
        Ok(self.0.begin(request).finish().await)
    }
}

/// How far a request has come without waiting.
enum Step<'a> {
    /// There, until it is taken.
    Answered(Option<Response>),
    Running(Run<'a>),
}

/// Something that runs, and what is told of it if it panics.
struct Run<'a> {
    future: Handling<'a>,
    route: &'static str,
    traceparent: Option<Box<str>>,
}

impl<'a> Run<'a> {
    fn of_service(service: &'a AnyService, request: Request) -> Self {
        let traceparent = traceparent(&request.head.fields).map(Into::into);
        let future = Box::pin(async move { answer(service, request).await });
        Self { future, route: "", traceparent }
    }
}

async fn answer(service: &impl Service, request: Request) -> Response {
    service.call(request).await.unwrap_or_else(|fault| of_fault(&fault))
}

impl Step<'_> {
    fn answered(response: Response) -> Self {
        Self::Answered(Some(response))
    }

    #[inline]
    fn poll(&mut self, cx: &mut Context<'_>) -> Poll<Response> {
        match self {
            Self::Answered(response) => Poll::Ready(response.take().expect("polled once")),
            Self::Running(run) => match catch(|| run.future.as_mut().poll(cx)) {
                Ok(polled) => polled,
                Err(Panic(words)) => {
                    Poll::Ready(answer_panic(&words, run.traceparent.as_deref(), run.route))
                }
            },
        }
    }

    async fn finish(mut self) -> Response {
        std::future::poll_fn(|cx| self.poll(cx)).await
    }
}

impl Core {
    /// Finds the route, and refuses what the head alone shows: 404, 405, 413, 400 for a flood of keys, 417, in this
    /// order.
    #[inline(always)]
    fn begin(&self, request: Request) -> Step<'_> {
        let (path, is_plain) = request.plain_path_span();
        let bytes = request.path_bytes(path.clone());
        let node = if is_plain { self.table.find_plain(bytes) } else { self.table.find(bytes) };
        let Some(node) = node else { return self.unrouted(request) };
        match node.select(&request.head.method) {
            Selected::Route(route) => match refusal(&request, &path, route.body_limit) {
                Some(problem) => Step::answered(problem.into_response()),
                None => route.begin(request, path),
            },
            Selected::Options(allow) => Step::answered(options(allow.clone())),
            Selected::NotAllowed(allow) => Step::answered(
                rejection::method_not_allowed(request.head.method.as_str(), allow.clone())
                    .into_response(),
            ),
        }
    }

    fn unrouted(&self, request: Request) -> Step<'_> {
        // RFC 9110 §9.3.7: of the server as a whole, there is nothing to say but that it answers.
        if request.path() == "*" && request.head.method == Method::OPTIONS {
            return Step::answered(Response::new(StatusCode::NO_CONTENT));
        }
        if request.head.method == Method::CONNECT {
            return Step::answered(rejection::no_proxy().into_response());
        }
        // As routes are compared: else a prefix written otherwise would pass by what stands there.
        let path = normal(request.path().as_bytes());
        let below = |below: &&Beyond| {
            let rest = path.strip_prefix(below.prefix.as_bytes());
            rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(b"/"))
        };
        if let Some(below) = self.fallbacks.iter().find(below) {
            let end = End::Service(below.end.clone());
            return Step::Running(through(&below.around, end, request));
        }
        match &self.fallback {
            Some(fallback) => Step::Running(Run::of_service(fallback, request)),
            None => Step::answered(rejection::not_found(request.path()).into_response()),
        }
    }
}

fn options(allow: HeaderValue) -> Response {
    Response::new(StatusCode::NO_CONTENT).with_field(header::ALLOW, allow)
}

/// What is refused by the head alone.
#[inline]
pub(super) fn refusal(request: &Request, path: &Range<usize>, body_limit: u64) -> Option<Problem> {
    if request.body.length().is_some_and(|length| length > body_limit) {
        return Some(BodyError::from(BodyErrorKind::TooLarge { limit: body_limit }).into());
    }
    // Refused even where no route reads it: what is too much is never cut in silence.
    if let Err(error) = query::bounded(request.head.target.get(path.end..).unwrap_or_default()) {
        let detail = error.detail.into_owned();
        let flood = Invalid::new(Place::Query, String::new(), "syntax", detail);
        return Some(rejection::invalid(vec![flood]));
    }
    let unknown = Expectation::of(&request.head) == Expectation::Unknown;
    unknown.then(Problem::of_expectation)
}

impl Mounted {
    #[inline(always)]
    fn begin<'a>(self: &'a Arc<Self>, request: Request, path: Range<usize>) -> Step<'a> {
        if !self.around.is_empty() {
            return Step::Running(through(&self.around, End::Route(self.clone()), request));
        }
        let traceparent = traceparent(&request.head.fields).map(Into::into);
        let future = self.handle(request, path);
        Step::Running(Run { future, route: self.endpoint.name, traceparent })
    }

    #[inline(always)]
    fn handle(&self, request: Request, path: Range<usize>) -> Handling<'_> {
        let Self { endpoint, template, states, body_limit, .. } = self;
        let at = Arrival { endpoint, template, states, body_limit: *body_limit };
        (endpoint.handle)(Incoming::new(request, path, at))
    }
}

// ---- behind the layers of nested apps --------------------------------------------------------------

/// Where a request goes once it is through the layers; it travels with the request, as an extension.
#[derive(Clone)]
struct Journey {
    around: Stacks,
    passed: usize,
    end: End,
}

#[derive(Clone)]
enum End {
    Route(Arc<Mounted>),
    Service(AnyService),
}

fn through<'a>(around: &Stacks, end: End, mut request: Request) -> Run<'a> {
    let traceparent = traceparent(&request.head.fields).map(Into::into);
    let route = match &end {
        End::Route(route) => route.endpoint.name,
        End::Service(_) => "",
    };
    let journey = Journey { around: around.clone(), passed: 0, end };
    request.extensions.insert(journey);
    let future = Box::pin(async move { answer(&Inner, request).await });
    Run { future, route, traceparent }
}

/// What stands inside of a nested app's layers: the next layers, or the end of the journey.
pub(super) struct Inner;

impl Service for Inner {
    async fn call(&self, mut request: Request) -> Result<Response, Fault> {
        let Some(mut journey) = request.extensions.remove::<Journey>() else {
            // A layer that makes a request of its own sends it nowhere.
            return Ok(rejection::not_found(request.path()).into_response());
        };
        if let Some(next) = journey.around.get(journey.passed).cloned() {
            journey.passed += 1;
            request.extensions.insert(journey);
            return next.call(request).await;
        }
        let traceparent = traceparent(&request.head.fields).map(Into::into);
        let step = match &journey.end {
            End::Service(service) => Run::of_service(service, request),
            End::Route(route) => {
                // Layers may have changed the target.
                let path = request.path_span();
                let future = route.handle(request, path);
                Run { future, route: route.endpoint.name, traceparent }
            }
        };
        Ok(Step::Running(step).finish().await)
    }
}

impl fmt::Debug for AppService {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AppService").field("routes", &self.core.table.routes().count()).finish()
    }
}
