//! A listing as a page.

use std::fmt::Write;
use std::path::Component;

use super::{Column, Listing, human, rfc3339};
use crate::files::page::{Escaped, page};
use crate::files::target::encoded;
use crate::files::tree::Listed;

impl Listing {
    /// The page. Nothing in it is bold, coloured or clickable by a script.
    pub(super) fn html(&self) -> String {
        let mut content = format!(
            "<h1>{}</h1>\n<table>\n<thead><tr>{}</tr></thead>\n<tbody>\n",
            self.crumbs(),
            self.heads()
        );
        if !self.target.path.as_os_str().is_empty() {
            content.push_str(
                "<tr><td><a class=\"folder\" href=\"../\">../</a></td><td class=\"size\"></td><td class=\"date\"></td></tr>\n",
            );
        }
        self.entries.iter().for_each(|entry| row(&mut content, entry));
        content.push_str("</tbody>\n</table>\n");
        if self.entries.is_empty() {
            content.push_str("<p>Nothing is here.</p>\n");
        }
        page(&format!("Index of {}", self.title()), &content)
    }

    /// The path as people read it.
    fn title(&self) -> String {
        let names = self.target.path.components().map(Component::as_os_str);
        names.fold(format!("{}/", self.prefix), |all, name| all + &name.to_string_lossy() + "/")
    }

    /// The way here, each step a link: from the folder that is served.
    fn crumbs(&self) -> String {
        let depth = self.target.path.components().count();
        let mut crumbs = String::new();
        let root = format!("{}/", self.prefix);
        crumb(&mut crumbs, depth, &root);
        for (index, name) in self.target.path.components().enumerate() {
            let name = name.as_os_str().to_string_lossy();
            crumb(&mut crumbs, depth - index - 1, &name);
            crumbs.push_str("<span class=\"sep\">/</span>");
        }
        crumbs
    }

    /// The heads of the columns, which sort; a second time, the other way round.
    fn heads(&self) -> String {
        let head = |(column, name, title): (Column, &str, &str)| {
            let here = self.order.by == column;
            let (order, arrow, sorted) = match (here, self.order.descending) {
                (true, false) => ("desc", " ▲", " aria-sort=\"ascending\""),
                (true, true) => ("asc", " ▼", " aria-sort=\"descending\""),
                (false, _) => ("asc", "", ""),
            };
            format!(
                "<th class=\"{name}\"{sorted}><a href=\"?sort={name}&amp;order={order}\">{title}{arrow}</a></th>"
            )
        };
        Column::ALL.into_iter().map(head).collect()
    }
}

/// A folder so many steps up.
fn crumb(into: &mut String, up: usize, name: &str) {
    let name = Escaped(name);
    // A string takes all that is written to it.
    let _ = match up {
        0 => write!(into, "<span aria-current=\"page\">{name}</span>"),
        _ => write!(into, "<a href=\"{}\">{name}</a>", "../".repeat(up)),
    };
}

/// `<tr><td><a href="./a%20b">a b</a></td><td class="size" title="1234 bytes">1.2 kB</td><td class="date">…</td></tr>`
fn row(into: &mut String, entry: &Listed) {
    let name = entry.name.to_string_lossy();
    let (name, href) = (Escaped(&name), encoded(entry.name.as_encoded_bytes()));
    let (class, slash) = if entry.size.is_none() { (" class=\"folder\"", "/") } else { ("", "") };
    // As `ls -F` has it: what is reached by a link ends in `@`.
    let mark = if entry.link { "@" } else { slash };
    let size = entry.size.map_or_else(String::new, human);
    let exact = match entry.size {
        None => String::new(),
        Some(1) => " title=\"1 byte\"".into(),
        Some(size) => format!(" title=\"{size} bytes\""),
    };
    let date = rfc3339(entry.modified);
    let shown = date.get(..16).unwrap_or(&date).replace('T', " ");
    let _ = writeln!(
        into,
        "<tr><td><a{class} href=\"./{href}{slash}\">{name}{mark}</a></td><td class=\"size\"{exact}>{size}</td>\
         <td class=\"date\"><time datetime=\"{date}\">{shown}</time></td></tr>"
    );
}
