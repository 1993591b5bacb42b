#[allow(
    clippy::needless_pass_by_value,
    clippy::unused_async,
    clippy::trivially_copy_pass_by_ref,
    clippy::too_many_arguments,
    clippy::ref_option
)]
/// Fetch one user.
pub async fn get_user(id: u64, db: &Db) -> Result<User, UserError> {
    db.find(id).await
}
#[doc(hidden)]
#[allow(non_camel_case_types)]
type __get_user_A0 = u64;
#[doc(hidden)]
#[allow(non_camel_case_types)]
type __get_user_A1 = Db;
#[doc(hidden)]
#[allow(non_camel_case_types)]
type __get_user_Returns = Result<User, UserError>;
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
pub mod get_user {
    pub mod types {
        use ::counterpart::private;
        #[allow(unused_imports)]
        use private::ProbeDefault as _;
        pub type u64 = super::super::__get_user_A0;
        pub type __Wire0 = private::Wire<u64, { private::Probe::<u64>::TRAVELS }>;
        pub type Db = super::super::__get_user_A1;
        pub type __Lend1 = private::Lend<Db, { private::Probe::<Db>::PROVIDED }>;
        pub type __Returns = super::super::__get_user_Returns;
        pub const __IS_RESULT: ::core::primitive::bool = private::Probe::<
            __Returns,
        >::IS_RESULT;
        pub type User = <__Returns as private::Split<{ __IS_RESULT }>>::Ok;
        pub type UserError = <__Returns as private::Split<{ __IS_RESULT }>>::Err;
    }
    use ::counterpart::private;
    #[allow(unused_imports)]
    use private::ProbeDefault as _;
    pub const KIND: ::core::primitive::u8 = private::Probe::<types::User>::KIND;
    pub const TEMPLATE: &str = "/api/users/{id}";
    /// The path of this route, its parameters percent-encoded.
    ///
    /// It knows nothing of the lists that hold the route: their prefixes come from [`counterpart::Prefix`].
    pub fn path(id: types::u64) -> String {
        let writer = private::PathWriter::new(TEMPLATE);
        let writer = types::__Wire0::put_param(writer, "id", &id);
        writer.finish()
    }
    pub const ENDPOINT: &private::Endpoint = {
        private::assert_travels::<types::u64>();
        private::assert_provided::<types::Db>();
        &private::Endpoint {
            method: "GET",
            template: TEMPLATE,
            name: "get_user",
            module: module_path!(),
            file: file!(),
            line: line!(),
            docs: "Fetch one user.",
            body_limit: None,
            inputs: &[private::Input::new::<types::u64>("id", private::Place::Path)],
            needs: &[types::__Lend1::NEEDS],
            handle,
        }
    };
    fn handle(mut incoming: private::Incoming<'_>) -> private::Handling<'_> {
        Box::pin(async move {
            let a1 = match types::__Lend1::provide(incoming.context()).await {
                Ok(lent) => lent,
                Err(refusal) => return refusal,
            };
            let a0 = types::__Wire0::path(&mut incoming, "id");
            let (Some(a0),) = (a0,) else {
                return incoming.reject();
            };
            let returned: types::__Returns = super::get_user(a0, &a1).await;
            match <types::__Returns as private::Split<
                { types::__IS_RESULT },
            >>::split(returned) {
                Ok(right) => <types::User as private::Answer<KIND>>::answer(right),
                Err(wrong) => {
                    private::answer_error::<types::UserError>(&wrong, incoming.context())
                }
            }
        })
    }
    #[doc(hidden)]
    #[allow(unused_macros)]
    #[macro_export]
    macro_rules! __counterpart_get_user_5068ac61c2b3e3c4 {
        (method $name:ident $($route:tt)*) => {
            #[doc = r" Fetch one user."] pub fn $name (& self, id : $($route)*
            ::types::u64) -> ::counterpart::Call < $($route)* ::types::User, $($route)*
            ::types::UserError, { $($route)* ::KIND } > { let mut draft =
            ::counterpart::private::ApiClient::draft(self, $($route)* ::ENDPOINT);
            $($route)* ::types::__Wire0::put_path(& mut draft, "id", & id);
            ::counterpart::Call::new(draft) }
        };
        (location($($route:tt)*) ($answer:expr)) => {
            { let writer = ::counterpart::private::PathWriter::new($($route)*
            ::TEMPLATE); let writer = $($route)* ::types::__Wire0::put_param(writer,
            "id", & $answer .id); writer.finish() }
        };
    }
    #[doc(hidden)]
    #[allow(unused_imports)]
    pub use __counterpart_get_user_5068ac61c2b3e3c4 as client;
}
