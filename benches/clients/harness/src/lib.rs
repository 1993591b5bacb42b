//! What every client program has in common: its flags, its tickets, its clocks, and the one line that it prints.
//!
//! A program makes a [`Tally`] of its [`Plan`], and `concurrency` tasks that each take a ticket, call, and give the
//! ticket back, until there is none. So what differs between two programs is the call alone.

mod plan;
mod tally;

use std::fmt::Display;
use std::process;

use api::Greeting;

pub use plan::Plan;
pub use tally::{Call, Tally};

/// The path that every client calls.
pub const PATH: &str = "/json";

/// Ends the program, unless this is the right answer.
pub fn check(greeting: &Greeting) {
    if greeting.message != api::HELLO {
        fail(format!("the answer says `{}`", greeting.message));
    }
}

/// Ends the program, as an answer is wrong or there is none.
pub fn fail(why: impl Display) -> ! {
    eprintln!("{why}");
    process::exit(1)
}
