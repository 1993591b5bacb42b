//! Content whose coding is undone as it is read.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use async_compression::tokio::bufread::{
    BrotliDecoder, DeflateDecoder, GzipDecoder, ZlibDecoder, ZstdDecoder,
};
use async_compression::zstd::DParameter;
use bytes::{Buf, Bytes, BytesMut};
use http::HeaderMap;
use http_body::{Body as HttpBody, Frame};
use tokio::io::{AsyncBufRead, AsyncRead, ReadBuf};

use super::codings::Codings;
use crate::body::{Body, BodyError, BodyErrorKind};
use crate::io::buffered;

/// A coding of content that can be undone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Coding {
    Gzip,
    /// With a head and a checksum, as it should be, or without, as some send it.
    Deflate,
    Brotli,
    Zstd,
}

/// The content, plain.
pub(super) struct Decoded {
    coding: Coding,
    /// The coded content, until it shows how it begins; then what undoes it; then nothing.
    coded: Option<Source>,
    decoder: Option<Box<dyn Decoder>>,
    block: Vec<u8>,
    given: u64,
    bounds: Codings,
}

/// Coded content, as decoders read it.
struct Source {
    body: Body,
    piece: Bytes,
    taken: u64,
    trailers: Option<HeaderMap>,
    ended: bool,
    /// Why the body broke off, if it did; decoders pass on errors of readers only.
    broken: Option<BodyError>,
}

/// What undoes a coding.
trait Decoder: AsyncRead + Send + Unpin {
    fn source(&mut self) -> &mut Source;
}

macro_rules! decoders {
    ($($decoder:ident)*) => {$(
        impl Decoder for $decoder<Source> {
            fn source(&mut self) -> &mut Source {
                self.get_mut()
            }
        }
    )*};
}

decoders! { GzipDecoder ZlibDecoder DeflateDecoder BrotliDecoder ZstdDecoder }

impl Coding {
    pub(super) fn named(name: &str) -> Option<Self> {
        Some(match name.to_ascii_lowercase().as_str() {
            "gzip" | "x-gzip" => Self::Gzip,
            "deflate" => Self::Deflate,
            "br" => Self::Brotli,
            "zstd" => Self::Zstd,
            _ => return None,
        })
    }

    fn decoder(self, source: Source) -> Box<dyn Decoder> {
        match self {
            Self::Gzip => {
                let mut gzip = GzipDecoder::new(source);
                gzip.multiple_members(true);
                Box::new(gzip)
            }
            Self::Deflate if source.begins_as_zlib() => Box::new(ZlibDecoder::new(source)),
            Self::Deflate => Box::new(DeflateDecoder::new(source)),
            Self::Brotli => Box::new(BrotliDecoder::new(source)),
            Self::Zstd => {
                let window = DParameter::window_log_max(ZSTD_WINDOW);
                let mut zstd = ZstdDecoder::with_params(source, &[window]);
                zstd.multiple_members(true);
                Box::new(zstd)
            }
        }
    }
}

impl Decoded {
    pub(super) fn new(coding: Coding, body: Body, bounds: Codings) -> Self {
        let coded = Some(Source {
            body,
            piece: Bytes::new(),
            taken: 0,
            trailers: None,
            ended: false,
            broken: None,
        });
        Self { coding, coded, decoder: None, block: Vec::new(), given: 0, bounds }
    }

    /// Ready with the next plain bytes, of the trailers, or with the end.
    fn poll_plain(
        &mut self,
        cx: &mut Context<'_>,
    ) -> Poll<Result<Option<Frame<Bytes>>, BodyError>> {
        if let Some(source) = &mut self.coded {
            ready!(source.poll_begin(cx))?;
            self.block = vec![0; BLOCK];
            self.decoder = self
                .coded
                .take_if(|source| !source.piece.is_empty())
                .map(|s| self.coding.decoder(s));
        }
        let Some(decoder) = &mut self.decoder else { return Poll::Ready(Ok(self.trailers())) };
        let mut block = ReadBuf::new(&mut self.block);
        let read = ready!(Pin::new(&mut **decoder).poll_read(cx, &mut block));
        read.map_err(|error| decoder.source().fault(error))?;
        let plain = Bytes::copy_from_slice(block.filled());
        if plain.is_empty() {
            ready!(decoder.source().poll_end(cx))?;
            return Poll::Ready(Ok(self.trailers()));
        }
        self.given += plain.len() as u64;
        let taken = decoder.source().taken;
        self.check_size(taken)?;
        Poll::Ready(Ok(Some(Frame::data(plain))))
    }

