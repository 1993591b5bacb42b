//! `awc`, the client of actix, on the runtime of actix.

use std::rc::Rc;

use api::Greeting;
use awc::{Client, Connector};
use client_harness::{Plan, Tally, check, fail};

fn main() {
    actix_rt::System::new().block_on(run(Plan::from_args()));
}

async fn run(plan: Plan) {
    // Its own bound of connections would let calls wait for each other.
    let connector = Connector::new().limit(plan.concurrency);
    let client = Client::builder().connector(connector).finish();
    let url: Rc<str> = plan.target().into();
    let tally = Rc::new(Tally::new(&plan));
    let tasks = (0..plan.concurrency).map(|_| {
        let (client, url, tally) = (client.clone(), url.clone(), tally.clone());
        actix_rt::spawn(async move {
            while let Some(call) = tally.begin() {
                check(&get(&client, &url).await);
                tally.end(&call);
            }
        })
    });
    for task in tasks.collect::<Vec<_>>() {
        task.await.unwrap_or_else(|error| fail(error));
    }
    tally.report();
}

async fn get(client: &Client, url: &str) -> Greeting {
    let mut answer = client.get(url).send().await.unwrap_or_else(|error| fail(error));
    if !answer.status().is_success() {
        fail(answer.status());
    }
    answer.json().await.unwrap_or_else(|error| fail(error))
}
