//! Real records: the characters of Unicode, each under its own name.
//!
//! The record the API takes has a unique name and a second text. No list of real people with their addresses
//! belongs in a test, and rows made up by a rule would only hold what the rule's author thought of. So the users
//! here are characters: `name` is the name that the Unicode standard gives (`LATIN SMALL LETTER A`), and `email` is the
//! character itself, at a host that nobody has (`a@unicode.example`). Names are unique by the standard's own rule, and
//! the second column is every character JSON, CSV, UTF-8 and SQL ever stumbled over: quotes, backslash, joiners,
//! right-to-left marks, astral planes.
//!
//! Weighed and left: the world's cities (`reverse_geocoder`: names repeat, and mean nothing without co-ordinates),
//! languages (`isolang`: under 8,000), the Public Suffix List (`psl`: one column), vendors of network cards (names
//! repeat).

use users::NewUser;

/// Some 13,000 records: every third named character, without the ideographs and the Hangul syllables, whose names
/// are computed.
pub fn records() -> Vec<NewUser> {
    let written =
        |name: &String| !name.contains("IDEOGRAPH") && !name.starts_with("HANGUL SYLLABLE");
    let named = |c: char| Some((unicode_names2::name(c)?.to_string(), c));
    ('\0'..=char::MAX)
        .filter_map(named)
        .filter(|(name, _)| written(name))
        .step_by(3)
        .map(|(name, c)| NewUser { name, email: format!("{c}@unicode.example"), bio: None })
        .collect()
}
