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
#[allow(non_camel_case_types)]
type __list_users_A0 = Option<u32>;
#[doc(hidden)]
#[allow(non_camel_case_types)]
type __list_users_A0Item = u32;
#[doc(hidden)]
#[allow(non_camel_case_types)]
type __list_users_A1 = Vec<String>;
#[doc(hidden)]
#[allow(non_camel_case_types)]
type __list_users_A1Item = String;
#[doc(hidden)]
#[allow(non_camel_case_types)]
type __list_users_A2 = Option<String>;
#[doc(hidden)]
#[allow(non_camel_case_types)]
type __list_users_A2Item = String;
#[doc(hidden)]
#[allow(non_camel_case_types)]
type __list_users_A3 = Session;
#[doc(hidden)]
#[allow(non_camel_case_types)]
type __list_users_A4 = super::Pool;
#[doc(hidden)]
#[allow(non_camel_case_types)]
type __list_users_Returns = Vec<User>;
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
        use ::counterpart::private;
        #[allow(unused_imports)]
        use private::ProbeDefault as _;
        pub type OptionOfU32 = super::super::__list_users_A0;
        pub type u32 = super::super::__list_users_A0Item;
        pub type __Wire0 = private::Wire<
            OptionOfU32,
            { private::Probe::<OptionOfU32>::TRAVELS },
        >;
        pub type VecOfString = super::super::__list_users_A1;
        pub type String = super::super::__list_users_A1Item;
        pub type __Wire1 = private::Wire<
            VecOfString,
            { private::Probe::<VecOfString>::TRAVELS },
        >;
        pub type OptionOfString = super::super::__list_users_A2;
        pub type __Wire2 = private::Wire<
            OptionOfString,
            { private::Probe::<OptionOfString>::TRAVELS },
        >;
        pub type Session = super::super::__list_users_A3;
        pub type __Lend3 = private::Lend<
            Session,
            { private::Probe::<Session>::PROVIDED },
        >;
        pub type Pool = super::super::__list_users_A4;
        pub type __Returns = super::super::__list_users_Returns;
        pub const __IS_RESULT: ::core::primitive::bool = private::Probe::<
            __Returns,
        >::IS_RESULT;
        pub type VecOfUser = <__Returns as private::Split<{ __IS_RESULT }>>::Ok;
        pub type Infallible = <__Returns as private::Split<{ __IS_RESULT }>>::Err;
    }
    use ::counterpart::private;
    #[allow(unused_imports)]
    use private::ProbeDefault as _;
    pub const KIND: ::core::primitive::u8 = private::Probe::<types::VecOfUser>::KIND;
    pub const TEMPLATE: &str = "/api/users";
    /// The path of this route, its parameters percent-encoded.
    ///
    /// It knows nothing of the lists that hold the route: their prefixes come from [`counterpart::Prefix`].
    pub fn path() -> String {
        let writer = private::PathWriter::new(TEMPLATE);
        writer.finish()
    }
    pub const ENDPOINT: &private::Endpoint = {
        private::assert_travels::<types::OptionOfU32>();
        private::assert_travels::<types::VecOfString>();
        private::assert_travels::<types::OptionOfString>();
        private::assert_provided::<types::Session>();
        &private::Endpoint {
            method: "GET",
            template: TEMPLATE,
            name: "list_users",
            module: module_path!(),
            file: file!(),
            line: line!(),
            docs: "List users, newest first.",
            body_limit: None,
            inputs: &[
                private::Input::new::<
                    types::OptionOfU32,
                >("limit", private::Place::Query),
                private::Input::new::<types::VecOfString>("tag", private::Place::Query),
                private::Input::new::<
                    types::OptionOfString,
                >("x-request-id", private::Place::Header),
            ],
            needs: &[&[private::Need::of::<types::Pool>()]],
            handle,
        }
    };
    fn handle(mut incoming: private::Incoming<'_>) -> private::Handling<'_> {
        Box::pin(async move {
            let a3 = types::__Lend3::provide_optional(incoming.context()).await;
            let a4 = match incoming.state::<types::Pool>() {
                Ok(lent) => lent,
                Err(refusal) => return refusal,
            };
            let a0 = types::__Wire0::query(&mut incoming, "limit");
            let a1 = types::__Wire1::query(&mut incoming, "tag");
            let a2 = types::__Wire2::header(&mut incoming, "x-request-id");
            let (Some(a0), Some(a1), Some(a2)) = (a0, a1, a2) else {
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
            match <types::__Returns as private::Split<
                { types::__IS_RESULT },
            >>::split(returned) {
                Ok(right) => <types::VecOfUser as private::Answer<KIND>>::answer(right),
                Err(wrong) => {
                    private::answer_error::<
                        types::Infallible,
                    >(&wrong, incoming.context())
                }
            }
        })
    }
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
    pub struct Call<T = types::VecOfUser, E = types::Infallible, const K: u8 = KIND>(
        #[doc(hidden)]
        pub private::Call<T, E, K>,
    );
    impl Call {
        ///Sets the query key `limit`, in place of an earlier value.
        pub fn limit(mut self, limit: types::u32) -> Self {
            self.0
                .draft(|draft| types::__Wire0::put_query(draft, "limit", &Some(limit)));
            self
        }
        ///Sets the query key `tag`, once for each value, in place of earlier ones.
        pub fn tag(
            mut self,
            tag: impl IntoIterator<Item = impl Into<types::String>>,
        ) -> Self {
            self.0
                .draft(|draft| types::__Wire1::put_query(
                    draft,
                    "tag",
                    &tag.into_iter().map(Into::into).collect::<Vec<types::String>>(),
                ));
            self
        }
        ///Sets the header `x-request-id`, in place of an earlier value.
        pub fn request_id(mut self, request_id: impl Into<types::String>) -> Self {
            self.0
                .draft(|draft| types::__Wire2::put_header(
                    draft,
                    "x-request-id",
                    &Some::<types::String>(request_id.into()),
                ));
            self
        }
        ///Gives the call up after `limit`.
        pub fn timeout(self, limit: ::core::time::Duration) -> Self {
            private::CallOptions::timeout(self, limit)
        }
        ///Adds a header to the request.
        pub fn header(self, name: &str, value: &str) -> Self {
            private::CallOptions::header(self, name, value)
        }
        ///Sends `authorization: Bearer …`.
        pub fn bearer(self, token: impl AsRef<str>) -> Self {
            private::CallOptions::bearer(self, token)
        }
    }
    impl<T, E, const K: u8> private::CallOptions for Call<T, E, K> {
        fn timeout(self, limit: ::core::time::Duration) -> Self {
            Self(private::CallOptions::timeout(self.0, limit))
        }
        fn header(self, name: &str, value: &str) -> Self {
            Self(private::CallOptions::header(self.0, name, value))
        }
    }
    impl<T, E, const K: u8> ::core::future::Future for Call<T, E, K>
    where
        private::Call<T, E, K>: ::core::future::Future + Unpin,
    {
        type Output = <private::Call<T, E, K> as ::core::future::Future>::Output;
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
