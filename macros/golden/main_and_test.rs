fn main() -> counterpart::Result<()> {
    async fn main() -> counterpart::Result<()> {
        App::new().mount(Users).serve("127.0.0.1:8080").await
    }
    ::counterpart::private::main(main())
}
#[::core::prelude::v1::test]
#[should_panic]
fn nobody_is_there() {
    async fn nobody_is_there() {
        users().get_user(7).await.unwrap();
    }
    ::counterpart::private::test(nobody_is_there())
}
