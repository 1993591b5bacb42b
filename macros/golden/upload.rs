#[allow(
    clippy::needless_pass_by_value,
    clippy::unused_async,
    clippy::trivially_copy_pass_by_ref,
    clippy::too_many_arguments,
    clippy::ref_option
)]
/// Put a file, whatever is in it.
async fn upload(name: String, body: Body) -> Result<(), Problem> {
    files().write(name, body).await
}
#[doc(hidden)]
#[allow(non_camel_case_types)]
type __upload_A0 = String;
#[doc(hidden)]
#[allow(non_camel_case_types)]
type __upload_A1 = Body;
#[doc(hidden)]
#[allow(non_camel_case_types)]
type __upload_Returns = Result<(), Problem>;
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
mod upload {
    pub mod types {
        use ::counterpart::private;
        #[allow(unused_imports)]
        use private::ProbeDefault as _;
        pub type String = super::super::__upload_A0;
        pub type __Wire0 = private::Wire<String, { private::Probe::<String>::TRAVELS }>;
        pub type Body = super::super::__upload_A1;
        pub type __Content1 = private::Content<
            Body,
            { private::Probe::<Body>::CONTENT },
            { private::Probe::<Body>::TRAVELS },
        >;
        pub type __Returns = super::super::__upload_Returns;
        pub const __IS_RESULT: ::core::primitive::bool = private::Probe::<
            __Returns,
        >::IS_RESULT;
        pub type Unit = <__Returns as private::Split<{ __IS_RESULT }>>::Ok;
        pub type Problem = <__Returns as private::Split<{ __IS_RESULT }>>::Err;
    }
    use ::counterpart::private;
    #[allow(unused_imports)]
    use private::ProbeDefault as _;
    pub const KIND: ::core::primitive::u8 = private::Probe::<types::Unit>::KIND;
    pub const TEMPLATE: &str = "/files/{*name}";
    /// The path of this route, its parameters percent-encoded.
    ///
    /// It knows nothing of the lists that hold the route: their prefixes come from [`counterpart::Prefix`].
    pub fn path(name: impl ::core::convert::Into<types::String>) -> String {
        let name: types::String = ::core::convert::Into::into(name);
        let writer = private::PathWriter::new(TEMPLATE);
        let writer = types::__Wire0::put_param(writer, "name", &name);
        writer.finish()
    }
    pub const ENDPOINT: &private::Endpoint = {
        private::assert_travels::<types::String>();
        private::assert_content::<
            types::Body,
            { private::Probe::<types::Body>::CONTENT },
        >();
        &private::Endpoint {
            method: "POST",
            template: TEMPLATE,
            name: "upload",
            module: module_path!(),
            file: file!(),
            line: line!(),
            docs: "Put a file, whatever is in it.",
            body_limit: None,
            inputs: &[
                private::Input::new::<types::String>("name", private::Place::Path),
                private::Input::new::<types::Body>("body", private::Place::Body),
            ],
            needs: &[],
            handle,
        }
    };
    fn handle(mut incoming: private::Incoming<'_>) -> private::Handling<'_> {
        Box::pin(async move {
            if let Some(refusal) = types::__Content1::refuse(&incoming) {
                return refusal;
            }
            let a0 = types::__Wire0::path(&mut incoming, "name");
            incoming.body_stands_here();
            let a1 = types::__Content1::read(&mut incoming).await;
            let (Some(a0), Some(a1)) = (a0, a1) else {
                return incoming.reject();
            };
            let returned: types::__Returns = private::detached(super::upload(a0, a1))
                .await;
            match <types::__Returns as private::Split<
                { types::__IS_RESULT },
            >>::split(returned) {
                Ok(right) => <types::Unit as private::Answer<KIND>>::answer(right),
                Err(wrong) => {
                    private::answer_error::<types::Problem>(&wrong, incoming.context())
                }
            }
        })
    }
    #[doc(hidden)]
    #[allow(unused_macros)]
    macro_rules! __counterpart_upload_207ef9787d1fd64d {
        (method $name:ident $($route:tt)*) => {
            #[doc = r" Put a file, whatever is in it."] pub fn $name (& self, name : impl
            ::core::convert::Into < $($route)* ::types::String >, body : impl
            ::core::convert::Into < $($route)* ::types::Body >) -> ::counterpart::Call <
            $($route)* ::types::Unit, $($route)* ::types::Problem, { $($route)* ::KIND }
            > { let mut draft = ::counterpart::private::ApiClient::draft(self, $($route)*
            ::ENDPOINT); let name : $($route)* ::types::String =
            ::core::convert::Into::into(name); $($route)* ::types::__Wire0::put_path(&
            mut draft, "name", & name); let body : $($route)* ::types::Body =
            ::core::convert::Into::into(body); $($route)* ::types::__Content1::put(& mut
            draft, body); ::counterpart::Call::new(draft) }
        };
        (location($($route:tt)*) ($answer:expr)) => {
            { let writer = ::counterpart::private::PathWriter::new($($route)*
            ::TEMPLATE); let writer = $($route)* ::types::__Wire0::put_param(writer,
            "name", & $answer .name); writer.finish() }
        };
    }
    #[doc(hidden)]
    #[allow(unused_imports)]
    pub(crate) use __counterpart_upload_207ef9787d1fd64d as client;
}
