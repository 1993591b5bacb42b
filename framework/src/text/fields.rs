//! Fields: the field table of a message (RFC 9110 §5).
//!
//! A head that was read is one block of bytes, and a table of slices of it; nothing is copied and no
//! map is built. Fields made by hand stand behind the slices, as pairs of `http`'s types. The table's
//! memory comes from a small pool per thread and goes back there, so a request allocates none.

mod table;

use std::fmt;
use std::ops::Range;

use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue};

use self::table::{Slot, Table, is, mark};
use super::ready::Ready;

/// The fields of a message, in the order in which they were read or added.
///
/// Names are compared without regard to case. One name may stand in several fields: [`get`](Self::get)
/// gives the first, [`get_all`](Self::get_all) each.
///
/// ```
/// use counterpart::Fields;
/// use counterpart::http::{HeaderValue, header};
///
/// let mut fields = Fields::new();
/// fields.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/plain"));
/// assert_eq!(fields.get("Content-Type"), Some(&b"text/plain"[..]));
/// ```
#[derive(Default)]
pub struct Fields(Kept);

/// How fields are kept.
#[derive(Default)]
enum Kept {
    #[default]
    None,
    /// One that many messages share.
    Ready(&'static Ready),
    Table(Box<Table>),
}

impl Fields {
    /// No fields, and no memory.
    #[must_use]
    pub const fn new() -> Self {
        Self(Kept::None)
    }

    /// A field that many messages share.
    pub(crate) const fn of_ready(field: &'static Ready) -> Self {
        Self(Kept::Ready(field))
    }

    /// That field, if it is still the only one.
    pub(crate) const fn ready(&self) -> Option<&'static Ready> {
        match self.0 {
            Kept::Ready(field) => Some(field),
            _ => None,
        }
    }

    /// The bytes of the head or the trailers that were read, line and all; none if they were made by hand.
    pub(crate) fn block(&self) -> &[u8] {
        self.table().map_or(&[], |table| &table.block)
    }

    /// Gives the slices their block, which may come after them.
    #[inline]
    pub(crate) fn set_block(&mut self, block: Bytes) {
        self.table_mut().block = block;
    }

