//! What the macros have understood: plain data between parsing, checking and writing.
//! Nothing here parses and nothing here quotes.

use proc_macro2::{Ident, Span, TokenStream};
use syn::{Attribute, LitStr, Path, Signature, Type, Visibility};

/// One function under a route attribute.
pub(crate) struct Route {
    pub(crate) function: Function,
    /// As the wire says it.
    pub(crate) method: String,
    pub(crate) template: Template,
    pub(crate) arguments: Vec<Argument>,
    pub(crate) answer: Answer,
    /// `location = get_user`
    pub(crate) location: Option<Path>,
    /// `body_limit = "10 MiB"`, in bytes
    pub(crate) body_limit: Option<u64>,
    /// `detach`, where it stands
    pub(crate) detach: Option<Ident>,
    /// Tells this route's hidden macro from every other's.
    pub(crate) mark: String,
}

/// The user's function, the markers taken off its arguments, its body unread.
pub(crate) struct Function {
    pub(crate) attributes: Vec<Attribute>,
    pub(crate) visibility: Visibility,
    pub(crate) signature: Signature,
    pub(crate) body: TokenStream,
    /// Other route attributes on the same function, taken off it.
    pub(crate) rivals: Vec<Attribute>,
}

/// A path with parameters, as it was written.
#[derive(Clone)]
pub(crate) struct Template {
    pub(crate) text: String,
    pub(crate) parameters: Vec<Parameter>,
    pub(crate) place: Span,
}

/// `{name}` or `{*name}`.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Parameter {
    pub(crate) name: String,
    pub(crate) rest: bool,
}

pub(crate) struct Argument {
    pub(crate) name: Ident,
    /// As written.
    pub(crate) ty: Type,
    pub(crate) role: Role,
    /// What stands before it in brackets, in order.
    pub(crate) markers: Vec<Marker>,
    /// Whether an alias for the type can be written; not if it names a generic parameter or is `impl Trait`.
    pub(crate) nameable: bool,
}

/// `#[query("name")]` before an argument.
pub(crate) struct Marker {
    pub(crate) word: Ident,
    pub(crate) kind: MarkerKind,
    pub(crate) text: Option<LitStr>,
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum MarkerKind {
    Query,
    Header,
    Body,
    Server,
    /// A word that is refused; the argument is read as if it were not there.
    Refused,
}

/// Where an argument comes from.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Role {
    Path,
    Query {
        key: String,
    },
    Header {
        name: String,
    },
    Body,
    /// `&T` and `Option<&T>`
    Provided {
        optional: bool,
    },
    /// `#[server]`
    Server(Hold),
}

/// How a handler holds what `#[server]` hands it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Hold {
    /// `&T`
    Reference,
    /// `Option<&T>`
    OptionalReference,
    /// `Arc<T>`
    Shared,
    /// `T`
    Value,
}

impl Role {
    /// Whether the argument comes over the wire, and so has a place in the client's call.
    pub(crate) fn travels(&self) -> bool {
        !matches!(self, Self::Provided { .. } | Self::Server(_))
    }
}

/// What the function gives back.
pub(crate) struct Answer {
    /// The type behind `async` or `impl Future`; none is `()`.
    pub(crate) ty: Option<Type>,
    /// Whether the call must be awaited.
    pub(crate) awaited: bool,
    pub(crate) nameable: bool,
}

/// `api!(pub Users: …)`
pub(crate) struct List {
    pub(crate) attributes: Vec<Attribute>,
    pub(crate) visibility: Visibility,
    pub(crate) name: Ident,
    pub(crate) entries: Vec<Entry>,
}

pub(crate) struct Entry {
    pub(crate) attributes: Vec<Attribute>,
    pub(crate) path: Path,
    /// What the client calls it.
    pub(crate) name: Ident,
    pub(crate) kind: EntryKind,
}

#[derive(Debug, PartialEq)]
pub(crate) enum EntryKind {
    Route,
    /// Another list, under a prefix that may be empty.
    List {
        prefix: String,
    },
}

/// An enum under `derive(ApiError)`.
pub(crate) struct ErrorEnum {
    pub(crate) name: Ident,
    pub(crate) variants: Vec<ErrorVariant>,
}

pub(crate) struct ErrorVariant {
    pub(crate) name: Ident,
    pub(crate) code: String,
    /// The word to blame for the code.
    pub(crate) code_place: Span,
    pub(crate) kind: VariantKind,
    pub(crate) fields: VariantFields,
}

pub(crate) enum VariantKind {
    /// `#[error(404, "there is no user {id}")]`
    Plain { status: u16, message: Option<Message> },
    /// `#[error(transparent)]`
    Transparent,
}

/// The text of a variant.
pub(crate) struct Message {
    pub(crate) text: LitStr,
    /// The fields it names, each once.
    pub(crate) fields: Vec<String>,
}

pub(crate) enum VariantFields {
    Unit,
    /// Named fields that travel as members of the problem.
    Members(Vec<Member>),
    /// One field that stays on the server; its name, if it has one.
    Opaque {
        name: Option<Ident>,
        ty: Type,
    },
    /// The error inside a transparent variant.
    Nested {
        ty: Type,
    },
}

pub(crate) struct Member {
    pub(crate) name: Ident,
    pub(crate) ty: Type,
}
