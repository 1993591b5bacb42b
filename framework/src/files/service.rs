//! The course of a request for a file.

use std::io;

use http::{HeaderValue, Method, StatusCode, header};

use super::answer::{answer, append};
use super::asked::Asked;
use super::coding::Coding;
use super::find::{Found, Wanted, find};
use super::listing::{Form, Listing, Order};
use super::refusal::{ALLOW, Refusal};
use super::target::Target;
use super::tree::{Folder, Pace};
use super::{Files, Hidden};
use crate::message::{Request, Response};
use crate::proto::h1::Expectation;
use crate::service::{Fault, Service};

impl Service for Files {
    /// It reads no content, so none is too large, and says what it thinks of a method first.
    const JUDGES_HEADS: bool = true;

    async fn call(&self, request: Request) -> Result<Response, Fault> {
        let asked = Asked::of(request);
        let answered = match asked.method {
            Method::GET | Method::HEAD => self.get(&asked).await,
            Method::OPTIONS => {
                Ok(Response::new(StatusCode::NO_CONTENT).with_field(header::ALLOW, ALLOW))
            }
            _ => Err(Refusal::METHOD),
        };
        let mut response = answered.unwrap_or_else(|refusal| refusal.answer(&asked));
        self.finish(&mut response);
        Ok(response)
    }
}

impl Files {
    async fn get(&self, asked: &Asked) -> Result<Response, Refusal> {
        if asked.expectation == Expectation::Unknown {
            return Err(Refusal::EXPECTATION);
        }
        let wanted = self.wanted(asked)?;
        match self.find(&wanted).await? {
            Found::File(opened) => answer(asked, &self.settings, opened),
            Found::SlashMissing => Ok(with_slash(asked, &wanted.target)),
            Found::Folder(folder) if self.settings.listing => {
                self.list(asked, wanted.target, folder).await
            }
            Found::Folder(_) | Found::Nothing => Err(Refusal::NOTHING),
        }
    }

    fn wanted(&self, asked: &Asked) -> Result<Wanted, Refusal> {
        let target = Target::parse(asked.path(), self.settings.hidden == Hidden::Serve)?;
        let codings =
            if self.settings.precompressed { Coding::wanted(&asked.fields) } else { Vec::new() };
        Ok(Wanted { target, codings, html: asked.takes_html() })
    }

    /// Looks at once in what the system has in memory, as it mostly has. To open a file so and look at it costs 1 µs of a
    /// processor, and 20 to 30 µs by a thread that may wait (measured in November 2026), which is more than all the rest
    /// of a request. Only where the disk must be asked is such a thread used.
    async fn find(&self, wanted: &Wanted) -> io::Result<Found> {
        match find(&self.tree, &self.settings, wanted, Pace::Now) {
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => {
                let (files, wanted) = (self.clone(), wanted.clone());
                waiting(move || find(&files.tree, &files.settings, &wanted, Pace::Patient)).await
            }
            found => found,
        }
    }

    async fn list(
        &self,
        asked: &Asked,
        target: Target,
        folder: Folder,
    ) -> Result<Response, Refusal> {
        let (files, form) = (self.clone(), Form::wanted(asked));
        let (prefix, order) = (asked.prefix().to_owned(), Order::of(asked.query()));
        let listed = waiting(move || {
            let entries = files.tree.list(&folder, &target.path, files.settings.symlinks)?;
            let mut listing = Listing { prefix, target, order, entries };
            listing.arrange(files.settings.hidden == Hidden::Serve);
            Ok(listing.answer(form))
        });
        // A folder that may be passed but not read is none to be seen.
        listed.await.map_err(|_| Refusal::NOTHING)
    }

    /// Adds what every answer has.
    fn finish(&self, response: &mut Response) {
        let nosniff = HeaderValue::from_static("nosniff");
        response.fields.insert(header::X_CONTENT_TYPE_OPTIONS, nosniff);
        // To HEAD nothing is sent, so only the field says that GET would get nothing.
        let told = !matches!(response.status, StatusCode::NO_CONTENT | StatusCode::NOT_MODIFIED);
        if told && response.body.is_empty() {
            response.fields.insert(header::CONTENT_LENGTH, HeaderValue::from(0_u64));
        }
        for (name, _) in &self.settings.fields {
            response.fields.remove(name);
        }
        for (name, value) in &self.settings.fields {
            response.fields.append(name.clone(), value.clone());
        }
    }
}

/// 301 to the folder, from which what it links to is found. The place is made of the folder's names and begins with one
/// slash, so it never is another host.
fn with_slash(asked: &Asked, target: &Target) -> Response {
    let mut location = format!("{}{}", asked.prefix(), target.with_slash());
    if let Some(query) = asked.query() {
        location = location + "?" + query;
    }
    let mut response = Response::new(StatusCode::MOVED_PERMANENTLY);
    append(&mut response.fields, header::LOCATION, location);
    response
}

/// Runs what may wait for a disk where it keeps nobody else waiting.
async fn waiting<T: Send + 'static>(
    work: impl FnOnce() -> io::Result<T> + Send + 'static,
) -> io::Result<T> {
    tokio::task::spawn_blocking(work).await.unwrap_or_else(|failed| Err(io::Error::other(failed)))
}
