::core::compile_error! {
    "a reference is what the server provides, and `name` would come over the wire; take a `String`"
}
::core::compile_error! {
    "`{id}` is in the path but no argument is called `id`; rename `user_id` to `id`"
}
#[allow(
    clippy::needless_pass_by_value,
    clippy::unused_async,
    clippy::trivially_copy_pass_by_ref,
    clippy::too_many_arguments,
    clippy::ref_option
)]
pub async fn get_user(user_id: u64, name: &str) -> User {
    users().find(user_id, name)
}
#[doc(hidden)]
#[allow(non_camel_case_types)]
type __get_user_A0 = u64;
#[doc(hidden)]
#[allow(non_camel_case_types)]
type __get_user_A1 = ();
#[doc(hidden)]
#[allow(non_camel_case_types)]
type __get_user_Returns = User;
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
        pub type Unit = super::super::__get_user_A1;
        pub type __Lend1 = private::Lend<Unit, { private::Probe::<Unit>::PROVIDED }>;
        pub type __Returns = super::super::__get_user_Returns;
        pub const __IS_RESULT: ::core::primitive::bool = private::Probe::<
            __Returns,
        >::IS_RESULT;
        pub type User = <__Returns as private::Split<{ __IS_RESULT }>>::Ok;
        pub type Infallible = <__Returns as private::Split<{ __IS_RESULT }>>::Err;
    }
    use ::counterpart::private;
    #[allow(unused_imports)]
    use private::ProbeDefault as _;
    pub const KIND: ::core::primitive::u8 = private::Probe::<types::User>::KIND;
    pub const TEMPLATE: &str = "/counterpart-broken-119cb6077e8595fe";
    /// The path of this route, its parameters percent-encoded.
    ///
    /// It knows nothing of the lists that hold the route: their prefixes come from [`counterpart::Prefix`].
    pub fn path() -> String {
        let writer = private::PathWriter::new(TEMPLATE);
        writer.finish()
    }
    pub const ENDPOINT: &private::Endpoint = {
        &private::Endpoint {
            method: "GET",
            template: TEMPLATE,
            name: "get_user",
            module: module_path!(),
            file: file!(),
            line: line!(),
            docs: "",
            body_limit: None,
            inputs: &[],
            needs: &[],
            handle,
        }
    };
    fn handle(_: private::Incoming<'_>) -> private::Handling<'_> {
        unreachable!()
    }
    #[doc(hidden)]
    #[allow(unused_macros)]
    #[macro_export]
    macro_rules! __counterpart_get_user_119cb6077e8595fe {
        (method $name:ident $($route:tt)*) => {
            pub fn $name (& self, user_id : $($route)* ::types::u64) ->
            ::counterpart::Call < $($route)* ::types::User, $($route)*
            ::types::Infallible, { $($route)* ::KIND } > { let mut draft =
            ::counterpart::private::ApiClient::draft(self, $($route)* ::ENDPOINT);
            $($route)* ::types::__Wire0::put_query(& mut draft, "user_id", & user_id);
            ::counterpart::Call::new(draft) }
        };
        (location($($route:tt)*) ($answer:expr)) => {
            { let writer = ::counterpart::private::PathWriter::new($($route)*
            ::TEMPLATE); writer.finish() }
        };
    }
    #[doc(hidden)]
    #[allow(unused_imports)]
    pub use __counterpart_get_user_119cb6077e8595fe as client;
}
