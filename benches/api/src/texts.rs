//! What is said, ready-made.

/// The body of `GET /plaintext`, and the message of the greeting.
pub const HELLO: &str = "Hello, World!";

/// The body of `GET /json`.
pub const GREETING: &str = r#"{"message":"Hello, World!"}"#;

/// What is sent to `POST /api/users`; a canned server answers as if nothing else ever were.
pub const NEW_USER: &str = r#"{"name":"Ada","email":"ada@example.org","age":36}"#;

/// A piece of a download.
pub static ZEROS: &[u8] = &[0; 64 * 1024];
