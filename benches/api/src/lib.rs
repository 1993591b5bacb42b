//! What every program of the benchmarks speaks of: the types, the canned texts, the flags.
