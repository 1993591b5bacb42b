#[allow(
    clippy::needless_pass_by_value,
    clippy::unused_async,
    clippy::trivially_copy_pass_by_ref,
    clippy::too_many_arguments,
    clippy::ref_option
)]
/// Create a user.
pub(crate) async fn create_user(
    new: NewUser,
    db: &Db,
) -> Result<Created<User>, UserError> {
    db.insert(new).await
}
#[doc(hidden)]
#[allow(non_camel_case_types)]
type __create_user_A0 = NewUser;
#[doc(hidden)]
#[allow(non_camel_case_types)]
type __create_user_A1 = Db;
#[doc(hidden)]
#[allow(non_camel_case_types)]
type __create_user_Returns = Result<Created<User>, UserError>;
#[doc(hidden)]
#[allow(
    non_snake_case,
    non_camel_case_types,
    missing_docs,
    missing_debug_implementations,
    deprecated,
    unreachable_pub,
    unnameable_types,
    private_interfaces,
    private_bounds,
    unused_qualifications,
    clippy::all,
    clippy::pedantic,
    clippy::nursery
)]
pub(crate) mod create_user {
    pub mod types {
        use ::counterpart::private;
        #[allow(unused_imports)]
        use private::ProbeDefault as _;
        pub type NewUser = super::super::__create_user_A0;
        pub type __Content0 = private::Content<
            NewUser,
            { private::Probe::<NewUser>::CONTENT },
            { private::Probe::<NewUser>::TRAVELS },
        >;
        pub type Db = super::super::__create_user_A1;
        pub type __Lend1 = private::Lend<Db, { private::Probe::<Db>::PROVIDED }>;
        pub type __Returns = super::super::__create_user_Returns;
        pub const __IS_RESULT: ::core::primitive::bool = private::Probe::<
            __Returns,
        >::IS_RESULT;
        pub type CreatedOfUser = <__Returns as private::Split<{ __IS_RESULT }>>::Ok;
        pub type UserError = <__Returns as private::Split<{ __IS_RESULT }>>::Err;
    }
    use ::counterpart::private;
    #[allow(unused_imports)]
    use private::ProbeDefault as _;
    pub const KIND: ::core::primitive::u8 = private::Probe::<types::CreatedOfUser>::KIND;
    pub const TEMPLATE: &str = "/api/users";
    /// The path of this route, its parameters percent-encoded.
    ///
    /// It knows nothing of the lists that hold the route: their prefixes come from [`counterpart::Prefix`].
    pub fn path() -> String {
        let writer = private::PathWriter::new(TEMPLATE);
        writer.finish()
    }
    pub const ENDPOINT: &private::Endpoint = {
        private::assert_content::<
            types::NewUser,
            { private::Probe::<types::NewUser>::CONTENT },
        >();
        private::assert_provided::<types::Db>();
        &private::Endpoint {
            method: "POST",
            template: TEMPLATE,
            name: "create_user",
            module: module_path!(),
            file: file!(),
            line: line!(),
            docs: "Create a user.",
            body_limit: Some(65536u64),
            inputs: &[
                private::Input::new::<types::NewUser>("body", private::Place::Body),
            ],
            needs: &[types::__Lend1::NEEDS],
            handle,
        }
    };
    fn handle(mut incoming: private::Incoming<'_>) -> private::Handling<'_> {
        struct Location<'a, T>(&'a T);
        impl<T> ::core::ops::Deref for Location<'_, T> {
            type Target = T;
            fn deref(&self) -> &T {
                self.0
            }
        }
        Box::pin(async move {
            let a1 = match types::__Lend1::provide(incoming.context()).await {
                Ok(lent) => lent,
                Err(refusal) => return refusal,
            };
            if let Some(refusal) = types::__Content0::refuse(&incoming) {
                return refusal;
            }
            incoming.body_stands_here();
            let a0 = types::__Content0::read(&mut incoming).await;
            let (Some(a0),) = (a0,) else {
                return incoming.reject();
            };
            let returned: types::__Returns = super::create_user(a0, &a1).await;
            match <types::__Returns as private::Split<
                { types::__IS_RESULT },
            >>::split(returned) {
                Ok(right) => {
                    let path = super::get_user::client! {
                        location(super::get_user) (Location(& right))
                    };
                    private::located(
                        <types::CreatedOfUser as private::Answer<KIND>>::answer(right),
                        &path,
                        incoming.context(),
                    )
                }
                Err(wrong) => {
                    private::answer_error::<types::UserError>(&wrong, incoming.context())
                }
            }
        })
    }
    #[doc(hidden)]
    #[allow(unused_macros)]
    macro_rules! __counterpart_create_user_dd8039c94e2d1e82 {
        (method $name:ident $($route:tt)*) => {
            #[doc = r" Create a user."] pub fn $name (& self, new : $($route)*
            ::types::NewUser) -> ::counterpart::Call < $($route)* ::types::CreatedOfUser,
            $($route)* ::types::UserError, { $($route)* ::KIND } > { let mut draft =
            ::counterpart::private::ApiClient::draft(self, $($route)* ::ENDPOINT);
            $($route)* ::types::__Content0::put(& mut draft, new);
            ::counterpart::Call::new(draft) }
        };
        (location($($route:tt)*) ($answer:expr)) => {
            { let writer = ::counterpart::private::PathWriter::new($($route)*
            ::TEMPLATE); writer.finish() }
        };
    }
    #[doc(hidden)]
    #[allow(unused_imports)]
    pub(crate) use __counterpart_create_user_dd8039c94e2d1e82 as client;
}
