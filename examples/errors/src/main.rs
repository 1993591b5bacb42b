//! Accounts with a PIN, a balance, and a ledger on the disk: `cargo run --bin errors`.

#![allow(missing_docs, reason = "a program, whose modules are its own")]

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

use counterpart::prelude::*;

// ANCHOR: error
/// What can go wrong with an account.
#[derive(Debug, ApiError)]
pub enum AccountError {
    #[error(404, "there is no account {account}")]
    NotFound { account: u32 },
    #[error(409, "{asked} is more than there is", code = "too-little")]
    Overdrawn { asked: u64, balance: u64 },
    #[error(transparent)]
    Pin(PinError),
    #[error(500, "the ledger cannot be written")]
    Ledger(#[opaque] io::Error),
}
// ANCHOR_END: error

// ANCHOR: nested
/// What can go wrong with a PIN, wherever one is asked for.
#[derive(Debug, PartialEq, Eq, ApiError)]
pub enum PinError {
    #[error(403, "this account asks for a PIN")]
    PinMissing,
    #[error(403, "the PIN is wrong; tries left: {left}")]
    WrongPin { left: u8 },
    #[error(403)]
    Locked,
}
// ANCHOR_END: nested

/// An account, as the bank keeps it.
#[derive(Debug)]
pub struct Account {
    pin: String,
    tries: u8,
    balance: u64,
}

/// All accounts, and the file in which every withdrawal is written down.
#[derive(Debug, State)]
pub struct Bank {
    accounts: Mutex<BTreeMap<u32, Account>>,
    ledger: PathBuf,
}

/// What to withdraw.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Withdrawal {
    pub amount: u64,
}

/// What is left.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Balance {
    pub balance: u64,
}

impl Bank {
    /// A bank with one account: number 1, PIN 0000, a balance of 100.
    #[must_use]
    pub fn open(ledger: impl AsRef<Path>) -> Self {
        let account = Account { pin: "0000".into(), tries: 3, balance: 100 };
        let accounts = Mutex::new(BTreeMap::from([(1, account)]));
        Self { accounts, ledger: ledger.as_ref().into() }
    }

    // ANCHOR: bank
    /// Works on an account, if it is there and its PIN is right.
    fn with<T>(
        &self,
        account: u32,
        pin: Option<String>,
        work: impl FnOnce(&mut Account) -> Result<T, AccountError>,
    ) -> Result<T, AccountError> {
        let mut accounts = self.accounts();
        let missing = AccountError::NotFound { account };
        let found = accounts.get_mut(&account).ok_or(missing)?;
        found.check(pin)?;
        work(found)
    }

    /// Writes a withdrawal down.
    fn note(&self, account: u32, amount: u64) -> io::Result<()> {
        let mut ledger = File::options().create(true).append(true).open(&self.ledger)?;
        writeln!(ledger, "{account} -{amount}")
    }
    // ANCHOR_END: bank

    fn accounts(&self) -> MutexGuard<'_, BTreeMap<u32, Account>> {
        self.accounts.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Account {
    // ANCHOR: check
    fn check(&mut self, pin: Option<String>) -> Result<(), PinError> {
        let pin = pin.ok_or(PinError::PinMissing)?;
        if self.tries == 0 {
            return Err(PinError::Locked);
        }
        if pin != self.pin {
            self.tries -= 1;
            return Err(PinError::WrongPin { left: self.tries });
        }
        self.tries = 3;
        Ok(())
    }
    // ANCHOR_END: check
}

// ANCHOR: withdraw
/// Withdraw from an account.
#[post("/accounts/{account}/withdrawals")]
pub fn withdraw(
    account: u32,
    order: Withdrawal,
    #[header("x-pin")] pin: Option<String>,
    bank: &Bank,
) -> Result<Balance, AccountError> {
    let asked = order.amount;
    bank.with(account, pin, |found| {
        let balance = found.balance;
        let too_little = AccountError::Overdrawn { asked, balance };
        let left = balance.checked_sub(asked).ok_or(too_little)?;
        bank.note(account, asked)?;
        found.balance = left;
        Ok(Balance { balance: left })
    })
}
// ANCHOR_END: withdraw

/// How much is there?
#[get("/accounts/{account}")]
pub fn balance(
    account: u32,
    #[header("x-pin")] pin: Option<String>,
    bank: &Bank,
) -> Result<Balance, AccountError> {
    bank.with(account, pin, |found| Ok(Balance { balance: found.balance }))
}

api!(pub Accounts: withdraw, balance);

fn app(ledger: impl AsRef<Path>) -> App {
    App::new().state(Bank::open(ledger)).mount(Accounts)
}

#[counterpart::main]
async fn main() -> counterpart::Result<()> {
    let flags = support::flags::read(&[("ledger", "ledger.txt")]);
    flags.serve(app(flags.get("ledger"))).await
}

#[cfg(test)]
mod tests;
