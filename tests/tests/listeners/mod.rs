//! Where a server listens, how it begins and how it ends.

mod unix;
