//! The server and the client over wires: in memory where time is moved by hand, over TCP where others call.

mod bodies;
mod cycles;
mod house;
