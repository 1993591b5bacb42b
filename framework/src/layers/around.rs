//! Middleware as a function: the request comes in, `next` runs all that is inside, the answer goes out.

use crate::message::{Request, Response};
use crate::problem::{Problem, code};
use crate::service::{AnyService, Fault, FaultKind, Service};
use crate::typed::reply::Reply;

/// All that is inside of a layer.
#[derive(Debug, Clone)]
pub struct Next(AnyService);

impl Next {
    /// All that is inside: a fault of it becomes the problem that the client would see.
    pub async fn run(self, request: Request) -> Response {
        self.0.call(request).await.unwrap_or_else(|fault| of_fault(&fault))
    }
}

/// A function around a service.
pub fn around<F, R>(function: F, inside: AnyService) -> impl Service
where
    F: AsyncLayer<Reply = R>,
    R: Reply,
{
    Around { function, inside: Next(inside) }
}

/// A function that can stand around an app: `async fn(Request, Next) -> impl Reply`.
#[diagnostic::on_unimplemented(
    message = "this function cannot stand around an app",
    label = "expected `async fn(Request, Next) -> Response`",
    note = "the function is `Fn`, its future is `Send`, and what it returns is an answer"
)]
pub trait AsyncLayer: Send + Sync + 'static {
    /// What the function returns.
    type Reply: Reply;

    /// Runs it.
    fn run(&self, request: Request, next: Next) -> impl Future<Output = Self::Reply> + Send;
}

#[diagnostic::do_not_recommend]
impl<F, U, R> AsyncLayer for F
where
    F: Fn(Request, Next) -> U + Send + Sync + 'static,
    U: Future<Output = R> + Send,
    R: Reply,
{
    type Reply = R;

    fn run(&self, request: Request, next: Next) -> impl Future<Output = R> + Send {
        self(request, next)
    }
}

struct Around<F> {
    function: F,
    inside: Next,
}

impl<F: AsyncLayer> Service for Around<F> {
    async fn call(&self, request: Request) -> Result<Response, Fault> {
        Ok(self.function.run(request, self.inside.clone()).await.reply())
    }
}

/// The problem for a fault inside of a server: 504 for a deadline, 503 for what is not there, else 500.
#[must_use]
pub fn of_fault(fault: &Fault) -> Response {
    let problem = match fault.kind() {
        FaultKind::Timeout(_) => {
            Problem::new(http::StatusCode::GATEWAY_TIMEOUT).code(code::TIMEOUT)
        }
        FaultKind::Unavailable => {
            Problem::new(http::StatusCode::SERVICE_UNAVAILABLE).code(code::UNAVAILABLE)
        }
        _ => Problem::internal(),
    };
    tracing::error!(target: "counterpart", "{}", crate::problem::chain(fault));
    problem.into_response()
}
