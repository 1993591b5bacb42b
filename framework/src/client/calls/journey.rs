//! The journey of a call: from a request to the answer that its caller gets, with all that is done on the way.

use std::sync::Arc;
use std::time::Duration;

use http::{HeaderName, header};
use tokio::time::Instant;

use super::aim::Server;
use super::answer::Redirection;
use super::client::Inner;
use super::redirects::{Turn, drain};
use super::settings::{Asked, Plan};
use crate::body::Body;
use crate::drive::h1_client::CallTerms;
use crate::message::{Request, Response};
use crate::service::{Fault, FaultKind};
use crate::text::RequestHead;

/// How an answer was come by, as an extension of it.
#[derive(Debug, Clone, Default)]
pub(super) struct Trail {
    /// Whose answer it is.
    pub(super) url: String,
    pub(super) history: Vec<Redirection>,
    /// How often a request was made again.
    pub(super) retries: u32,
}

/// One leg of a journey: a request that may have to be sent again, there or elsewhere.
pub(super) struct Leg {
    pub(super) server: Server,
    pub(super) head: RequestHead,
    body: Body,
    /// The content is gone, so that it cannot be sent again.
    pub(super) spent: bool,
}

/// What bounds all legs of a call together.
struct Bounds {
    terms: CallTerms,
    until: Option<Instant>,
}

impl Inner {
    /// Makes a call, `layered` or not: one request, unless something is set or asked.
    ///
    /// This future is what most calls are made of, so what few have need of stands behind pointers.
    #[expect(clippy::manual_async_fn, reason = "that has room for each argument twice")]
    pub(super) fn carry(
        self: Arc<Self>,
        mut request: Request,
        layered: bool,
    ) -> impl Future<Output = Result<Response, Fault>> + Send + 'static {
        async move {
            if layered && let Some(layers) = &self.layers {
                return Box::pin(layers.call(self.clone(), request)).await;
            }
            if let Some(mistake) = request.target_mistake() {
                return Err(Fault::new(FaultKind::InvalidRequest, mistake));
            }
            if self.settings.is_some() || request.extensions.get::<Asked>().is_some() {
                return Box::pin(self.travel(request)).await;
            }
            let server = self.aim(&mut request.head)?;
            let terms = CallTerms::new(&self.transport.connector.terms, &request.extensions);
            let (head, body) = (&request.head, std::mem::take(&mut request.body));
            let response = self.transport.send(&server.origin, head, body, &terms).await;
            response.map_err(|fault| fault.in_call(&head.method, &server.url(&head.target)))
        }
    }

    /// Sends a request, and those to which its answers lead.
    async fn travel(&self, mut request: Request) -> Result<Response, Fault> {
        let plan = Plan::new(self.settings.as_deref(), request.extensions.remove());
        let Request { mut head, body, extensions, .. } = request;
        let bounds = Bounds::new(CallTerms::new(&self.transport.connector.terms, &extensions));
        let server = self.aim(&mut head)?.into_owned();
        self.put_fields(&mut head, &server);
        #[cfg(feature = "compression")]
        let undoes = plan.codings.ask(&mut head);
        let mut leg = Leg { server, head, body, spent: false };
        let mut trail = Trail { url: leg.url(), ..Trail::default() };
        let mut response = loop {
            let mut response = self.try_to_send(&mut leg, &bounds, &plan, &mut trail).await?;
            let turn = plan.redirects.turn(&leg, &response, trail.history.len());
            let Some(turn) = turn.map_err(|fault| leg.fault(fault))? else { break response };
            drain(std::mem::take(&mut response.body)).await;
            leg = leg.take(turn, &self.transport.connector.terms.trace.hidden);
            let url = std::mem::replace(&mut trail.url, leg.url());
            trail.history.push(Redirection { status: response.status, url });
        };
        if let Some(meter) = &plan.meter {
            response.body = meter.theirs(response.body);
        }
        #[cfg(feature = "compression")]
        if undoes {
            let undone = plan.codings.undo(&leg.head.method, &mut response);
            undone.map_err(|fault| leg.fault(fault))?;
        }
        if let Some(limit) = plan.max_body {
            response.body = response.body.limited(limit);
        }
        if plan.is_told {
            response.extensions.insert(trail);
        }
        Ok(response)
    }

    /// Sends one request, once or more.
    async fn try_to_send(
        &self,
        leg: &mut Leg,
        bounds: &Bounds,
        plan: &Plan,
        trail: &mut Trail,
    ) -> Result<Response, Fault> {
        let Some(retries) = &plan.retries else { return self.send(leg, bounds, plan).await };
        retries.begin();
        let mut made = 0;
        loop {
            let outcome = self.send(leg, bounds, plan).await;
            let is_safe = self.transport.connector.may_repeat(&leg.head);
            let wait = retries.wait(&outcome, is_safe, made);
            let wait = wait.filter(|wait| !leg.spent && bounds.allow(*wait) && retries.afford());
            let Some(wait) = wait else { return outcome };
            if let Ok(response) = outcome {
                drain(response.body).await;
            }
            tokio::time::sleep(wait).await;
            made += 1;
            trail.retries += 1;
        }
    }

    /// Sends one request, once.
    async fn send(&self, leg: &mut Leg, bounds: &Bounds, plan: &Plan) -> Result<Response, Fault> {
        let mut body = leg.content();
        if let Some(meter) = &plan.meter {
            body = meter.ours(body);
        }
        #[cfg(feature = "cookies")]
        let lent = plan.cookies.as_ref().map(|jar| jar.lend(leg));
        let (origin, terms) = (&leg.server.origin, bounds.terms());
        let response = self.transport.send(origin, &leg.head, body, &terms).await;
        #[cfg(feature = "cookies")]
        if let Some(lent) = lent {
            lent.settle(leg, response.as_ref().ok());
        }
        response.map_err(|fault| leg.fault(fault))
    }
}

