//! The server's half: from a request to the user's function and back.

use proc_macro2::{Span, TokenStream};
use quote::{quote, quote_spanned};
use syn::Path;
use syn::ext::IdentExt;

use crate::expand::endpoint::local;
use crate::expand::types::{ArgumentTypes, Types};
use crate::model::{Argument, Hold, Role, Route};
use crate::{names, shape};

/// What the server provides comes first, since a refusal (401, 403) must not tell what validation would say;
/// then everything that travels, its faults gathered; then the user's function.
pub(crate) fn handle(route: &Route, types: &Types) -> TokenStream {
    let private = names::near();
    let incoming = incoming();
    let provided = each(route, types, provide);
    let refused = each(route, types, refuse);
    // The body is last: one that is taken as it is must not be touched if something else is wrong.
    let read = each(route, types, read).chain(each(route, types, read_body));
    let gathered = gathered(route);
    let returned = returned(route);
    let answered = answered(route, types);
    let location = location(route);
    // A future that is not `Send` is reported at the boxing, so that is spanned at the function's name.
    let place = Span::mixed_site().located_at(route.function.signature.ident.span());
    let boxed = quote_spanned!(place=> Box::pin);
    quote! {
        fn handle(mut #incoming: #private::Incoming<'_>) -> #private::Handling<'_> {
            #location
            #boxed(async move {
                #(#provided)*
                #(#refused)*
                #(#read)*
                #gathered
                #returned
                #answered
            })
        }
    }
}

type Write = fn(usize, &Argument, &ArgumentTypes) -> Option<TokenStream>;

fn each<'r>(
    route: &'r Route,
    types: &'r Types,
    write: Write,
) -> impl Iterator<Item = TokenStream> + 'r {
    let both = route.arguments.iter().zip(&types.arguments).enumerate();
    both.filter_map(move |(index, (argument, its))| write(index, argument, its))
}

