//! Thousands of real records go in through the API, side by side, and come back as they were.

#![allow(clippy::unwrap_used, reason = "a test")]

mod common;

use std::collections::HashMap;

use users::{Db, User, UsersClient, app};

use common::{Program, folder, records::records};

const AT_ONCE: usize = 16;

async fn import_and_read_back(users: UsersClient) {
    let records = records();
    assert!(records.len() >= 10_000, "{} records", records.len());

    // In: each task takes its share; what is acknowledged is written down under its number.
    let mut tasks = Vec::new();
    for share in records.chunks(records.len().div_ceil(AT_ONCE)) {
        let (users, share) = (users.clone(), share.to_vec());
        tasks.push(tokio::spawn(async move {
            let mut made = Vec::new();
            for new in share {
                let user = users.create_user(new.clone()).await.unwrap();
                assert_eq!((&user.name, &user.email), (&new.name, &new.email));
                made.push(user.0);
            }
            made
        }));
    }
    let mut acknowledged = HashMap::new();
    for task in tasks {
        acknowledged.extend(task.await.unwrap().into_iter().map(|user| (user.id, user)));
    }
    assert_eq!(acknowledged.len(), records.len());

    // Out: page by page, each once, newest first.
    let read = all(&users).await;
    assert!(read.is_sorted_by(|newer, older| newer.id > older.id));
    assert_eq!(read.len(), records.len());
    for user in &read {
        assert_eq!(acknowledged.get(&user.id), Some(user));
    }
    let mut names: Vec<_> = read.iter().map(|user| (&user.name, &user.email)).collect();
    let mut expected: Vec<_> = records.iter().map(|new| (&new.name, &new.email)).collect();
    names.sort();
    expected.sort();
    assert_eq!(names, expected);
}

async fn all(users: &UsersClient) -> Vec<User> {
    let mut read = users.list_users().limit(500).await.unwrap();
    while let Some(last) = read.last() {
        let page = users.list_users().limit(500).after(last.id).await.unwrap();
        if page.is_empty() {
            break;
        }
        read.extend(page);
    }
    read
}

#[counterpart::test]
async fn in_process() {
    let folder = folder("import_local");
    let db = Db::open(folder.join("users.db")).await.unwrap();
    import_and_read_back(UsersClient::local(app(db))).await;
}

#[counterpart::test]
async fn over_a_socket() {
    let folder = folder("import_socket");
    let program = Program::start(&folder.join("users.db"));
    import_and_read_back(program.client()).await;
}
