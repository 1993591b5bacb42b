//! The sans-IO ground: protocols as machines that are fed bytes and give events.

pub mod h1;
