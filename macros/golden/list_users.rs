#[allow(
    clippy::needless_pass_by_value,
    clippy::unused_async,
    clippy::trivially_copy_pass_by_ref,
    clippy::too_many_arguments,
    clippy::ref_option
)]
/// List users, newest first.
async fn list_users(
    limit: Option<u32>,
    tag: Vec<String>,
    request_id: Option<String>,
    session: Option<&Session>,
    pool: &super::Pool,
) -> Vec<User> {
    pool.list(limit, tag, request_id, session).await
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
mod list_users {
    pub mod types {
        mod scope {
            #[allow(unused_imports)]
            use super::super::super::*;
            pub type __A0 = Option<u32>;
            pub type __A0Item = u32;
            pub type __A1 = Vec<String>;
            pub type __A1Item = String;
            pub type __A2 = Option<String>;
            pub type __A2Item = String;
            pub type __A3 = Session;
            pub type __A4 = super::super::super::super::Pool;
            pub type __Returns = Vec<User>;
        }
        #[allow(unused_imports)]
        use ::counterpart::private::ProbeDefault as _;
        pub type __A0 = scope::__A0;
        pub type u32 = scope::__A0Item;
        pub type __Wire0 = ::counterpart::private::Wire<
            __A0,
            { ::counterpart::private::Probe::<__A0>::TRAVELS },
        >;
        pub type __A1 = scope::__A1;
        pub type String = scope::__A1Item;
        pub type __Wire1 = ::counterpart::private::Wire<
            __A1,
            { ::counterpart::private::Probe::<__A1>::TRAVELS },
        >;
        pub type __A2 = scope::__A2;
        pub type __Wire2 = ::counterpart::private::Wire<
            __A2,
            { ::counterpart::private::Probe::<__A2>::TRAVELS },
        >;
        pub type Session = scope::__A3;
        pub type __Lend3 = ::counterpart::private::Lend<
            Session,
            { ::counterpart::private::Probe::<Session>::PROVIDED },
        >;
        pub type Pool = scope::__A4;
        pub type __Returns = scope::__Returns;
        pub const __IS_RESULT: bool = ::counterpart::private::Probe::<
            __Returns,
        >::IS_RESULT;
        pub type Answer = <__Returns as ::counterpart::private::Split<
            { __IS_RESULT },
        >>::Ok;
        pub type Error = <__Returns as ::counterpart::private::Split<
            { __IS_RESULT },
        >>::Err;
    }
    #[allow(unused_imports)]
    use ::counterpart::private::ProbeDefault as _;
    pub const KIND: u8 = ::counterpart::private::Probe::<types::Answer>::KIND;
    pub const TEMPLATE: &str = "/api/users";
    /// The path of this route, its parameters percent-encoded.
    pub fn path() -> ::std::string::String {
        let writer = ::counterpart::private::PathWriter::new(TEMPLATE);
        writer.finish()
    }
    pub const ENDPOINT: &::counterpart::private::Endpoint = &::counterpart::private::Endpoint {
        method: "GET",
        template: TEMPLATE,
        name: "list_users",
        module: ::core::module_path!(),
        file: ::core::file!(),
        line: ::core::line!(),
        docs: "List users, newest first.",
        body_limit: ::core::option::Option::None,
        inputs: &[
            ::counterpart::private::Input::new::<
                types::__A0,
            >("limit", ::counterpart::private::Place::Query),
            ::counterpart::private::Input::new::<
                types::__A1,
            >("tag", ::counterpart::private::Place::Query),
            ::counterpart::private::Input::new::<
                types::__A2,
            >("x-request-id", ::counterpart::private::Place::Header),
        ],
        needs: &[
            ::core::option::Option::Some(
                ::counterpart::private::Need::of::<types::Pool>(),
            ),
        ],
        handle,
    };
    fn handle(
        mut incoming: ::counterpart::private::Incoming<'_>,
    ) -> ::counterpart::private::Handling<'_> {
        ::std::boxed::Box::pin(async move {
            let a3 = types::__Lend3::provide_optional(incoming.context()).await;
            let a4 = match incoming.state::<types::Pool>() {
                ::core::result::Result::Ok(lent) => lent,
                ::core::result::Result::Err(refusal) => return refusal,
            };
            let a0 = types::__Wire0::query(&mut incoming, "limit");
            let a1 = types::__Wire1::query(&mut incoming, "tag");
            let a2 = types::__Wire2::header(&mut incoming, "x-request-id");
            let (
                ::core::option::Option::Some(a0),
                ::core::option::Option::Some(a1),
                ::core::option::Option::Some(a2),
            ) = (a0, a1, a2) else {
                return incoming.reject();
            };
            let returned: types::__Returns = super::list_users(
                    a0,
                    a1,
                    a2,
                    a3.as_deref(),
                    a4,
                )
                .await;
            match <types::__Returns as ::counterpart::private::Split<
                { types::__IS_RESULT },
            >>::split(returned) {
                ::core::result::Result::Ok(right) => {
                    <types::Answer as ::counterpart::private::Answer<
                        KIND,
                    >>::answer(right)
                }
                ::core::result::Result::Err(wrong) => {
                    ::counterpart::private::answer_error::<
                        types::Error,
                    >(&wrong, incoming.context())
                }
            }
        })
    }
    const _: fn() = || {
        ::counterpart::private::assert_travels::<types::__A0>();
        ::counterpart::private::assert_travels::<types::__A1>();
        ::counterpart::private::assert_travels::<types::__A2>();
        ::counterpart::private::assert_provided::<types::Session>();
    };
    #[doc(hidden)]
    #[allow(unused_macros)]
    macro_rules! __counterpart_list_users_2ec1ffc0612b5521 {
        (method $name:ident $($route:tt)*) => {
            #[doc = r" List users, newest first."] pub fn $name (& self,) -> $($route)*
            ::Call { let mut draft = ::counterpart::private::ApiClient::draft(self,
            $($route)* ::ENDPOINT); $($route)* ::Call(::counterpart::Call::new(draft)) }
        };
        (location($($route:tt)*) ($answer:expr)) => {
            { let writer = ::counterpart::private::PathWriter::new($($route)*
            ::TEMPLATE); writer.finish() }
        };
    }
    #[doc(hidden)]
    #[allow(unused_imports)]
    pub(crate) use __counterpart_list_users_2ec1ffc0612b5521 as client;
    #[must_use = "a call does nothing until it is awaited"]
    pub struct Call<T = types::Answer, E = types::Error, const K: u8 = KIND>(
        #[doc(hidden)]
        pub ::counterpart::Call<T, E, K>,
    );
    impl Call {
        ///Sets the query key `limit`, in place of an earlier value.
        pub fn limit(mut self, limit: types::u32) -> Self {
            self.0
                .draft(|draft| types::__Wire0::put_query(
                    draft,
                    "limit",
                    &::core::option::Option::Some(limit),
                ));
            self
        }
        ///Sets the query key `tag`, once for each value, in place of earlier ones.
        pub fn tag(
            mut self,
            tag: impl ::core::iter::IntoIterator<
                Item = impl ::core::convert::Into<types::String>,
            >,
        ) -> Self {
            self.0
                .draft(|draft| types::__Wire1::put_query(
                    draft,
                    "tag",
                    &::core::iter::Iterator::collect::<
                        ::std::vec::Vec<types::String>,
                    >(
                        ::core::iter::Iterator::map(
                            ::core::iter::IntoIterator::into_iter(tag),
                            ::core::convert::Into::into,
                        ),
                    ),
                ));
            self
        }
        ///Sets the header `x-request-id`, in place of an earlier value.
        pub fn request_id(
            mut self,
            request_id: impl ::core::convert::Into<types::String>,
        ) -> Self {
            self.0
                .draft(|draft| types::__Wire2::put_header(
                    draft,
                    "x-request-id",
                    &::core::option::Option::<
                        types::String,
                    >::Some(::core::convert::Into::into(request_id)),
                ));
            self
        }
        ///Gives the call up after `limit`.
        pub fn timeout(self, limit: ::core::time::Duration) -> Self {
            ::counterpart::private::CallOptions::timeout(self, limit)
        }
        ///Adds a header to the request.
        pub fn header(self, name: &str, value: &str) -> Self {
            ::counterpart::private::CallOptions::header(self, name, value)
        }
        ///Sends `authorization: Bearer …`.
        pub fn bearer(self, token: impl ::core::convert::AsRef<str>) -> Self {
            ::counterpart::private::CallOptions::bearer(self, token)
        }
    }
    impl<T, E, const K: u8> ::counterpart::private::CallOptions for Call<T, E, K> {
        fn timeout(self, limit: ::core::time::Duration) -> Self {
            Self(::counterpart::private::CallOptions::timeout(self.0, limit))
        }
        fn header(self, name: &str, value: &str) -> Self {
            Self(::counterpart::private::CallOptions::header(self.0, name, value))
        }
    }
    impl<T, E, const K: u8> ::core::future::Future for Call<T, E, K>
    where
        ::counterpart::Call<T, E, K>: ::core::future::Future + ::core::marker::Unpin,
    {
        type Output = <::counterpart::Call<T, E, K> as ::core::future::Future>::Output;
        fn poll(
            self: ::core::pin::Pin<&mut Self>,
            context: &mut ::core::task::Context<'_>,
        ) -> ::core::task::Poll<Self::Output> {
            ::core::future::Future::poll(
                ::core::pin::Pin::new(&mut self.get_mut().0),
                context,
            )
        }
    }
}
