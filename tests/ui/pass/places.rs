//! Handlers may stand anywhere, be as visible as they like, and name types by any path.
#![deny(warnings)]

mod shop {
    use counterpart::prelude::*;

    #[derive(State)]
    pub struct Stock(pub u64);

    #[derive(Debug, Serialize, Deserialize, PartialEq)]
    pub struct Item {
        pub id: u64,
    }

    pub mod items {
        use counterpart::prelude::*;

        /// Types by `super` and `self`, with an alias among them.
        #[put("/items/{id}")]
        pub async fn put_item(id: self::Id, stock: &super::Stock, item: super::Item) -> Answer<super::Item> {
            Ok(super::Item { id: u64::from(id) + stock.0 + item.id })
        }

        pub type Id = u8;
        type Answer<T> = Result<T, super::super::ShopError>;

        #[get("/private")]
        fn private() -> u8 {
            1
        }

        #[get("/restricted")]
        pub(in super::super) async fn restricted() -> u8 {
            2
        }

        #[get("/parent")]
        pub(super) async fn parent() -> u8 {
            3
        }

        api!(pub Items: private, put_item);
    }

    #[derive(Serialize, Deserialize)]
    struct Hidden(u8);

    /// A private type, in a private handler.
    #[post("/hidden")]
    async fn hidden(hidden: Hidden) -> Hidden {
        Hidden(hidden.0 + 1)
    }

    api!(pub(crate) Shop: items::{parent, restricted, Items}, hidden);

    pub async fn add_one(client: &ShopClient) -> u8 {
        client.hidden(Hidden(1)).await.map_or(0, |hidden| hidden.0)
    }
}

use counterpart::prelude::*;

#[derive(Debug, ApiError)]
pub enum ShopError {
    #[error(409)]
    Closed,
}

/// Two types of one last word.
#[post("/clash")]
async fn clash(item: Item, #[query] other: Option<shop::items::Id>) -> Vec<shop::Item> {
    vec![shop::Item { id: item.0 + u64::from(other.unwrap_or_default()) }]
}

#[derive(Serialize, Deserialize)]
struct Item(u64);

/// Types that are called like aliases in what is generated.
#[post("/aliases")]
async fn aliases(answer: Answer, #[query] error: Error) -> Result<Vec<Answer>, Problem> {
    Ok(vec![answer, Answer(error.0)])
}

#[derive(Debug, Serialize, Deserialize, PartialEq)]
struct Answer(u8);
#[derive(Serialize, Deserialize)]
struct Error(u8);

macro_rules! crud {
    ($module:ident, $path:literal) => {
        mod $module {
            use counterpart::prelude::*;

            #[get($path)]
            pub async fn get() -> String {
                stringify!($module).to_owned()
            }
        }
    };
}

crud!(cats, "/cats");
crud!(dogs, "/dogs");

api!(All: shop::Shop, clash, aliases, cats::get as cats, dogs::get as dogs);

#[counterpart::main]
async fn main() {
    let client = AllClient::local(App::new().mount(All).state(shop::Stock(10)));
    let items = client.shop().items();
    assert_eq!(items.put_item(1, shop::Item { id: 100 }).await.unwrap(), shop::Item { id: 111 });
    assert_eq!(items.private().await.unwrap(), 1);
    assert_eq!(client.shop().restricted().await.unwrap(), 2);
    assert_eq!(shop::add_one(&client.shop()).await, 2);
    assert_eq!(client.clash(Item(1)).other(2).await.unwrap(), [shop::Item { id: 3 }]);
    assert_eq!(client.aliases(Answer(1), Error(2)).await.unwrap(), [Answer(1), Answer(2)]);
    assert_eq!(client.cats().await.unwrap() + &client.dogs().await.unwrap(), "catsdogs");
}
