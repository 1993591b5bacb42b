use counterpart::prelude::*;

#[derive(Serialize, Deserialize)]
pub struct User {
    id: u64,
}

#[derive(Debug, ApiError)]
pub enum UserError {
    #[error(200, "fine?")]
    NotFound { id: u64 },
}

#[get("/users/{name}")]
async fn get_user(id: u64, verbose: Option<bool>) -> Result<User, UserError> {
    match verbose {
        Some(_) => Err(UserError::NotFound { id }),
        None => Ok(User { id }),
    }
}

#[delete("/users/{id}")]
async fn delete_user(id: u64, by: &str) -> Result<(), UserError> {
    let _ = by;
    Err(UserError::NotFound { id })
}

api!(Users: get_user, delete_user);

async fn call(users: UsersClient) -> u64 {
    users.delete_user(1).await.ok();
    let user = users.get_user(1).verbose(true).timeout(Duration::from_secs(1)).await;
    user.map_or(0, |user| user.id)
}

fn main() {}