    /// The lines of a block, to be taken in one by one; none if it is longer than 4 GiB.
    ///
    /// Not public: a block made by hand could smuggle a line end into a head.
    pub(crate) fn lines(&mut self, block: &[u8]) -> Option<Lines<'_>> {
        u32::try_from(block.len()).ok()?;
        Some(Lines(self.table_mut()))
    }

    /// Sets a field, in the place of all others of its name.
    pub fn insert(&mut self, name: HeaderName, value: HeaderValue) {
        self.remove(&name);
        self.append(name, value);
    }

    /// Adds a field, beside others of its name.
    pub fn append(&mut self, name: HeaderName, value: HeaderValue) {
        self.table_mut().push(name, value);
    }

    /// Adds a field before all that were made by hand.
    #[cfg(feature = "exchange")]
    pub(crate) fn prepend(&mut self, name: HeaderName, value: HeaderValue) {
        let table = self.table_mut();
        table.names |= mark(name.as_str().as_bytes());
        table.made.insert(0, (name, value));
    }

    /// Removes all fields of a name, and tells whether there were any.
    pub fn remove(&mut self, name: impl AsRef<str>) -> bool {
        let name = name.as_ref();
        if !self.contains(name) {
            return false;
        }
        let table = self.table_mut();
        let before = table.len();
        let block = &table.block;
        table.read.retain(|slot| !is(slot.name(block), name));
        table.made.retain(|(made, _)| !is(made.as_str().as_bytes(), name));
        table.len() < before
    }

    /// Removes all fields, and keeps their memory for others, unless it is much.
    #[inline]
    pub(crate) fn clear(&mut self) {
        let keeps = match &mut self.0 {
            Kept::Table(table) => table.clear(),
            _ => false,
        };
        if !keeps {
            self.0 = Kept::None;
        }
    }

    /// Removes what is nobody's business: credentials, and all whose value is sensitive.
    #[cfg(feature = "client")]
    pub(crate) fn remove_secrets(&mut self) {
        // What is ready is no secret.
        let Kept::Table(table) = &mut self.0 else { return };
        let block = &table.block;
        table.read.retain(|slot| !is_secret(slot.name(block)));
        table
            .made
            .retain(|(name, value)| !value.is_sensitive() && !is_secret(name.as_str().as_bytes()));
    }

    /// The first value of a name, as the bytes that travelled.
    #[must_use]
    #[inline]
    pub fn get(&self, name: impl AsRef<str>) -> Option<&[u8]> {
        let name = name.as_ref();
        if self.may_have(name) { self.find(name) } else { None }
    }

    /// Whether a field of this name may be there. Where it is asked of a name that is known, that is one look.
    #[inline]
    fn may_have(&self, name: &str) -> bool {
        match &self.0 {
            Kept::None => false,
            Kept::Ready(_) => true,
            Kept::Table(table) => table.may_have(name),
        }
    }

    fn find(&self, name: &str) -> Option<&[u8]> {
        match &self.0 {
            Kept::Table(table) => table.values(name).next(),
            _ => self.ready().filter(|field| field.is(name)).map(|field| field.value.as_bytes()),
        }
    }

    /// The first value of a name, if it is UTF-8.
    #[must_use]
    pub fn get_str(&self, name: impl AsRef<str>) -> Option<&str> {
        self.get(name).and_then(|value| std::str::from_utf8(value).ok())
    }

    /// The first value of a name as ISO-8859-1 reads it, each byte a character: for peers that still send that.
    #[must_use]
    pub fn get_latin1(&self, name: impl AsRef<str>) -> Option<String> {
        self.get(name).map(latin1)
    }

    /// All values of a name as one list, with `, ` between them (RFC 9110 §5.3), read as ISO-8859-1. None of
    /// `Set-Cookie`, whose values are no lists: take [`get_all`](Self::get_all).
    ///
    /// ```
    /// use counterpart::Fields;
    /// use counterpart::http::{HeaderValue, header};
    ///
    /// let mut fields = Fields::new();
    /// fields.append(header::VARY, HeaderValue::from_static("accept"));
    /// fields.append(header::VARY, HeaderValue::from_static("cookie"));
    /// assert_eq!(fields.get_joined("vary").as_deref(), Some("accept, cookie"));
    /// ```
    #[must_use]
    pub fn get_joined(&self, name: &str) -> Option<String> {
        if name.eq_ignore_ascii_case("set-cookie") {
            return None;
        }
        let values: Vec<String> = self.get_all(name).map(latin1).collect();
        (!values.is_empty()).then(|| values.join(", "))
    }

    /// Every value of a name.
    pub fn get_all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a [u8]> {
        let ready = self.ready().filter(|field| field.is(name));
        let kept = self.table().filter(|table| table.may_have(name));
        let kept = kept.into_iter().flat_map(|table| table.values(name));
        ready.map(|field| field.value.as_bytes()).into_iter().chain(kept)
    }

    /// Whether a field of this name is there.
    #[must_use]
    pub fn contains(&self, name: impl AsRef<str>) -> bool {
        self.get(name).is_some()
    }

    /// Each field's name, in the case it was read in, and its value.
    pub fn iter(&self) -> impl Iterator<Item = (&[u8], &[u8])> {
        let ready = self.ready().map(|field| field.pair()).into_iter();
        ready.chain(self.table().into_iter().flat_map(Table::iter))
    }

    /// The fields that were read, which nobody has looked at as `http`'s types do.
    pub(crate) fn read(&self) -> impl Iterator<Item = (&[u8], &[u8])> {
        let (read, block) =
            self.table().map_or((&[][..], &[][..]), |table| (&table.read[..], &table.block[..]));
        read.iter().map(move |slot| (slot.name(block), slot.value(block)))
    }

    /// The fields that were made by hand, but for one that is [`ready`](Self::ready).
    pub(crate) fn made(&self) -> &[(HeaderName, HeaderValue)] {
        self.table().map_or(&[], |table| &table.made)
    }

    /// How many fields there are.
    #[must_use]
    pub fn len(&self) -> usize {
        match &self.0 {
            Kept::None => 0,
            Kept::Ready(_) => 1,
            Kept::Table(table) => table.len(),
        }
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The same fields as `http`'s map; for those that `http` refuses there is no place in it.
    #[must_use]
    pub fn to_map(&self) -> HeaderMap {
        let mut map = HeaderMap::with_capacity(self.len());
        for (name, value) in self.iter() {
            if let (Ok(name), Ok(value)) =
                (HeaderName::from_bytes(name), HeaderValue::from_bytes(value))
            {
                map.append(name, value);
            }
        }
        map
    }

    fn table(&self) -> Option<&Table> {
        match &self.0 {
            Kept::Table(table) => Some(table),
            _ => None,
        }
    }

    #[inline(always)]
    fn table_mut(&mut self) -> &mut Table {
        if !matches!(self.0, Kept::Table(_)) {
            self.take_table();
        }
        match &mut self.0 {
            Kept::Table(table) => table,
            _ => unreachable!("it was just put there"),
        }
    }

    fn take_table(&mut self) {
        let mut table = table::take();
        if let Kept::Ready(Ready { name, value, .. }) = self.0 {
            table.push(name.clone(), value.clone());
        }
        self.0 = Kept::Table(table);
    }
}

