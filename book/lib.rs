//! The book: each chapter is a module whose fences run as doctests.
//!
//! Long listings are anchors in `examples/`, and run there; `tests/links.rs` checks that they exist.

#[doc = include_str!("src/01-hello.md")]
pub mod ch01_hello {}

#[doc = include_str!("src/02-a-route-is-a-promise.md")]
pub mod ch02_a_route_is_a_promise {}

#[doc = include_str!("src/03-bodies.md")]
pub mod ch03_bodies {}

#[doc = include_str!("src/04-saying-no.md")]
pub mod ch04_saying_no {}

#[doc = include_str!("src/05-state.md")]
pub mod ch05_state {}

#[doc = include_str!("src/06-testing-without-a-network.md")]
pub mod ch06_testing_without_a_network {}

#[doc = include_str!("src/07-the-list-the-item-the-patch.md")]
pub mod ch07_the_list_the_item_the_patch {}

#[doc = include_str!("src/08-calling-it.md")]
pub mod ch08_calling_it {}

#[doc = include_str!("src/09-out-of-the-door.md")]
pub mod ch09_out_of_the_door {}

#[doc = include_str!("src/10-life-of-a-request.md")]
pub mod ch10_life_of_a_request {}

#[doc = include_str!("src/11-the-machine.md")]
pub mod ch11_the_machine {}

#[doc = include_str!("src/12-by-hand.md")]
pub mod ch12_by_hand {}

#[doc = include_str!("src/13-defaults-and-why.md")]
pub mod ch13_defaults_and_why {}

#[doc = include_str!("src/15-the-client.md")]
pub mod ch15_the_client {}

#[doc = include_str!("src/14-https.md")]
pub mod ch14_https {}

#[doc = include_str!("src/16-files-and-downloads.md")]
pub mod ch16_files_and_downloads {}

#[doc = include_str!("src/17-coming-from-python.md")]
pub mod ch17_coming_from_python {}

#[doc = include_str!("src/18-why-it-is-fast.md")]
pub mod ch18_why_it_is_fast {}
