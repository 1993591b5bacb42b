//! Parts of files: content that a wire may take straight from where it lies, and that others read block by block.

use std::fmt;
use std::fs::File;
use std::io;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use bytes::Bytes;
use http_body::Frame;

use super::{Body, BodyError, Kind};

impl Body {
    /// A body of `length` bytes of a file, from the place `offset` on: a download, or a range of one.
    ///
    /// On Linux, with the feature `files`, TCP and Unix sockets take the bytes straight from the file (`sendfile`).
    /// Everywhere else, and behind layers that look into bodies, they are read 64 KiB at a time, on a thread that may
    /// wait for the disk if there is a runtime of `tokio`. The file's own position is neither used nor moved, so one
    /// file serves many bodies.
    ///
    /// A file that has become shorter fails the message, so that nobody takes it for whole; of one that grows no more
    /// than this is sent.
    ///
    /// ```
    /// use std::fs::File;
    /// use counterpart::Body;
    ///
    /// # fn main() -> std::io::Result<()> {
    /// let file = File::open("Cargo.toml")?;
    /// let body = Body::file_range(file, 1, 7);
    /// assert_eq!(body.length(), Some(7));
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn file_range(file: impl Into<Arc<File>>, offset: u64, length: u64) -> Self {
        let range = FileRange { file: file.into(), offset, left: length };
        Self(Kind::File(Box::new(Reading::new(range))))
    }

    /// Takes the next part off a body that is made of a file, if it is long enough to be sent as such.
    #[cfg(any(feature = "server", feature = "exchange"))]
    pub(crate) fn take_range(&mut self) -> Option<FileRange> {
        match &mut self.0 {
            Kind::File(reading) => reading.take(),
            _ => None,
        }
    }
}

/// So many bytes of a file, from a place in it on.
#[derive(Debug, Clone)]
pub(crate) struct FileRange {
    file: Arc<File>,
    offset: u64,
    left: u64,
}

impl FileRange {
    pub(crate) const fn left(&self) -> u64 {
        self.left
    }

    /// Leaves out so many bytes at its front.
    pub(crate) const fn advance(&mut self, bytes: usize) {
        self.offset = self.offset.saturating_add(bytes as u64);
        self.left = self.left.saturating_sub(bytes as u64);
    }

    /// Reads the next block of it, which may wait for a disk.
    ///
    /// # Errors
    /// If the file cannot be read, or has become shorter.
    pub(crate) fn read(&self) -> io::Result<Bytes> {
        let mut block = vec![0; BLOCK.min(usize::try_from(self.left).unwrap_or(BLOCK))];
        loop {
            match read_at(&self.file, &mut block, self.offset) {
                Ok(0) => return Err(self.cut_short()),
                Ok(read) => {
                    block.truncate(read);
                    return Ok(block.into());
                }
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
    }

    /// That the file ends where there were bytes when its length was taken.
    pub(crate) fn cut_short(&self) -> io::Error {
        let cut = CutShort { at: self.offset, missing: self.left };
        io::Error::new(io::ErrorKind::UnexpectedEof, cut)
    }
}

/// That a file which is being sent has become shorter.
#[derive(Debug)]
pub(crate) struct CutShort {
    at: u64,
    missing: u64,
}

impl CutShort {
    /// Whether an error says so.
    #[cfg(any(feature = "server", feature = "exchange"))]
    pub(crate) fn is(error: &io::Error) -> bool {
        error.get_ref().is_some_and(|error| error.is::<Self>())
    }
}

impl fmt::Display for CutShort {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { at, missing } = self;
        write!(
            f,
            "the file has become shorter: it ends at byte {at}, and {missing} more were announced"
        )
    }
}

impl std::error::Error for CutShort {}

#[cfg(any(feature = "server", feature = "exchange"))]
impl FileRange {
    pub(crate) fn file(&self) -> &File {
        &self.file
    }

    pub(crate) const fn offset(&self) -> u64 {
        self.offset
    }

    /// Its length; no part that is taken off a body is longer than can be counted.
    pub(crate) fn len(&self) -> usize {
        usize::try_from(self.left).unwrap_or(usize::MAX)
    }
}

/// What is left of a file that is a body, and the block of it that is being read.
pub(super) struct Reading {
    range: FileRange,
    #[cfg(feature = "net")]
    block: Option<tokio::task::JoinHandle<io::Result<Bytes>>>,
}

impl Reading {
    fn new(range: FileRange) -> Self {
        Self {
            range,
            #[cfg(feature = "net")]
            block: None,
        }
    }

    pub(super) const fn left(&self) -> u64 {
        self.range.left()
    }

    pub(super) fn poll_frame(
        &mut self,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, BodyError>>> {
        if self.left() == 0 {
            return Poll::Ready(None);
        }
        let read = ready!(self.poll_read(cx)).map_err(BodyError::of_foreign);
        Poll::Ready(Some(read.map(|block| {
            self.range.advance(block.len());
            Frame::data(block)
        })))
    }

    /// Reads the next block where that keeps nobody else waiting; a short one at once, as to call another thread takes
    /// longer than to copy what the system most likely has in memory.
    #[cfg(feature = "net")]
    fn poll_read(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<Bytes>> {
        let block = match &mut self.block {
            Some(block) => block,
            None => match tokio::runtime::Handle::try_current() {
                Ok(runtime) if self.range.left() > SHORT => {
                    let range = self.range.clone();
                    self.block.insert(runtime.spawn_blocking(move || range.read()))
                }
                _ => return Poll::Ready(self.range.read()),
            },
        };
        let read = ready!(std::pin::pin!(block).poll(cx));
        self.block = None;
        Poll::Ready(read.unwrap_or_else(|error| Err(io::Error::other(error))))
    }

    #[cfg(not(feature = "net"))]
    fn poll_read(&mut self, _: &mut Context<'_>) -> Poll<io::Result<Bytes>> {
        Poll::Ready(self.range.read())
    }

    #[cfg(any(feature = "server", feature = "exchange"))]
    fn take(&mut self) -> Option<FileRange> {
        #[cfg(feature = "net")]
        if self.block.is_some() {
            return None;
        }
        if self.left() <= SHORT {
            return None;
        }
        let mut part = self.range.clone();
        part.left = part.left.min(LONGEST as u64);
        self.range.advance(part.len());
        Some(part)
    }

    /// The same bytes once more.
    #[cfg(feature = "client")]
    pub(super) fn copy(&self) -> Self {
        Self::new(self.range.clone())
    }
}

#[cfg(unix)]
fn read_at(file: &File, block: &mut [u8], offset: u64) -> io::Result<usize> {
    std::os::unix::fs::FileExt::read_at(file, block, offset)
}

#[cfg(windows)]
fn read_at(file: &File, block: &mut [u8], offset: u64) -> io::Result<usize> {
    std::os::windows::fs::FileExt::seek_read(file, block, offset)
}

#[cfg(not(any(unix, windows)))]
fn read_at(_: &File, _: &mut [u8], _: u64) -> io::Result<usize> {
    Err(io::ErrorKind::Unsupported.into())
}

/// How much is read at a time.
const BLOCK: usize = 64 * 1024;
/// Up to here what is left of a file is copied behind what waits, so that it leaves in the same write as its head.
#[cfg(any(feature = "net", feature = "exchange"))]
const SHORT: u64 = 16 * 1024;
/// What a wire is asked to send of a file in one turn: then other connections have theirs.
#[cfg(any(feature = "server", feature = "exchange"))]
const LONGEST: usize = 512 * 1024;