/// ```text
/// let a3 = match types::__Lend3::provide(incoming.context()).await {
///     Ok(lent) => lent,
///     Err(refusal) => return refusal,
/// };
/// ```
fn provide(index: usize, argument: &Argument, its: &ArgumentTypes) -> Option<TokenStream> {
    let incoming = incoming();
    let local = local(index);
    let ArgumentTypes { whole, witness, .. } = its;
    let value = match argument.role {
        Role::Provided { optional: false } => {
            or_refuse(&quote!(types::#witness::provide(#incoming.context()).await))
        }
        Role::Provided { optional: true } => {
            quote!(types::#witness::provide_optional(#incoming.context()).await)
        }
        Role::Server(Hold::Reference) => or_refuse(&quote!(#incoming.state::<types::#whole>())),
        Role::Server(Hold::OptionalReference) => {
            quote!(#incoming.state_optional::<types::#whole>())
        }
        Role::Server(Hold::Shared) => or_refuse(&quote!(#incoming.state_arc::<types::#whole>())),
        Role::Server(Hold::Value) => {
            let lent = or_refuse(&quote!(#incoming.state::<types::#whole>()));
            quote!(<types::#whole as Clone>::clone(#lent))
        }
        _ => return None,
    };
    Some(quote!(let #local = #value;))
}

/// The value, or the refusal as the whole answer.
fn or_refuse(result: &TokenStream) -> TokenStream {
    quote! {
        match #result {
            Ok(lent) => lent,
            Err(refusal) => return refusal,
        }
    }
}

/// 415 comes before validation, and only where there is a body to read.
fn refuse(_: usize, argument: &Argument, its: &ArgumentTypes) -> Option<TokenStream> {
    let incoming = incoming();
    let witness = &its.witness;
    (argument.role == Role::Body).then(|| {
        quote! {
            if let Some(refusal) = types::#witness::refuse(&#incoming) {
                return refusal;
            }
        }
    })
}

/// `let a0 = types::__Wire0::path(&mut incoming, "id");`
fn read(index: usize, argument: &Argument, its: &ArgumentTypes) -> Option<TokenStream> {
    let incoming = incoming();
    let local = local(index);
    let witness = &its.witness;
    let value = match &argument.role {
        Role::Path => {
            let key = argument.name.unraw().to_string();
            quote!(path(&mut #incoming, #key))
        }
        Role::Query { key } => quote!(query(&mut #incoming, #key)),
        Role::Header { name } => quote!(header(&mut #incoming, #name)),
        Role::Body => return Some(quote!(#incoming.body_stands_here();)),
        Role::Provided { .. } | Role::Server(_) => return None,
    };
    Some(quote!(let #local = types::#witness::#value;))
}

/// `let a0 = types::__Content0::read(&mut incoming).await;`
fn read_body(index: usize, argument: &Argument, its: &ArgumentTypes) -> Option<TokenStream> {
    let incoming = incoming();
    let local = local(index);
    let witness = &its.witness;
    (argument.role == Role::Body)
        .then(|| quote!(let #local = types::#witness::read(&mut #incoming).await;))
}

/// `let (Some(a0), Some(a1)) = (a0, a1) else { return incoming.reject() };`
fn gathered(route: &Route) -> Option<TokenStream> {
    let incoming = incoming();
    let arguments = route.arguments.iter().enumerate();
    let locals: Vec<_> =
        arguments.filter(|(_, argument)| argument.role.travels()).map(|(i, _)| local(i)).collect();
    (!locals.is_empty()).then(|| {
        quote! {
            let (#(Some(#locals),)*) = (#(#locals,)*) else {
                return #incoming.reject();
            };
        }
    })
}

/// `let returned = super::get_user(a0, a1, &a2).await;`, in `private::detached(…)` if the route says so.
fn returned(route: &Route) -> TokenStream {
    let name = &route.function.signature.ident;
    let returned = returned_local();
    let arguments = route.arguments.iter().enumerate().map(|(index, argument)| {
        let local = local(index);
        match argument.role {
            Role::Provided { optional: false } => quote!(&#local),
            Role::Provided { optional: true } => quote!(#local.as_deref()),
            _ => quote!(#local),
        }
    });
    let awaited = route.answer.awaited.then(|| {
        let place = Span::mixed_site().located_at(name.span());
        quote_spanned!(place=> .await)
    });
    let private = names::near();
    let mut call = quote!(super::#name(#(#arguments),*));
    if route.detach.is_some() {
        call = quote!(#private::detached(#call));
    }
    quote!(let #returned: types::__Returns = #call #awaited;)
}

/// ```text
/// match <types::__Returns as Split<…>>::split(returned) {
///     Ok(right) => <types::User as Answer<KIND>>::answer(right),
///     Err(wrong) => answer_error(&wrong, incoming.context()),
/// }
/// ```
fn answered(route: &Route, types: &Types) -> TokenStream {
    let private = names::near();
    let incoming = incoming();
    let returned = returned_local();
    // A const picks the reading of what is returned, whatever alias hides it.
    let split = quote!(<types::__Returns as #private::Split<{ types::__IS_RESULT }>>);
    let Types { answer, error, .. } = types;
    let answer =
        quote_spanned!(answer_place(route)=> <types::#answer as #private::Answer<KIND>>::answer);
    let answer_error = quote_spanned!(error_place(route)=> #private::answer_error::<types::#error>);
    let right = match &route.location {
        None => quote!(#answer(right)),
        Some(other) => located(other, &answer),
    };
    quote! {
        match #split::split(#returned) {
            Ok(right) => #right,
            Err(wrong) => #answer_error(&wrong, #incoming.context()),
        }
    }
}

/// ```text
/// {
///     let path = super::get_user::client! { location (super::get_user) (Location(&right)) };
///     located(<types::User as Answer<KIND>>::answer(right), &path, incoming.context())
/// }
/// ```
///
/// The path is read off the answer before the answer is given away.
fn located(other: &Path, answer: &TokenStream) -> TokenStream {
    let private = names::near();
    let incoming = incoming();
    let other = shape::from_below(other);
    quote! {{
        let path = #other::client! { location (#other) (Location(&right)) };
        #private::located(#answer(right), &path, #incoming.context())
    }}
}

/// The answer under a name that says what it is read for: a member it lacks is missing on a `Location<'_, User>`.
fn location(route: &Route) -> Option<TokenStream> {
    route.location.is_some().then(|| {
        quote! {
            struct Location<'a, T>(&'a T);
            impl<T> ::core::ops::Deref for Location<'_, T> {
                type Target = T;
                fn deref(&self) -> &T {
                    self.0
                }
            }
        }
    })
}

/// Where the user wrote the error.
fn error_place(route: &Route) -> Span {
    let Some(ty) = &route.answer.ty else { return Span::mixed_site() };
    match shape::result_arguments(ty).as_deref() {
        Some([_, error]) => shape::place(error),
        _ => shape::place(ty),
    }
}

/// Where the user wrote the answer.
fn answer_place(route: &Route) -> Span {
    let Some(ty) = &route.answer.ty else { return Span::mixed_site() };
    match shape::result_arguments(ty).as_deref() {
        Some([answer, ..]) => shape::place(answer),
        _ => shape::place(ty),
    }
}

fn incoming() -> proc_macro2::Ident {
    proc_macro2::Ident::new("incoming", Span::mixed_site())
}

fn returned_local() -> proc_macro2::Ident {
    proc_macro2::Ident::new("returned", Span::mixed_site())
}
