//! Counterpart's typed client, made by the macro; with `--raw` one [`Connection`] by hand for each call under way.

#![allow(dead_code, reason = "what is a client alone mounts nothing")]

use std::sync::Arc;

use api::Greeting;
use client_harness::{PATH, Plan, Tally, check, fail};
use counterpart::Fault;
use counterpart::client::Connection;
use counterpart::http::Method;
use counterpart::prelude::*;

/// The route as a server would have it: its client is what is measured here.
#[get("/json")]
async fn json() -> Greeting {
    Greeting::hello()
}

api!(Greetings: json);

fn main() {
    let (plan, is_raw) = Plan::from_args_and("--raw");
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let runtime = runtime.unwrap_or_else(|error| fail(error));
    let tally = Arc::new(Tally::new(&plan));
    match is_raw {
        true => runtime.block_on(run_raw(&plan, &tally)),
        false => runtime.block_on(run(&plan, &tally)),
    }
    tally.report();
}

async fn run(plan: &Plan, tally: &Arc<Tally>) {
    let client = GreetingsClient::http(&plan.url).unwrap_or_else(|fault| fail(fault));
    let tasks = (0..plan.concurrency).map(|_| {
        let (client, tally) = (client.clone(), tally.clone());
        tokio::spawn(async move {
            while let Some(call) = tally.begin() {
                check(&client.json().await.unwrap_or_else(|error| fail(error)));
                tally.end(&call);
            }
        })
    });
    for task in tasks.collect::<Vec<_>>() {
        task.await.unwrap_or_else(|error| fail(error));
    }
}

async fn run_raw(plan: &Plan, tally: &Arc<Tally>) {
    let tasks = (0..plan.concurrency).map(|_| {
        let (authority, tally) = (plan.authority().to_owned(), tally.clone());
        tokio::spawn(async move {
            let connection = Connection::connect(&authority).await;
            let mut connection = connection.unwrap_or_else(|fault| fail(fault));
            while let Some(call) = tally.begin() {
                check(&get(&mut connection).await.unwrap_or_else(|fault| fail(fault)));
                tally.end(&call);
            }
        })
    });
    for task in tasks.collect::<Vec<_>>() {
        task.await.unwrap_or_else(|error| fail(error));
    }
}

async fn get(connection: &mut Connection) -> Result<Greeting, Fault> {
    let answer = connection.send(Request::new(Method::GET, PATH)).await?;
    answer.error_for_status()?.json().await
}
