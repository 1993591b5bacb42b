//! The app: routing, the order of answers, validation, layers, nesting, start-up, several runtimes.

mod answers;
mod codings;
mod content;
mod detach;
mod layers;
mod mounted;
mod runtimes;
mod start;
mod traps;
mod travel;
