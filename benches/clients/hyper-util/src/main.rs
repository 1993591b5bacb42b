//! The client of `hyper-util`, which pools connections of hyper.

use std::sync::Arc;

use api::Greeting;
use bytes::Bytes;
use client_harness::{Plan, Tally, check, fail};
use http_body_util::{BodyExt, Empty};
use hyper::Uri;
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;

type Pooled = Client<HttpConnector, Empty<Bytes>>;

fn main() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    runtime.unwrap_or_else(|error| fail(error)).block_on(run(Plan::from_args()));
}

async fn run(plan: Plan) {
    let mut connector = HttpConnector::new();
    connector.set_nodelay(true);
    let client: Pooled = Client::builder(TokioExecutor::new()).build(connector);
    let uri: Uri = plan.target().parse().unwrap_or_else(|error| fail(error));
    let tally = Arc::new(Tally::new(&plan));
    let tasks = (0..plan.concurrency).map(|_| {
        let (client, uri, tally) = (client.clone(), uri.clone(), tally.clone());
        tokio::spawn(async move {
            while let Some(call) = tally.begin() {
                check(&get(&client, uri.clone()).await);
                tally.end(&call);
            }
        })
    });
    for task in tasks.collect::<Vec<_>>() {
        task.await.unwrap_or_else(|error| fail(error));
    }
    tally.report();
}

async fn get(client: &Pooled, uri: Uri) -> Greeting {
    let answer = client.get(uri).await.unwrap_or_else(|error| fail(error));
    if !answer.status().is_success() {
        fail(answer.status());
    }
    let content = answer.into_body().collect().await.unwrap_or_else(|error| fail(error));
    serde_json::from_slice(&content.to_bytes()).unwrap_or_else(|error| fail(error))
}
