//! The client's paths: typed calls, by as many tasks as there are connections, answered by a peer on the same thread.

use counterpart::typed::json::write;
use tokio::runtime::Builder;
use tokio::task::{JoinSet, yield_now};

use crate::api::{Greeting, ServiceClient, user};
use crate::peer::{CONNECTIONS, Canned};

pub fn json(n: usize) {
    let answer = Greeting { message: "Hello, World!".into() };
    call(n, &write(&answer).unwrap(), greetings);
}

pub fn get_user(n: usize) {
    call(n, &write(&user(7)).unwrap(), users);
}

async fn greetings(client: ServiceClient, n: usize) {
    for _ in 0..n {
        assert_eq!(client.json().await.unwrap().message, "Hello, World!");
    }
}

async fn users(client: ServiceClient, n: usize) {
    for _ in 0..n {
        assert_eq!(client.get_user(7).await.unwrap().age, 30);
    }
}

/// Makes so many calls: `some` makes those of one task.
fn call<F>(n: usize, answer: &[u8], some: fn(ServiceClient, usize) -> F)
where
    F: Future<Output = ()> + Send + 'static,
{
    let runtime = Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let mut canned = Canned::new(answer);
        let client = ServiceClient::http(&format!("http://{}", canned.address())).unwrap();
        let mut tasks: JoinSet<()> =
            (0..CONNECTIONS).map(|_| some(client.clone(), n / CONNECTIONS)).collect();
        while !tasks.is_empty() {
            while tasks.try_join_next().is_some_and(|done| done.is_ok()) {}
            canned.answer();
            yield_now().await;
        }
    });
}
