use counterpart::prelude::*;

mod users {
    use counterpart::prelude::*;

    #[get("/users/{id}")]
    pub async fn get_user(id: u64) -> u64 {
        id
    }
}

mod people {
    use counterpart::prelude::*;

    #[get("/users/{name}")]
    pub async fn get_person(name: String) -> String {
        name
    }
}

api!(All: users::get_user, people::get_person);

fn main() {}
