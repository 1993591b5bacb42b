//! One client on several runtimes: what `#[counterpart::test]`s that share a static client do.

use std::thread;

use counterpart::prelude::*;
use tokio::runtime::{Builder, Runtime};

#[get("/number/{number}")]
fn number(number: u32) -> u32 {
    number
}

api!(Numbers: number);

fn runtime() -> Runtime {
    Builder::new_current_thread().enable_all().build().unwrap()
}

#[test]
fn a_client_outlives_the_runtimes_it_was_used_on() {
    let server = Runtime::new().unwrap();
    let bound = server.block_on(App::new().mount(Numbers).bind("127.0.0.1:0")).unwrap();
    let client = NumbersClient::http(&bound.url()).unwrap();
    server.spawn(bound.serve_until(std::future::pending()));

    for round in 0..5 {
        assert_eq!(runtime().block_on(client.number(round)).unwrap(), round);
    }
    let threads = [0, 1, 2, 3].map(|start| {
        let client = client.clone();
        thread::spawn(move || {
            for round in start..start + 20 {
                let runtime = runtime();
                assert_eq!(runtime.block_on(client.number(round)).unwrap(), round);
                assert_eq!(runtime.block_on(client.number(round)).unwrap(), round);
            }
        })
    });
    for thread in threads {
        thread.join().unwrap();
    }
}
