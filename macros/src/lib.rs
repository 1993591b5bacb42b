//! The attributes and derives of `counterpart`; their documentation stands at the re-exports there.