    fn check_size(&self, taken: u64) -> Result<(), BodyError> {
        let Codings { most, ratio, .. } = self.bounds;
        let by_ratio = taken.saturating_mul(ratio).max(FREE);
        let limit = most.min(by_ratio);
        if self.given <= limit {
            return Ok(());
        }
        let why = match limit == most {
            true => format!("it grew to over {most} bytes; Codings::max_decoded allows more"),
            false => {
                format!("it grew to over {ratio} times its size; Codings::max_ratio allows more")
            }
        };
        Err(BodyError::new(BodyErrorKind::TooLarge { limit }, why))
    }

    /// The last frame, if there is one.
    fn trailers(&mut self) -> Option<Frame<Bytes>> {
        let trailers = match (self.coded.take(), self.decoder.take()) {
            (Some(mut source), _) => source.trailers.take(),
            (_, Some(mut decoder)) => decoder.source().trailers.take(),
            (None, None) => None,
        };
        trailers.map(Frame::trailers)
    }
}

impl HttpBody for Decoded {
    type Data = Bytes;
    type Error = BodyError;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, BodyError>>> {
        let plain = ready!(self.poll_plain(cx));
        if plain.is_err() {
            (self.coded, self.decoder) = (None, None);
        }
        Poll::Ready(plain.transpose())
    }
}

impl Source {
    /// Ready when there is a piece, or the end.
    fn poll_piece(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), BodyError>> {
        while self.piece.is_empty() && !self.ended {
            self.piece = ready!(self.poll_more(cx))?;
        }
        Poll::Ready(Ok(()))
    }

    /// Ready when so much is there that one can tell what it is, or nothing more comes.
    fn poll_begin(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), BodyError>> {
        while self.piece.len() < 2 && !self.ended {
            let more = ready!(self.poll_more(cx))?;
            let mut both = BytesMut::from(&self.piece[..]);
            both.extend_from_slice(&more);
            self.piece = both.freeze();
        }
        Poll::Ready(Ok(()))
    }

    /// Ready with a piece, which is empty for trailers and at the end.
    fn poll_more(&mut self, cx: &mut Context<'_>) -> Poll<Result<Bytes, BodyError>> {
        let frame = ready!(Pin::new(&mut self.body).poll_frame(cx)).transpose()?;
        let Some(frame) = frame else {
            self.ended = true;
            return Poll::Ready(Ok(Bytes::new()));
        };
        match frame.into_data() {
            Ok(data) => {
                self.taken += data.len() as u64;
                Poll::Ready(Ok(data))
            }
            Err(frame) => {
                self.trailers = frame.into_trailers().ok();
                Poll::Ready(Ok(Bytes::new()))
            }
        }
    }

    /// Ready when it is sure that nothing comes behind the end of the coding.
    fn poll_end(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), BodyError>> {
        ready!(self.poll_piece(cx))?;
        if self.piece.is_empty() {
            return Poll::Ready(Ok(()));
        }
        let why = "there is more behind its end";
        Poll::Ready(Err(BodyError::new(BodyErrorKind::Undecodable, why)))
    }

    /// RFC 1950 §2.2.
    fn begins_as_zlib(&self) -> bool {
        match self.piece[..] {
            [method, flags, ..] => {
                method & 0xf == 8 && u16::from_be_bytes([method, flags]).is_multiple_of(31)
            }
            _ => false,
        }
    }

    fn fault(&mut self, error: io::Error) -> BodyError {
        let kind = match error.kind() {
            io::ErrorKind::UnexpectedEof => {
                BodyErrorKind::Incomplete { received: self.taken, expected: None }
            }
            // What decoders say of a stream that stops in the middle.
            _ if self.ended && self.piece.is_empty() => {
                BodyErrorKind::Incomplete { received: self.taken, expected: None }
            }
            _ => BodyErrorKind::Undecodable,
        };
        self.broken.take().unwrap_or_else(|| BodyError::new(kind, error))
    }
}

impl AsyncBufRead for Source {
    fn poll_fill_buf(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<&[u8]>> {
        let this = self.get_mut();
        match ready!(this.poll_piece(cx)) {
            Ok(()) => Poll::Ready(Ok(&this.piece)),
            Err(error) => {
                this.broken = Some(error);
                Poll::Ready(Err(io::ErrorKind::Other.into()))
            }
        }
    }

    fn consume(self: Pin<&mut Self>, amount: usize) {
        self.get_mut().piece.advance(amount);
    }
}

/// What is read by the buffer can be read without.
impl AsyncRead for Source {
    fn poll_read(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        into: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        buffered::poll_read(self, cx, into)
    }
}

/// How much is undone at a time.
const BLOCK: usize = 32 * 1024;
/// What content may become whatever its size was, in bytes.
const FREE: u64 = 1024 * 1024;
/// The largest window of zstd, as a power of two: what RFC 8878 §3.1.1.1.2 asks every decoder to have, 8 MiB.
const ZSTD_WINDOW: u32 = 23;
