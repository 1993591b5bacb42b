//! Thousands of real records go in by the client program and come back as they were.

#![allow(clippy::unwrap_used, reason = "a test")]

mod common;

use std::fs;
use std::path::Path;
use std::time::{Duration, Instant};

use users::{NewUser, User};

use common::{Program, folder, postgres, records::records, said, sqlite, users_client};

fn write_ndjson(path: &Path, records: &[NewUser]) {
    let lines: String =
        records.iter().map(|new| serde_json::to_string(new).unwrap() + "\n").collect();
    fs::write(path, lines).unwrap();
}

fn write_csv(path: &Path, records: &[NewUser]) {
    let mut csv = csv::Writer::from_path(path).unwrap();
    csv.write_record(["email", "name", "bio"]).unwrap();
    for NewUser { name, email, bio } in records {
        csv.write_record([email, name, bio.as_deref().unwrap_or_default()]).unwrap();
    }
    csv.flush().unwrap();
}

fn read_ndjson(text: &str) -> Vec<User> {
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

/// Exported, they are the records: each once, newest first.
fn assert_exported(url: &str, folder: &Path, records: &[NewUser]) {
    let file = folder.join("out.ndjson");
    let (code, _, errors) = said(url, &["export", file.to_str().unwrap()]);
    assert_eq!(code, 0, "{errors}");
    let read = read_ndjson(&fs::read_to_string(file).unwrap());
    assert!(read.is_sorted_by(|newer, older| newer.id > older.id));
    let mut read: Vec<_> = read.iter().map(|u| (&u.name, &u.email, &u.bio)).collect();
    let mut expected: Vec<_> =
        records.iter().map(|new| (&new.name, &new.email, &new.bio)).collect();
    read.sort();
    expected.sort();
    assert!(read == expected, "{} exported of {}", read.len(), expected.len());
}

fn import(url: &str, file: &Path) -> String {
    let (code, _, errors) = said(url, &["import", file.to_str().unwrap()]);
    assert_eq!(code, 0, "{errors}");
    errors
}

fn real_records_come_back(database: &str, folder: &Path) {
    let mut records = records();
    assert!(records.len() >= 10_000, "{} records", records.len());
    records[0].bio = Some("of two\nlines, \"quoted\"".into());
    let (ndjson, csv) = (folder.join("in.ndjson"), folder.join("in.csv"));
    write_ndjson(&ndjson, &records);
    write_csv(&csv, &records);

    let program = Program::start(database);
    let all = format!("{} created, 0 there already, 0 refused", records.len());
    let said = import(&program.url, &csv);
    assert!(said.contains(&all), "{said}");
    assert_exported(&program.url, folder, &records);
    let none = format!("0 created, {} there already, 0 refused", records.len());
    let said = import(&program.url, &ndjson);
    assert!(said.contains(&none), "{said}");
    assert_exported(&program.url, folder, &records);
    // An export is an import.
    import(&program.url, &folder.join("out.ndjson"));
}

/// The number of the user made last; 0 before there is one.
fn newest(program: &Program) -> u64 {
    let (code, output, errors) = said(&program.url, &["list", "--limit", "1"]);
    assert_eq!(code, 0, "{errors}");
    output.lines().next().map_or(0, |line| serde_json::from_str::<User>(line).unwrap().id)
}

/// Killed again and again, the client goes on where it was; killed too, so does the server.
fn kill_9_loses_and_doubles_nothing(database: &str, folder: &Path) {
    let records = &records()[..6_000];
    let file = folder.join("in.ndjson");
    write_ndjson(&file, records);
    let mut program = Program::start(database);
    for round in 0..4 {
        let file = file.to_str().unwrap();
        let before = newest(&program);
        let mut client = users_client(&program.url)
            .args(["import", file])
            .stderr(std::process::Stdio::null())
            .spawn()
            .unwrap();
        // Killed in the midst: some rows of this round are in, and most of the file is not.
        while newest(&program) < before + 300 {
            assert!(
                client.try_wait().unwrap().is_none(),
                "the import was over before it was killed"
            );
        }
        if round % 2 == 0 {
            client.kill().unwrap();
            client.wait().unwrap();
        } else {
            program.kill();
            assert_ne!(client.wait().unwrap().code(), Some(0));
            program = Program::start(database);
        }
    }
    import(&program.url, &file);
    assert_exported(&program.url, folder, records);
}

#[test]
fn real_records_come_back_from_sqlite() {
    let database = sqlite("import");
    real_records_come_back(&database, Path::new(&database).parent().unwrap());
}

#[counterpart::test]
async fn real_records_come_back_from_postgres() {
    let Some(database) = postgres("import").await else { return };
    real_records_come_back(&database, &folder("import_postgres"));
}

#[test]
fn kill_9_loses_and_doubles_nothing_on_sqlite() {
    let database = sqlite("import_killed");
    kill_9_loses_and_doubles_nothing(&database, Path::new(&database).parent().unwrap());
}

#[counterpart::test]
async fn kill_9_loses_and_doubles_nothing_on_postgres() {
    let Some(database) = postgres("import_killed").await else { return };
    kill_9_loses_and_doubles_nothing(&database, &folder("import_killed_postgres"));
}

#[test]
fn bad_rows_are_named_and_the_others_imported() {
    let database = sqlite("import_bad");
    let folder = Path::new(&database).parent().unwrap();
    let program = Program::start(&database);
    let ndjson = folder.join("bad.ndjson");
    let rows = [
        "\u{feff}{\"name\": \"Ada\", \"email\": \"ada@example.com\"}",
        "",
        r#"{"name": "Bea"}"#,
        "no JSON",
        r#"{"name": "", "email": "c@example.com"}"#,
        r#"{"name": "Dot", "email": "nowhere"}"#,
        r#"{"name": "Eve", "email": "eve@example.com", "bio": "x"}"#,
    ];
    fs::write(&ndjson, rows.join("\r\n")).unwrap();
    let arguments = ["import", ndjson.to_str().unwrap()];
    let (code, _, errors) = said(&program.url, &arguments);
    assert_eq!(code, 1);
    for line in [
        "line 3: missing field `email`",
        "line 4: expected ident",
        "line 5: `name` is one line",
        "line 6: `email` is somebody@somewhere",
        "6 rows in",
        "2 created, 0 there already, 4 refused",
    ] {
        assert!(errors.contains(line), "{line} is not in {errors}");
    }

    let csv = folder.join("bad.csv");
    fs::write(&csv, "email,name\neve@example.com,Eve\nzoe@example.com\nfay@example.com,Fay\nada@example.com,Gil\n").unwrap();
    let (code, _, errors) = said(&program.url, &["import", csv.to_str().unwrap()]);
    assert_eq!(code, 1);
    for line in [
        // Rows are sent side by side, so Eve's number is 1 or 2.
        "has the name \"Eve\" and other data",
        "line 3: 1 columns, where the first line has 2",
        "line 5: the e-mail address \"ada@example.com\" is taken",
        "1 created, 0 there already, 3 refused",
    ] {
        assert!(errors.contains(line), "{line} is not in {errors}");
    }
}

#[test]
fn every_subcommand_does_what_it_says() {
    let program = Program::start(&sqlite("commands"));
    let run = |arguments: &[&str]| {
        let (code, output, errors) = said(&program.url, arguments);
        assert_eq!(code, 0, "{arguments:?}: {errors}");
        output
    };
    let user = |output: &str| serde_json::from_str::<User>(output).unwrap();
    let made = user(&run(&["create", "Ada", "ada@example.com", "--bio", "x"]));
    let id = made.id.to_string();
    assert_eq!(user(&run(&["get", &id])), made);
    assert_eq!(user(&run(&["find", "Ada"])), made);
    assert_eq!(user(&run(&["patch", &id, "--name", "Bea"])).bio.as_deref(), Some("x"));
    assert_eq!(user(&run(&["patch", &id, "--no-bio"])).bio, None);
    let replaced = user(&run(&["replace", &id, "Cay", "cay@example.com"]));
    assert_eq!(
        read_ndjson(&run(&["list", "--limit", "1", "--search", "CAY"])),
        std::slice::from_ref(&replaced)
    );
    assert_eq!(read_ndjson(&run(&["export"])), [replaced]);
    assert_eq!((run(&["health"]).trim(), run(&["ready"]).trim()), ("\"up\"", "\"ready\""));
    run(&["delete", &id]);
    assert_eq!(run(&["list"]), "");
}

#[test]
fn failures_have_words_and_codes() {
    let program = Program::start(&sqlite("failures"));
    let url = program.url.as_str();
    let started = Instant::now();
    for (url, arguments, code, word) in [
        (url, &["get", "7"][..], 1, "there is no user 7"),
        (url, &["find", "Ada"], 1, "there is no user called \"Ada\""),
        (url, &["create", "Ada", "nowhere"], 1, "`email` is somebody@somewhere"),
        (url, &["find", ""], 2, "empty"),
        (url, &["get", "ada"], 2, "invalid value 'ada'"),
        (url, &["import", "nowhere.csv"], 2, "nowhere.csv: No such file"),
        (url, &["import", "Cargo.toml"], 2, "--format"),
        (url, &["export", "/nowhere/at/all"], 2, "No such file"),
        (&format!("{url}/v2"), &["list"], 3, "is the URL right?"),
        ("http://127.0.0.1:1", &["list"], 3, "Connection refused"),
        ("ftp://127.0.0.1", &["list"], 2, "scheme"),
        ("nonsense", &["list"], 2, "scheme"),
    ] {
        let (found, _, errors) = said(url, arguments);
        assert_eq!(found, code, "{arguments:?}: {errors}");
        assert!(errors.contains(word) && !errors.contains("panicked"), "{arguments:?}: {errors}");
    }
    assert!(started.elapsed() < Duration::from_secs(60));
}
