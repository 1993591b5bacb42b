//! The types of a signature under names that can be said from outside.

use std::collections::HashMap;

use proc_macro2::{Ident, Span, TokenStream};
use quote::{format_ident, quote};
use syn::ext::IdentExt;
use syn::{Type, parse_quote};

use crate::model::{Argument, Hold, Role, Route};
use crate::{names, shape};

/// Every alias of one route, and the words that say them from inside the route's module.
pub(crate) struct Types {
    /// The handler's name, which the aliases beside it begin with.
    handler: Ident,
    /// `type __get_user_0 = u64;` beside the handler, where its names mean what they mean to it. (A module that
    /// imports all of them would do too, but a thousand routes in one module are a million imports.)
    beside: Vec<TokenStream>,
    /// `pub type User = …;`, the names that documentation shows.
    said: Vec<TokenStream>,
    taken: HashMap<String, String>,
    pub(crate) arguments: Vec<ArgumentTypes>,
    pub(crate) answer: Ident,
    pub(crate) error: Ident,
}

/// The names of one argument's types, inside `types`.
pub(crate) struct ArgumentTypes {
    /// The whole type, references taken off.
    pub(crate) whole: Ident,
    /// What reads and writes it, or provides it.
    pub(crate) witness: Ident,
    /// `T` of an `Option<T>` or `Vec<T>` that is a setter.
    pub(crate) item: Option<Ident>,
}

impl Types {
    pub(crate) fn of(route: &Route) -> Self {
        let mut types = Self {
            handler: route.function.signature.ident.unraw(),
            beside: Vec::new(),
            said: Vec::new(),
            taken: HashMap::new(),
            arguments: Vec::new(),
            answer: format_ident!("Answer"),
            error: format_ident!("Error"),
        };
        for (index, argument) in route.arguments.iter().enumerate() {
            types.argument(index, argument);
        }
        types.answer(route);
        types
    }

    fn argument(&mut self, index: usize, argument: &Argument) {
        let unit: Type = parse_quote!(());
        let ty = if argument.nameable { held(argument) } else { &unit };
        let whole = self.alias(&format!("A{index}"), ty);
        let item = setter_item(argument)
            .filter(|_| argument.nameable)
            .map(|item| self.alias(&format!("A{index}Item"), item));
        let witness = self.witness(index, &whole, argument);
        self.arguments.push(ArgumentTypes { whole, witness, item });
    }

    /// `pub type __Wire0 = Wire<u64, { Probe::<u64>::TRAVELS }>;`
    ///
    /// It is there for every type, so that only the assertion fails for one that does not travel.
    fn witness(&mut self, index: usize, whole: &Ident, argument: &Argument) -> Ident {
        let private = names::near();
        let (kind, facts): (_, &[&str]) = match argument.role {
            Role::Provided { .. } => ("Lend", &["PROVIDED"]),
            Role::Server(_) => return whole.clone(),
            Role::Body => ("Content", &["CONTENT", "TRAVELS"]),
            _ => ("Wire", &["TRAVELS"]),
        };
        let alias = format_ident!("__{kind}{index}");
        let kind = Ident::new(kind, Span::call_site());
        let facts = facts.iter().map(|fact| Ident::new(fact, Span::call_site()));
        self.said.push(quote! {
            pub type #alias = #private::#kind<#whole #(, { #private::Probe::<#whole>::#facts })*>;
        });
        alias
    }

