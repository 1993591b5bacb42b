//! What the book says of this program, run.

use std::error::Error as _;

use counterpart::{ApiError as _, Fault, Service};

use super::*;

/// A bank whose ledger cannot be written.
fn bank() -> App {
    app("no/such/folder/ledger.txt")
}

// ANCHOR: tests
#[counterpart::test]
async fn each_error_comes_back_as_it_was() {
    let bank = AccountsClient::local(bank());
    let too_much = bank.withdraw(1, Withdrawal { amount: 500 }).pin("0000").await;
    match too_much.unwrap_err() {
        CallError::Api(AccountError::Overdrawn { asked: 500, balance: 100 }) => {}
        other => panic!("{other}"),
    }

    // The nested error stands where the handler put it.
    let wrong = bank.balance(1).pin("1234").await;
    let left = AccountError::Pin(PinError::WrongPin { left: 2 });
    assert_eq!(wrong.unwrap_err().to_string(), left.to_string());

    let nobody = bank.balance(7).await.unwrap_err();
    assert!(matches!(nobody.api(), Some(AccountError::NotFound { account: 7 })));
}
// ANCHOR_END: tests

// ANCHOR: opaque
#[counterpart::test]
async fn what_is_opaque_stays_inside() {
    let bank = AccountsClient::local(bank());
    let error = bank.withdraw(1, Withdrawal { amount: 5 }).pin("0000").await.unwrap_err();
    // The way back is closed: no client can tell one opaque variant from another.
    let problem = error.problem().unwrap();
    assert_eq!(problem.code.as_deref(), Some("http.internal"));
    assert_eq!(problem.detail, None);
    assert_eq!(problem.trace_id.as_ref().unwrap().len(), 32);
    // And nothing was withdrawn.
    assert_eq!(bank.balance(1).pin("0000").await.unwrap(), Balance { balance: 100 });
}
// ANCHOR_END: opaque

// ANCHOR: others
/// In the server's place: a gateway that answers for itself, and a server with an error more.
struct Others;

impl Service for Others {
    async fn call(&self, request: Request) -> Result<Response, Fault> {
        if request.path() == "/accounts/1" {
            return Ok(Response::new(StatusCode::BAD_GATEWAY).with_body("<h1>oh no</h1>"));
        }
        let frozen = Problem::new(StatusCode::CONFLICT).code("frozen").member("since", &2026);
        Ok(frozen.reply())
    }
}

#[counterpart::test]
async fn what_no_variant_is_comes_back_too() {
    let bank = AccountsClient::over(Others);
    let status = bank.balance(1).await.unwrap_err();
    assert!(matches!(status, CallError::Status { status: StatusCode::BAD_GATEWAY, .. }));

    let frozen = bank.balance(2).await.unwrap_err();
    let problem = frozen.problem().unwrap();
    assert_eq!(problem.code.as_deref(), Some("frozen"));
    assert_eq!(problem.take_member("since"), Some(2026));
}
// ANCHOR_END: others

#[test]
fn an_error_is_an_error() {
    let error = AccountError::from(io::Error::other("no paper"));
    assert_eq!(error.to_string(), "the ledger cannot be written");
    assert_eq!(error.source().unwrap().to_string(), "no paper");
    assert_eq!(AccountError::from(PinError::Locked).to_string(), "Forbidden");
    assert!(AccountError::from_problem(&error.to_problem()).is_none());
}

#[counterpart::test]
async fn a_withdrawal_is_written_down() {
    let ledger =
        std::env::temp_dir().join(format!("counterpart-ledger-{}.txt", std::process::id()));
    let bank = AccountsClient::local(app(&ledger));
    let left = bank.withdraw(1, Withdrawal { amount: 5 }).pin("0000").await.unwrap();
    assert_eq!(left, Balance { balance: 95 });
    assert_eq!(std::fs::read_to_string(&ledger).unwrap(), "1 -5\n");
    std::fs::remove_file(ledger).unwrap();
}

#[counterpart::test]
async fn three_wrong_pins_lock_the_account() {
    let bank = AccountsClient::local(bank());
    for _ in 0..3 {
        bank.balance(1).pin("1234").await.unwrap_err();
    }
    let locked = bank.balance(1).pin("0000").await.unwrap_err();
    assert!(matches!(locked.api(), Some(AccountError::Pin(PinError::Locked))));
}

#[counterpart::test]
async fn the_book_tells_the_truth() {
    let transcripts = [
        include_str!("../not-found.http"),
        include_str!("../overdrawn.http"),
        include_str!("../wrong-pin.http"),
        include_str!("../opaque.http"),
    ];
    support::transcript::replay(bank(), &transcripts).await;
}
