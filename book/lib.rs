//! The book: each chapter is a module whose fences run as doctests.
