//! Rules about a list.

use quote::ToTokens;
use syn::ext::IdentExt;

use crate::diagnostic::Diagnostics;
use crate::model::{Entry, List};
use crate::parse::api::last;

/// Every rule about a list; the list without the entries that break one.
pub(crate) fn list(mut list: List, diagnostics: &mut Diagnostics) -> List {
    let mut kept: Vec<Entry> = Vec::new();
    for entry in list.entries {
        let rival = kept.iter().find(|other| other.name.unraw() == entry.name.unraw());
        match rival {
            Some(rival) => diagnostics.blame(&entry.name, clash(rival, &entry)),
            None => kept.push(entry),
        }
    }
    list.entries = kept;
    list
}

/// One client cannot have two methods of one name.
fn clash(first: &Entry, second: &Entry) -> String {
    let (one, other) = (shown(first), shown(second));
    if one == other {
        return format!("`{one}` is in the list twice; remove one");
    }
    format!(
        "`{one}` and `{other}` would both be `{}` on the client; rename one, such as `{other} as other_{}`",
        second.name,
        last(&second.path).unraw()
    )
}

fn shown(entry: &Entry) -> String {
    entry.path.to_token_stream().to_string().replace(' ', "")
}
