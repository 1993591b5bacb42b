//! Bodies: reading one as its framing says, and holding the writer of one to what its head said.

use bytes::Bytes;

use super::buffer::Buffer;
use super::chunk::{self, Decoder, Found};
use super::error::{ErrorKind, ProtocolError};
use super::framing::Framing;
use super::limits::Limits;
use super::role::Side;
use super::trailer;
use crate::text::Fields;

/// Takes a body off the buffer.
#[derive(Debug, Clone, Copy)]
pub(super) enum Reader {
    Empty,
    Sized(u64),
    Chunked(Decoder),
    UntilClose,
}

/// The next piece of a body.
#[derive(Debug)]
pub(super) enum Piece {
    NeedData,
    Data(Bytes),
    End(Option<Fields>),
}

/// How much body may still come.
#[derive(Debug, Clone, Copy)]
pub(super) struct Allowance(pub(super) u64);

impl Reader {
    pub(super) const fn new(framing: Framing) -> Self {
        match framing {
            Framing::Empty => Self::Empty,
            Framing::Sized(n) => Self::Sized(n),
            Framing::Chunked => Self::Chunked(Decoder::new()),
            Framing::UntilClose => Self::UntilClose,
        }
    }

    /// The next piece. `ended` is whether the stream has ended behind what is in the buffer.
    pub(super) fn next(
        &mut self,
        reader: Side,
        input: &mut Buffer,
        ended: bool,
        limits: &Limits,
        allowance: &mut Allowance,
    ) -> Result<Piece, ProtocolError> {
        let piece = match self {
            Self::Empty => return Ok(Piece::End(None)),
            Self::Sized(left) => {
                allowance.holds(*left)?;
                sized(left, input, allowance)
            }
            Self::Chunked(decoder) => chunked(decoder, reader, input, limits, allowance)?,
            Self::UntilClose => return until_close(input, ended, allowance),
        };
        match piece {
            Piece::NeedData if ended && self.is_cut_trailer(input, limits) => Ok(Piece::End(None)),
            Piece::NeedData if ended => Err(ProtocolError::theirs(ErrorKind::Incomplete)),
            piece => Ok(piece),
        }
    }

    /// Whether only the empty line behind the last chunk is missing, and may be.
    fn is_cut_trailer(&self, input: &Buffer, limits: &Limits) -> bool {
        let last = matches!(self, Self::Chunked(decoder) if decoder.is_last());
        last && input.is_empty() && limits.lenient.cut_trailers
    }

    /// How many bytes are still to come, if the head told.
    pub(super) const fn left(&self) -> Option<u64> {
        match self {
            Self::Empty => Some(0),
            Self::Sized(left) => Some(*left),
            Self::Chunked(_) | Self::UntilClose => None,
        }
    }
}

fn sized(left: &mut u64, input: &mut Buffer, allowance: &mut Allowance) -> Piece {
    if *left == 0 {
        return Piece::End(None);
    }
    if input.is_empty() {
        return Piece::NeedData;
    }
    let here = usize::try_from(*left).unwrap_or(usize::MAX).min(input.len());
    *left -= here as u64;
    allowance.0 -= here as u64;
    Piece::Data(input.take(here))
}

fn chunked(
    decoder: &mut Decoder,
    reader: Side,
    input: &mut Buffer,
    limits: &Limits,
    allowance: &mut Allowance,
) -> Result<Piece, ProtocolError> {
    loop {
        match decoder.next(reader, input, limits)? {
            Found::NeedData => return Ok(Piece::NeedData),
            Found::Data(n) => return Ok(Piece::Data(input.take(n))),
            Found::Chunk(size) => {
                allowance.holds(size)?;
                allowance.0 -= size;
            }
            Found::Last => {
                let trailers = trailer::read(reader, input, limits)?;
                return Ok(trailers.map_or(Piece::NeedData, Piece::End));
            }
        }
    }
}

fn until_close(
    input: &mut Buffer,
    ended: bool,
    allowance: &mut Allowance,
) -> Result<Piece, ProtocolError> {
    match input.len() {
        0 if ended => Ok(Piece::End(None)),
        0 => Ok(Piece::NeedData),
        // What is allowed is given before the rest is refused, wherever the bytes are cut.
        n => {
            allowance.holds(1)?;
            let here = usize::try_from(allowance.0).unwrap_or(usize::MAX).min(n);
            allowance.0 -= here as u64;
            Ok(Piece::Data(input.take(here)))
        }
    }
}

impl Allowance {
    const fn holds(self, n: u64) -> Result<(), ProtocolError> {
        if n > self.0 { Err(ProtocolError::theirs(ErrorKind::BodyTooLarge)) } else { Ok(()) }
    }
}

/// Puts our own body on the wire.
#[derive(Debug, Clone, Copy)]
pub(super) enum Writer {
    Empty,
    Sized(u64),
    Chunked,
    UntilClose,
    /// The body is not sent, whatever it is: the answer to HEAD.
    Dropped,
}

impl Writer {
    pub(super) const fn new(framing: Framing) -> Self {
        match framing {
            Framing::Empty => Self::Empty,
            Framing::Sized(n) => Self::Sized(n),
            Framing::Chunked => Self::Chunked,
            Framing::UntilClose => Self::UntilClose,
        }
    }

    /// Whether so many bytes are all that is to be written.
    pub(super) fn is_whole(&self, n: usize) -> bool {
        matches!(self, Self::Sized(left) if *left == n as u64)
    }

    /// Writes what stands before `n` bytes of data, and tells whether the data itself is to be sent.
    pub(super) fn before(&mut self, n: usize, out: &mut Vec<u8>) -> Result<bool, ProtocolError> {
        match self {
            Self::Dropped => return Ok(false),
            Self::UntilClose => {}
            Self::Chunked => chunk::write_size(n, out),
            Self::Sized(left) if *left >= n as u64 => *left -= n as u64,
            Self::Empty | Self::Sized(_) => {
                return Err(ProtocolError::ours(ErrorKind::LengthMismatch));
            }
        }
        Ok(true)
    }

    /// Writes what stands behind data.
    pub(super) fn after(&self, out: &mut Vec<u8>) {
        if let Self::Chunked = self {
            out.extend_from_slice(b"\r\n");
        }
    }

    /// Writes the end of the body, with the trailers if there is a place for them.
    pub(super) fn end(
        &self,
        trailers: Option<&Fields>,
        out: &mut Vec<u8>,
    ) -> Result<(), ProtocolError> {
        match self {
            Self::Sized(1..) => Err(ProtocolError::ours(ErrorKind::LengthMismatch)),
            Self::Chunked => {
                out.extend_from_slice(b"0\r\n");
                for (name, value) in trailers.iter().flat_map(|fields| fields.iter()) {
                    if !trailer::is_allowed(name) {
                        return Err(ProtocolError::ours(ErrorKind::BadTrailer));
                    }
                    super::write::field(name, value, out)?;
                }
                out.extend_from_slice(b"\r\n");
                Ok(())
            }
            _ => Ok(()),
        }
    }
}