impl Leg {
    pub(super) fn url(&self) -> String {
        self.server.url(&self.head.target)
    }

    /// The content for one sending.
    fn content(&mut self) -> Body {
        self.body.copy().unwrap_or_else(|| {
            self.spent = true;
            std::mem::take(&mut self.body)
        })
    }

    fn fault(&self, fault: Fault) -> Fault {
        fault.in_call(&self.head.method, &self.url())
    }

    /// The next leg. No credential crosses over to another server, nor those fields that are `hidden`.
    fn take(mut self, turn: Turn, hidden: &[HeaderName]) -> Self {
        if turn.method != self.head.method || turn.drops_content {
            self.leave_behind(&CONTENT);
            (self.body, self.spent) = (Body::empty(), false);
        }
        if *turn.server.origin != *self.server.origin {
            self.head.fields.remove_secrets();
            self.leave_behind(hidden);
            self.leave_behind(&PERSONAL);
        }
        self.head.method = turn.method;
        self.head.target = turn.target.into();
        self.server = turn.server;
        self.server.name_in(&mut self.head);
        self
    }

    fn leave_behind(&mut self, names: &[HeaderName]) {
        for name in names {
            self.head.fields.remove(name);
        }
    }
}

impl Bounds {
    fn new(terms: CallTerms) -> Self {
        Self { until: terms.total().and_then(|total| Instant::now().checked_add(total)), terms }
    }

    /// Whether there is time to wait so long.
    fn allow(&self, wait: Duration) -> bool {
        self.until.is_none_or(|until| until.saturating_duration_since(Instant::now()) > wait)
    }

    /// What holds for the next request, of what is left.
    fn terms(&self) -> CallTerms {
        let left = self.until.map(|until| until.saturating_duration_since(Instant::now()));
        self.terms.clone().with_total(left)
    }
}

/// Fields about content, which go with it.
const CONTENT: [HeaderName; 9] = [
    header::CONTENT_TYPE,
    header::CONTENT_LENGTH,
    header::CONTENT_ENCODING,
    header::CONTENT_LANGUAGE,
    header::CONTENT_LOCATION,
    header::CONTENT_RANGE,
    header::TRANSFER_ENCODING,
    header::TRAILER,
    header::EXPECT,
];
/// Fields that are for one server, besides its credentials.
const PERSONAL: [HeaderName; 3] = [header::HOST, header::ORIGIN, header::REFERER];
