use counterpart::prelude::*;

mod users {
    use counterpart::prelude::*;

    #[get("/{id}")]
    pub async fn get_user(id: u64) -> u64 {
        id
    }

    api!(pub Users: get_user);
}

mod old {
    use counterpart::prelude::*;

    #[get("/v1/users/{name}")]
    pub async fn old_user(name: String) -> String {
        name
    }

    api!(pub Old: old_user);
}

api!(V1: users::Users at "/users");
api!(All: V1 at "/v1", old::Old);

fn main() {}
