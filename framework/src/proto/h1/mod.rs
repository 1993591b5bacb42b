//! HTTP/1.1 (RFC 9112) as a machine that never touches a socket.
