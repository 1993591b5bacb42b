//! `reqwest`, without its default features: no TLS, no HTTP/2.

use std::sync::Arc;

use api::Greeting;
use client_harness::{Plan, Tally, check, fail};
use reqwest::{Client, Error};

fn main() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    runtime.unwrap_or_else(|error| fail(error)).block_on(run(Plan::from_args()));
}

async fn run(plan: Plan) {
    let client = Client::new();
    let url: Arc<str> = plan.target().into();
    let tally = Arc::new(Tally::new(&plan));
    let tasks = (0..plan.concurrency).map(|_| {
        let (client, url, tally) = (client.clone(), url.clone(), tally.clone());
        tokio::spawn(async move {
            while let Some(call) = tally.begin() {
                check(&get(&client, &url).await.unwrap_or_else(|error| fail(error)));
                tally.end(&call);
            }
        })
    });
    for task in tasks.collect::<Vec<_>>() {
        task.await.unwrap_or_else(|error| fail(error));
    }
    tally.report();
}

async fn get(client: &Client, url: &str) -> Result<Greeting, Error> {
    client.get(url).send().await?.error_for_status()?.json().await
}
