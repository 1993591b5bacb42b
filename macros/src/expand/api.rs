//! A list: the table, the conflict check and the client. See `golden/users.rs`.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{format_ident, quote, quote_spanned};
use syn::ext::IdentExt;
use syn::{Path, parse_quote};

use crate::model::{Entry, EntryKind, List};
use crate::names;
use crate::parse::api::last;

pub(crate) fn list(list: &List) -> TokenStream {
    let table = table(list);
    let client = client(list);
    quote!(#table #client)
}

/// ```text
/// #[derive(Debug, Clone, Copy)]
/// pub struct Users;
/// const __COUNTERPART_Users: &'static List = &List { … };
/// impl Api for Users { const LIST: &'static List = __COUNTERPART_Users; }
/// const _: () = refuse_conflicts::<{ __COUNTERPART_Users.count() }>(__COUNTERPART_Users);
/// ```
///
/// The check says nothing of `Users`, so that a list that nobody mounts is noticed as an unused type.
fn table(list: &List) -> TokenStream {
    let private = names::private();
    let List { attributes, visibility, name, entries } = list;
    let text = name.unraw().to_string();
    let rows = entries.iter().map(row);
    let docs = (!has_docs(list)).then(|| {
        let docs = format!("The routes of `{text}`.");
        quote!(#[doc = #docs])
    });
    // All of it is told as the user's own, or the compiler would keep quiet about an unused list.
    let declared = quote_spanned!(name.span()=> #visibility struct #name;);
    let rows_name = format_ident!("__COUNTERPART_{}", name.unraw(), span = Span::call_site());
    let check = quote_spanned! {name.span()=>
        #private::refuse_conflicts::<{ #rows_name.count() }>(#rows_name)
    };
    quote! {
        #docs
        #(#attributes)*
        #[derive(Debug, Clone, Copy, Default)]
        #declared
        #[doc(hidden)]
        #[allow(non_upper_case_globals)]
        const #rows_name: &#private::List = &#private::List {
            name: #text,
            file: ::core::file!(),
            line: ::core::line!(),
            entries: &[#(#rows),*],
        };
        impl #private::Api for #name {
            const LIST: &'static #private::List = #rows_name;
        }
        const _: () = #check;
    }
}

fn has_docs(list: &List) -> bool {
    list.attributes.iter().any(|attribute| attribute.path().is_ident("doc"))
}

/// `Entry::Route(users::get_user::ENDPOINT)`
fn row(entry: &Entry) -> TokenStream {
    let private = names::private();
    let Entry { attributes, kind, .. } = entry;
    let path = &path_from_here(&entry.path);
    match kind {
        EntryKind::Route => {
            // A function without an attribute has no endpoint, which is told where it is listed.
            let endpoint = Ident::new("ENDPOINT", place(entry));
            quote!(#(#attributes)* #private::Entry::Route(#path::#endpoint))
        }
        EntryKind::List { prefix } => quote! {
            #(#attributes)* #private::Entry::List(#prefix, <#path as #private::Api>::LIST)
        },
    }
}

/// ```text
/// #[derive(Debug, Clone)]
/// pub struct UsersClient(Base);
/// impl ApiClient for UsersClient { … }
/// impl UsersClient { get_user::client! { method get_user get_user } … }
/// ```
fn client(list: &List) -> TokenStream {
    let private = names::private();
    let List { visibility, name, entries, .. } = list;
    let client = client_name(name);
    let docs = format!("The typed client of [`{name}`].");
    let taken = |word: &str| entries.iter().any(|entry| entry.name.unraw() == word);
    let common = names::CLIENT_METHODS.iter().filter(|word| !taken(word)).map(|word| common(word));
    let methods = entries.iter().map(method);
    quote! {
        #[doc = #docs]
        #[derive(Debug, Clone)]
        #[allow(dead_code)]
        #visibility struct #client(#private::Base);
        impl #private::ApiClient for #client {
            fn of_base(base: #private::Base) -> Self {
                Self(base)
            }
            fn base(&self) -> &#private::Base {
                &self.0
            }
        }
        // The methods are as documented, as visible and as long as their routes are.
        #[allow(
            dead_code, missing_docs, private_interfaces, private_bounds, unreachable_pub, unused_mut,
            unused_qualifications, clippy::all, clippy::pedantic, clippy::nursery
        )]
        impl #client {
            #(#common)*
            #(#methods)*
        }
    }
}

