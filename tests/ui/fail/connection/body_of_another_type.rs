// C20: content is what can become a body.
use counterpart::Request;
use counterpart::http::Method;

fn main() {
    let _ = Request::new(Method::POST, "/").with_body(42);
}