    /// Writes `type __get_user_0 = User;` and, where the name is free, `pub type User = super::super::__get_user_0;`.
    fn alias(&mut self, suffix: &str, ty: &Type) -> Ident {
        let path = self.beside(suffix, ty);
        self.say(ty, &path).unwrap_or_else(|| {
            let alias = format_ident!("__{suffix}");
            self.said.push(quote!(pub type #alias = #path;));
            alias
        })
    }

    /// An alias beside the handler; gives its path from within `types`.
    fn beside(&mut self, suffix: &str, ty: &Type) -> TokenStream {
        let alias = format_ident!("__{}_{suffix}", self.handler);
        self.beside.push(quote!(type #alias = #ty;));
        quote!(super::super::#alias)
    }

    /// Gives `path` the user's own name for it, if the name is free or means the same type. Documentation shows
    /// it: `Call<VecOfUser, UserError>`.
    fn say(&mut self, ty: &Type, path: &TokenStream) -> Option<Ident> {
        let key = shape::spoken_name(ty).filter(|name| name != "private")?;
        let meaning = quote!(#ty).to_string();
        let name = format_ident!("{key}");
        match self.taken.get(&key) {
            Some(taken) => (*taken == meaning).then_some(name),
            None => {
                self.said.push(quote!(pub type #name = #path;));
                self.taken.insert(key, meaning);
                Some(name)
            }
        }
    }

    /// Writes the answer, split into what is right and what is wrong.
    ///
    /// ```text
    /// pub type __Returns = super::super::__get_user_Returns;
    /// pub const __IS_RESULT: ::core::primitive::bool = Probe::<__Returns>::IS_RESULT;
    /// pub type User = <__Returns as Split<{ __IS_RESULT }>>::Ok;
    /// pub type UserError = <__Returns as Split<{ __IS_RESULT }>>::Err;
    /// ```
    fn answer(&mut self, route: &Route) {
        let unit: Type = parse_quote!(());
        let written = route.answer.ty.as_ref().filter(|_| route.answer.nameable);
        let ty = written.unwrap_or(&unit);
        let path = self.beside("Returns", ty);
        self.said.push(quote!(pub type __Returns = #path;));
        let private = names::near();
        self.said.push(quote! {
            pub const __IS_RESULT: ::core::primitive::bool = #private::Probe::<__Returns>::IS_RESULT;
        });
        let split = quote!(<__Returns as #private::Split<{ __IS_RESULT }>>);
        // These are only names: what each half is, the split says.
        let (right, wrong, no_error) = match shape::result_arguments(ty).as_deref() {
            Some([right, wrong]) => (Some(*right), Some(*wrong), "Error"),
            // An alias such as `ApiResult<User>` may hold more than it says.
            Some([right]) if !self.is_said(right) => (Some(*right), None, "Error"),
            Some(_) => (None, None, "Error"),
            None => (Some(ty), None, "Infallible"),
        };
        self.answer = self.half(right, "Answer", &quote!(#split::Ok));
        self.error = self.half(wrong, no_error, &quote!(#split::Err));
    }

    fn is_said(&self, ty: &Type) -> bool {
        shape::spoken_name(ty).is_some_and(|name| self.taken.contains_key(&name))
    }

    fn half(&mut self, ty: Option<&Type>, fallback: &str, path: &TokenStream) -> Ident {
        if let Some(name) = ty.and_then(|ty| self.say(ty, path)) {
            return name;
        }
        let name = if self.taken.contains_key(fallback) {
            format!("__{fallback}")
        } else {
            fallback.to_owned()
        };
        let name = Ident::new(&name, Span::call_site());
        self.said.push(quote!(pub type #name = #path;));
        name
    }

    /// `type __get_user_A0 = u64;`
    pub(crate) fn beside_the_handler(&self) -> &[TokenStream] {
        &self.beside
    }

    /// ```text
    /// pub mod types {
    ///     pub type u64 = super::super::__get_user_A0;
    ///     …
    /// }
    /// ```
    pub(crate) fn module(&self) -> TokenStream {
        let said = &self.said;
        quote! {
            pub mod types {
                use ::counterpart::private;
                #[allow(unused_imports)]
                use private::ProbeDefault as _;
                #(#said)*
            }
        }
    }
}

/// The type an argument stands for, without the reference or `Arc` it is held by.
fn held(argument: &Argument) -> &Type {
    let ty = &argument.ty;
    let referenced = |ty| shape::reference(ty).map(|reference| &*reference.elem);
    match argument.role {
        Role::Provided { optional: true } | Role::Server(Hold::OptionalReference) => {
            shape::only_argument(ty, "Option").and_then(referenced).unwrap_or(ty)
        }
        Role::Server(Hold::Shared) => shape::only_argument(ty, "Arc").unwrap_or(ty),
        _ => referenced(ty).unwrap_or(ty),
    }
}

/// `T` if the argument is optional or repeated, and so set on the call instead of passed to it.
pub(crate) fn setter_item(argument: &Argument) -> Option<&Type> {
    match argument.role {
        Role::Query { .. } | Role::Header { .. } => {
            let option = shape::only_argument(&argument.ty, "Option");
            option.or_else(|| shape::only_argument(&argument.ty, "Vec"))
        }
        _ => None,
    }
}
