//! Limits: how much of anything a peer may send.

use super::lenience::Lenience;

/// Bounds on what is read. Each has a default that honest traffic does not meet.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Limits {
    /// Bytes of a head, line and fields together. Default 32 KiB (431), as twice what browsers send
    /// with a full cookie jar; 256 KiB for responses.
    pub head: usize,
    /// Fields of a head. Default 100 (431); 256 for responses, as large sites pass 100.
    pub fields: usize,
    /// Bytes of a request target. Default 8 KiB (414), the least that RFC 9112 §3 asks for.
    pub target: usize,
    /// Bytes of a body. Default 2 MiB (413); none for responses. See `Conn::limit_body`.
    pub body: u64,
    /// Bytes of a chunk's size line. Default 256: a size is at most 16 digits; 16 KiB in responses.
    pub chunk_line: usize,
    /// Bytes of chunk extensions in one body. Default 16 KiB: nobody uses them but attackers.
    pub chunk_extensions: usize,
    /// Fields of a trailer section. Default 16; 100 in responses.
    pub trailer_fields: usize,
    /// Bytes of a trailer section. Default 4 KiB; 16 KiB in responses.
    pub trailer_bytes: usize,
    /// Interim responses before one final response. Default 100.
    pub interim: u8,
    /// Breaches of the grammar to put up with. Default none.
    pub lenient: Lenience,
}

impl Limits {
    /// The defaults for reading requests.
    #[must_use]
    pub const fn server() -> Self {
        Self {
            head: 32 * 1024,
            fields: 100,
            target: 8 * 1024,
            body: 2 * 1024 * 1024,
            chunk_line: 256,
            chunk_extensions: 16 * 1024,
            trailer_fields: 16,
            trailer_bytes: 4 * 1024,
            interim: 100,
            lenient: Lenience::NONE,
        }
    }

    /// The defaults for reading responses: a client asked for what it gets, so it takes more.
    #[must_use]
    pub const fn client() -> Self {
        Self {
            head: 256 * 1024,
            fields: 256,
            body: u64::MAX,
            chunk_line: 16 * 1024,
            trailer_fields: 100,
            trailer_bytes: 16 * 1024,
            ..Self::server()
        }
    }
}