/// Where the user listed it.
fn place(entry: &Entry) -> Span {
    Span::call_site().located_at(last(&entry.path).span())
}

/// One method of the client, written by the route's own macro.
fn method(entry: &Entry) -> TokenStream {
    let private = names::private();
    let Entry { attributes, name, kind, .. } = entry;
    let path = &path_from_here(&entry.path);
    match kind {
        EntryKind::Route => {
            let client = Ident::new("client", place(entry));
            quote!(#(#attributes)* #path::#client! { method #name #path })
        }
        EntryKind::List { prefix } => {
            let client = client_path(path);
            let docs = format!("The client of [`{}`].", last(path));
            quote! {
                #(#attributes)*
                #[doc = #docs]
                pub fn #name(&self) -> #client {
                    #private::ApiClient::nested(self, #prefix)
                }
            }
        }
    }
}

fn client_name(name: &Ident) -> Ident {
    format_ident!("{}Client", name.unraw(), span = name.span())
}

/// A single name is one of this module, even where a crate is called the same: `log` becomes `self::log`.
fn path_from_here(path: &Path) -> Path {
    let is_name = path.leading_colon.is_none() && path.segments.len() == 1;
    if is_name { parse_quote!(self::#path) } else { path.clone() }
}

/// `posts::PostsClient` of `posts::Posts`
fn client_path(path: &Path) -> Path {
    let mut path = path.clone();
    if let Some(segment) = path.segments.last_mut() {
        segment.ident = client_name(&segment.ident);
    }
    path
}

/// What every client has, unless a route has taken the name.
fn common(word: &str) -> TokenStream {
    let private = names::private();
    match word {
        "local" => quote! {
            /// The client of an app in this process: no socket, no port.
            #[track_caller]
            pub fn local(app: ::counterpart::App) -> Self {
                #private::local::<Self>(app)
            }
        },
        "http" => quote! {
            ::counterpart::__if_client! {
                /// The client of a server at `url`, over the network.
                ///
                /// # Errors
                ///
                /// If `url` is not one that can be called.
                pub fn http(url: &str) -> ::core::result::Result<Self, ::counterpart::Fault> {
                    #private::http::<Self>(url)
                }
            }
        },
        "over" => quote! {
            /// The client over any service.
            pub fn over(service: impl ::counterpart::Service) -> Self {
                <Self as #private::ApiClient>::over(service)
            }
        },
        "raw" => quote! {
            /// A request of any kind, for what the typed calls refuse to send.
            pub fn raw(&self, method: &str, path: &str) -> ::counterpart::RawCall {
                <Self as #private::ApiClient>::raw(self, method, path)
            }
        },
        "bearer" => quote! {
            /// Sends `authorization: Bearer …` with every call.
            #[must_use]
            pub fn bearer(&self, token: impl ::core::convert::AsRef<str>) -> Self {
                <Self as #private::ApiClient>::bearer(self, token)
            }
        },
        "header" => quote! {
            /// Sends a header with every call.
            #[must_use]
            pub fn header(&self, name: &str, value: &str) -> Self {
                <Self as #private::ApiClient>::header(self, name, value)
            }
        },
        _ => quote! {
            /// Gives every call up after `limit`.
            #[must_use]
            pub fn timeout(&self, limit: ::core::time::Duration) -> Self {
                <Self as #private::ApiClient>::timeout(self, limit)
            }
        },
    }
}
