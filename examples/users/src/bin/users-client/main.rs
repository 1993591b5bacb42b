//! The client of the users API: `cargo run --bin users-client -- --url http://127.0.0.1:8080 list`.

mod export;
mod import;
mod said;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand, ValueEnum};
use counterpart::prelude::*;
use said::{Failure, print, print_lines};
use users::{NewUser, ProbesClient, UserPatch, UsersClient};

/// Calls a users API.
///
/// Ends with 0 if all went well, 1 if the server refused something, 2 if the command or a file is wrong, 3 if no users
/// API answers or it failed.
#[derive(Parser)]
struct Arguments {
    /// Where the API is
    #[arg(long, env = "USERS_URL", default_value = "http://127.0.0.1:8080", global = true)]
    url: String,
    /// Seconds that one call may take
    #[arg(long, env = "USERS_TIMEOUT", default_value_t = 30, global = true)]
    timeout: u64,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Show one user
    Get { id: u64 },
    /// Show the user of a name
    Find { name: String },
    /// Show one page of users, the newest first, a line of JSON each
    List {
        #[arg(long)]
        limit: Option<u32>,
        /// The last id of the page before
        #[arg(long)]
        after: Option<u64>,
        /// A part of the name or of the e-mail address
        #[arg(long)]
        search: Option<String>,
    },
    /// Create a user
    Create {
        name: String,
        email: String,
        #[arg(long)]
        bio: Option<String>,
    },
    /// Replace all that is known of a user
    Replace {
        id: u64,
        name: String,
        email: String,
        #[arg(long)]
        bio: Option<String>,
    },
    /// Change what is given, and leave the rest
    Patch {
        id: u64,
        #[arg(long)]
        name: Option<String>,
        #[arg(long)]
        email: Option<String>,
        #[arg(long)]
        bio: Option<String>,
        /// Clear the bio
        #[arg(long, conflicts_with = "bio")]
        no_bio: bool,
    },
    /// Delete a user
    Delete { id: u64 },
    /// Whether the server is up
    Health,
    /// Whether the server takes requests
    Ready,
    /// Create the users of a file; run again, it goes on where it was stopped
    Import {
        /// NDJSON or CSV, each row with `name`, `email` and maybe `bio`
        file: PathBuf,
        /// What the file is, if its name does not say
        #[arg(long, value_enum)]
        format: Option<Format>,
        /// Calls at the same time
        #[arg(long, default_value_t = 64, value_parser = clap::value_parser!(u16).range(1..=1000))]
        concurrency: u16,
    },
    /// Write all users as NDJSON, the newest first
    Export {
        /// The file; stdout if there is none
        file: Option<PathBuf>,
    },
}

/// What a file is.
#[derive(Clone, Copy, ValueEnum)]
enum Format {
    Ndjson,
    Csv,
}

#[counterpart::main]
async fn main() -> ExitCode {
    let arguments = Arguments::parse();
    match run(&arguments).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => failure.report(&arguments.url),
    }
}

async fn run(arguments: &Arguments) -> Result<(), Failure> {
    // ANCHOR: client
    let limit = Duration::from_secs(arguments.timeout);
    let users =
        UsersClient::http(&arguments.url).map_err(|fault| Failure::url(&fault))?.timeout(limit);
    // ANCHOR_END: client
    let probes =
        ProbesClient::http(&arguments.url).map_err(|fault| Failure::url(&fault))?.timeout(limit);
    match &arguments.command {
        Command::Get { id } => print(&users.get_user(*id).await?),
        Command::Find { name } => print(&users.find_user(name).await?),
        Command::List { limit, after, search } => {
            let mut call = users.list_users();
            if let Some(limit) = limit {
                call = call.limit(*limit);
            }
            if let Some(after) = after {
                call = call.after(*after);
            }
            if let Some(search) = search {
                call = call.search(search);
            }
            print_lines(&call.await?)
        }
        Command::Create { name, email, bio } => {
            print(&users.create_user(new(name, email, bio)).await?.0)
        }
        Command::Replace { id, name, email, bio } => {
            print(&users.replace_user(*id, new(name, email, bio)).await?)
        }
        Command::Patch { id, name, email, bio, no_bio } => {
            let given = |value: &Option<String>| value.clone().map_or(Patch::Absent, Patch::Value);
            let bio = if *no_bio { Patch::Null } else { given(bio) };
            let patch = UserPatch { name: given(name), email: given(email), bio };
            print(&users.patch_user(*id, patch).await?)
        }
        Command::Delete { id } => Ok(users.delete_user(*id).await?),
        Command::Health => print(&probes.health().await?),
        Command::Ready => print(&probes.ready().await?),
        Command::Import { file, format, concurrency } => {
            import::run(&users, file, *format, usize::from(*concurrency)).await
        }
        Command::Export { file } => export::run(&users, file.as_deref()).await,
    }
}

fn new(name: &str, email: &str, bio: &Option<String>) -> NewUser {
    NewUser { name: name.into(), email: email.into(), bio: bio.clone() }
}