impl Clone for Fields {
    fn clone(&self) -> Self {
        let Kept::Table(table) = &self.0 else {
            return self.ready().map_or_else(Self::new, Self::of_ready);
        };
        let mut copy = Self::new();
        copy.table_mut().clone_from(table);
        copy
    }
}

impl Drop for Fields {
    fn drop(&mut self) {
        if let Kept::Table(table) = std::mem::take(&mut self.0) {
            table::give(table);
        }
    }
}

impl From<HeaderMap> for Fields {
    fn from(map: HeaderMap) -> Self {
        let mut fields = Self::new();
        let mut last = None;
        for (name, value) in map {
            last = name.or(last);
            if let Some(name) = &last {
                fields.append(name.clone(), value);
            }
        }
        fields
    }
}

/// The lines of a head or of trailers, while they are read.
pub(crate) struct Lines<'t>(&'t mut Table);

impl Lines<'_> {
    /// Takes a field line over: its name, which begins at `at` of the block, and where its value begins and ends.
    #[inline]
    pub(crate) fn push(&mut self, name: &[u8], at: usize, value: Range<usize>) {
        self.0.names |= mark(name);
        // The block is shorter than 4 GiB.
        self.0.read.push(Slot {
            name: at as u32,
            colon: (at + name.len()) as u32,
            value: value.start as u32,
            end: value.end as u32,
        });
    }
}

/// Values of the fields that carry credentials are not shown.
impl fmt::Debug for Fields {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let shown = self.iter().map(|(name, value)| {
            let shown = if is_secret(name) { b"(hidden)" } else { value };
            let value = String::from_utf8_lossy(shown);
            (String::from_utf8_lossy(name), value)
        });
        f.debug_map().entries(shown).finish()
    }
}

/// Whether the values of a field never appear in logs.
pub(crate) fn is_secret(name: &[u8]) -> bool {
    SECRET.iter().any(|secret| is(name, secret))
}

fn latin1(bytes: &[u8]) -> String {
    bytes.iter().copied().map(char::from).collect()
}

/// Fields whose values never appear in logs.
const SECRET: [&str; 4] = ["authorization", "proxy-authorization", "cookie", "set-cookie"];

#[cfg(test)]
mod tests {
    use super::*;

    fn read() -> Fields {
        let block = b"Host: a\r\nx-tag: 1\r\nX-Tag: 2\r\n\r\n";
        let mut fields = Fields::new();
        let mut lines = fields.lines(block).unwrap();
        lines.push(b"Host", 0, 6..7);
        lines.push(b"x-tag", 9, 16..17);
        lines.push(b"X-Tag", 19, 26..27);
        fields.set_block(Bytes::from_static(block));
        fields
    }

    #[test]
    fn slices_and_made_fields_are_one_list() {
        let mut fields = read();
        fields.append(HeaderName::from_static("x-tag"), HeaderValue::from_static("3"));
        assert_eq!(fields.get("HOST"), Some(&b"a"[..]));
        assert_eq!(fields.get_all("x-tag").collect::<Vec<_>>(), [b"1", b"2", b"3"]);
        assert_eq!(fields.to_map().get_all("x-tag").iter().count(), 3);
    }

    #[test]
    fn insert_takes_the_place_of_every_other() {
        let mut fields = read();
        fields.insert(HeaderName::from_static("x-tag"), HeaderValue::from_static("9"));
        assert_eq!(fields.get_all("x-tag").collect::<Vec<_>>(), [b"9"]);
        assert!(!fields.remove("absent"));
        assert!(fields.remove("x-tag"));
        assert_eq!(fields.len(), 1);
    }

    #[test]
    fn a_recycled_table_is_empty() {
        drop(read());
        let mut fields = Fields::new();
        fields.insert(HeaderName::from_static("a"), HeaderValue::from_static("b"));
        assert_eq!(fields.iter().collect::<Vec<_>>(), [(&b"a"[..], &b"b"[..])]);
    }

    #[test]
    fn secrets_are_hidden_from_debug() {
        let mut fields = Fields::new();
        fields.insert(http::header::AUTHORIZATION, HeaderValue::from_static("Bearer s3cret"));
        assert!(!format!("{fields:?}").contains("s3cret"));
    }
}
