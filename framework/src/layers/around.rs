//! Middleware as a function: the request comes in, `next` runs all that is inside, the answer goes out.

use crate::message::{Request, Response};
use crate::problem::Problem;
use crate::service::{AnyService, Fault, Service};
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

/// A function, or a layer such as [`Forwarded`](super::forwarded::Forwarded), around a service.
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

/// The answer where all that is inside gave none; the log has the cause.
#[must_use]
pub fn of_fault(fault: &Fault) -> Response {
    tracing::error!(target: "counterpart", "{}", crate::problem::chain(fault));
    Problem::from(fault).into_response()
}
