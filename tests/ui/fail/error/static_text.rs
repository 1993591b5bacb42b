use counterpart::prelude::*;

#[derive(Debug, ApiError)]
pub enum UserError {
    #[error(409, "the {field} is taken")]
    Taken { field: &'static str },
}

#[post("/users")]
async fn create(name: String) -> Result<String, UserError> {
    if name == "root" { Err(UserError::Taken { field: "name" }) } else { Ok(name) }
}

api!(All: create);

fn main() {}
