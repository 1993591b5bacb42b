use counterpart::prelude::*;

#[derive(ApiError)]
pub enum UserError {
    #[error(404, "there is no user {id}")]
    NotFound { id: u64 },
}

#[get("/users/{id}")]
async fn user(id: u64) -> Result<u64, UserError> {
    Err(UserError::NotFound { id })
}

api!(All: user);

fn main() {}
