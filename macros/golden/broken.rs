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
        mod scope {
            #[allow(unused_imports)]
            use super::super::super::*;
            pub type __A0 = u64;
            pub type __A1 = ();
            pub type __Returns = User;
        }
        #[allow(unused_imports)]
        use ::counterpart::private::ProbeDefault as _;
        pub type u64 = scope::__A0;
        pub type __Wire0 = ::counterpart::private::Wire<
            u64,
            { ::counterpart::private::Probe::<u64>::TRAVELS },
        >;
        pub type __A1 = scope::__A1;
        pub type __Lend1 = ::counterpart::private::Lend<
            __A1,
            { ::counterpart::private::Probe::<__A1>::PROVIDED },
        >;
        pub type __Returns = scope::__Returns;
        pub const __IS_RESULT: bool = ::counterpart::private::Probe::<
            __Returns,
        >::IS_RESULT;
        pub type User = <__Returns as ::counterpart::private::Split<
            { __IS_RESULT },
        >>::Ok;
        pub type Error = <__Returns as ::counterpart::private::Split<
            { __IS_RESULT },
        >>::Err;
    }
    #[allow(unused_imports)]
    use ::counterpart::private::ProbeDefault as _;
    pub const KIND: u8 = ::counterpart::private::Probe::<types::User>::KIND;
    pub const TEMPLATE: &str = "/counterpart-broken-119cb6077e8595fe";
    /// The path of this route, its parameters percent-encoded.
    pub fn path() -> ::std::string::String {
        let writer = ::counterpart::private::PathWriter::new(TEMPLATE);
        writer.finish()
    }
    pub const ENDPOINT: &::counterpart::private::Endpoint = &::counterpart::private::Endpoint {
        method: "GET",
        template: TEMPLATE,
        name: "get_user",
        module: ::core::module_path!(),
        file: ::core::file!(),
        line: ::core::line!(),
        docs: "",
        body_limit: ::core::option::Option::None,
        inputs: &[],
        needs: &[],
        handle,
    };
    fn handle(
        _: ::counterpart::private::Incoming<'_>,
    ) -> ::counterpart::private::Handling<'_> {
        ::core::unreachable!()
    }
    #[doc(hidden)]
    #[allow(unused_macros)]
    #[macro_export]
    macro_rules! __counterpart_get_user_119cb6077e8595fe {
        (method $name:ident $($route:tt)*) => {
            pub fn $name (& self, user_id : $($route)* ::types::u64) ->
            ::counterpart::Call < $($route)* ::types::User, $($route)* ::types::Error, {
            $($route)* ::KIND } > { let mut draft =
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
