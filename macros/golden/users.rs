///The routes of `Users`.
#[derive(Debug, Clone, Copy, Default)]
pub struct Users;
#[doc(hidden)]
#[allow(non_upper_case_globals)]
const __COUNTERPART_Users: &::counterpart::private::List = &::counterpart::private::List {
    name: "Users",
    file: ::core::file!(),
    line: ::core::line!(),
    entries: &[
        ::counterpart::private::Entry::Route(self::get_user::ENDPOINT),
        ::counterpart::private::Entry::Route(admin::list_users::ENDPOINT),
        ::counterpart::private::Entry::List(
            "/posts",
            <self::Posts as ::counterpart::private::Api>::LIST,
        ),
    ],
};
impl ::counterpart::private::Api for Users {
    const LIST: &'static ::counterpart::private::List = __COUNTERPART_Users;
}
const _: () = ::counterpart::private::refuse_conflicts::<
    { __COUNTERPART_Users.count() },
>(__COUNTERPART_Users);
///The typed client of [`Users`].
#[derive(Debug, Clone)]
#[allow(dead_code)]
pub struct UsersClient(::counterpart::private::Base);
impl ::counterpart::private::ApiClient for UsersClient {
    fn of_base(base: ::counterpart::private::Base) -> Self {
        Self(base)
    }
    fn base(&self) -> &::counterpart::private::Base {
        &self.0
    }
}
#[allow(
    dead_code,
    missing_docs,
    private_interfaces,
    private_bounds,
    unreachable_pub,
    unused_mut,
    unused_qualifications,
    clippy::all,
    clippy::pedantic,
    clippy::nursery
)]
impl UsersClient {
    /// The client of an app in this process: no socket, no port.
    #[track_caller]
    pub fn local(app: ::counterpart::App) -> Self {
        ::counterpart::private::local::<Self>(app)
    }
    ::counterpart::__if_client! {
        #[doc = r" The client of a server at `url`, over the network."] #[doc = r""]
        #[doc = r" # Errors"] #[doc = r""] #[doc =
        r" If `url` is not one that can be called."] pub fn http(url : & str) ->
        ::core::result::Result < Self, ::counterpart::Fault > {
        ::counterpart::private::http:: < Self > (url) }
    }
    /// The client over any service.
    pub fn over(service: impl ::counterpart::Service) -> Self {
        <Self as ::counterpart::private::ApiClient>::over(service)
    }
    /// A request of any kind, for what the typed calls refuse to send.
    pub fn raw(&self, method: &str, path: &str) -> ::counterpart::RawCall {
        <Self as ::counterpart::private::ApiClient>::raw(self, method, path)
    }
    /// Sends `authorization: Bearer …` with every call.
    #[must_use]
    pub fn bearer(&self, token: impl ::core::convert::AsRef<str>) -> Self {
        <Self as ::counterpart::private::ApiClient>::bearer(self, token)
    }
    /// Sends a header with every call.
    #[must_use]
    pub fn header(&self, name: &str, value: &str) -> Self {
        <Self as ::counterpart::private::ApiClient>::header(self, name, value)
    }
    /// Gives every call up after `limit`.
    #[must_use]
    pub fn timeout(&self, limit: ::core::time::Duration) -> Self {
        <Self as ::counterpart::private::ApiClient>::timeout(self, limit)
    }
    self::get_user::client! {
        method get_user self::get_user
    }
    admin::list_users::client! {
        method all_users admin::list_users
    }
    ///The client of [`Posts`].
    pub fn posts(&self) -> self::PostsClient {
        ::counterpart::private::ApiClient::nested(self, "/posts")
    }
}
