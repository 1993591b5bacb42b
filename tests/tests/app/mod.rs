//! The app: routing, the order of answers, validation, layers, nesting, start-up, logs.

mod answers;
mod layers;
mod logs;
mod start;
mod travel;
