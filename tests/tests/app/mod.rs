//! The app: routing, the order of answers, validation, layers, nesting, start-up.

mod answers;
mod layers;
mod start;
mod travel;
