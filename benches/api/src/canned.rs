//! Requests answered with ready-made bytes: what two servers without a framework share.
//!
//! No more is looked at than a server has to: where the head ends, how its first line begins, and how long the content
//! of a POST is. So it is the floor that servers are compared with.

use std::fmt::Write;

use memchr::memmem::Finder;

use crate::{GREETING, HELLO, NEW_USER};

/// The answers.
#[derive(Debug)]
pub struct Canned {
    end_of_head: Finder<'static>,
    plaintext: Vec<u8>,
    json: Vec<u8>,
    created: Vec<u8>,
    users: Vec<Vec<u8>>,
}

impl Default for Canned {
    fn default() -> Self {
        let json = |body: &str| answer("200 OK", "application/json", body);
        let new = NEW_USER.trim_start_matches('{').trim_end_matches('}');
        let created = format!(r#"{{"id":1000,{new},"active":true}}"#);
        Self {
            end_of_head: Finder::new(b"\r\n\r\n"),
            plaintext: answer("200 OK", "text/plain", HELLO),
            json: json(GREETING),
            created: answer("201 Created", "application/json", &created),
            users: (0..1000).map(|id| json(&user(id))).collect(),
        }
    }
}

/// One connection: what of its bytes is still to come, and still to go.
#[derive(Debug, Default)]
pub struct Dialogue {
    /// Of an upload: how many bytes are left, of how many.
    upload: Option<(u64, u64)>,
    /// Of a download: the zeros that are to be sent after what was answered, before more is heard.
    pub zeros: u64,
}

/// Why a connection ends once the answers are sent.
#[derive(Debug)]
pub struct End;

impl Dialogue {
    /// Whether the bytes that come next are those of an upload.
    pub const fn is_uploading(&self) -> bool {
        self.upload.is_some()
    }

    /// Answers all that is whole in `input`, up to the next download, and tells how much of it that was.
    ///
    /// # Errors
    /// If the next request is one that has no ready-made answer; then an answer says so.
    pub fn hear(&mut self, canned: &Canned, input: &[u8], out: &mut Vec<u8>) -> Result<usize, End> {
        let mut used = 0;
        while self.zeros == 0 {
            let rest = &input[used..];
            let Some(taken) = (match &mut self.upload {
                None => self.request(canned, rest, out)?,
                Some(_) => self.take(rest, out),
            }) else {
                break;
            };
            used += taken;
        }
        Ok(used)
    }

    /// Answers a request: its length, or none if it is not whole.
    fn request(
        &mut self,
        canned: &Canned,
        rest: &[u8],
        out: &mut Vec<u8>,
    ) -> Result<Option<usize>, End> {
        let Some(end) = canned.end_of_head.find(rest) else { return Ok(None) };
        let (head, mut length) = (&rest[..end], end + 4);
        match head {
            [b'G', b'E', b'T', b' ', target @ ..] => self.get(canned, target, out)?,
            _ if head.starts_with(b"POST /api/users ") => {
                length += content_length(head, out)? as usize;
                if rest.len() < length {
                    return Ok(None);
                }
                out.extend_from_slice(&canned.created);
            }
            _ if head.starts_with(b"POST /upload ") => {
                let length = content_length(head, out)?;
                self.upload = Some((length, length));
            }
            _ => return refuse("501 Not Implemented", out),
        }
        Ok(Some(length))
    }

    fn get(&mut self, canned: &Canned, target: &[u8], out: &mut Vec<u8>) -> Result<(), End> {
        if target.starts_with(b"/json ") {
            out.extend_from_slice(&canned.json);
        } else if target.starts_with(b"/plaintext ") {
            out.extend_from_slice(&canned.plaintext);
        } else if let Some(id) = target.strip_prefix(b"/api/users/") {
            let Some(id) = number(id) else { return refuse("400 Bad Request", out) };
            let Some(user) = canned.users.get(id as usize) else {
                return refuse("501 Not Implemented", out);
            };
            out.extend_from_slice(user);
        } else if let Some(length) = target.strip_prefix(b"/download/") {
            let Some(length) = number(length) else { return refuse("400 Bad Request", out) };
            out.extend_from_slice(head("200 OK", "application/octet-stream", length).as_bytes());
            self.zeros = length;
        } else {
            out.extend_from_slice(&answer("404 Not Found", "text/plain", "not found"));
        }
        Ok(())
    }

    /// Takes what has come of an upload, and answers if it was the last of it; none if nothing has come.
    fn take(&mut self, rest: &[u8], out: &mut Vec<u8>) -> Option<usize> {
        let (left, length) = self.upload.as_mut()?;
        let taken = (*left).min(rest.len() as u64);
        *left -= taken;
        if *left == 0 {
            let body = format!(r#"{{"bytes":{length}}}"#);
            out.extend_from_slice(&answer("200 OK", "application/json", &body));
            self.upload = None;
        } else if taken == 0 {
            return None;
        }
        Some(taken as usize)
    }
}

/// The digits before a space.
fn number(text: &[u8]) -> Option<u64> {
    let digits = &text[..memchr::memchr(b' ', text)?];
    if digits.is_empty() {
        return None;
    }
    digits.iter().try_fold(0_u64, |number, digit| match digit {
        b'0'..=b'9' => number.checked_mul(10)?.checked_add(u64::from(digit - b'0')),
        _ => None,
    })
}

/// How long the content is; without a word on it the answer is 411.
fn content_length(head: &[u8], out: &mut Vec<u8>) -> Result<u64, End> {
    const NAME: &[u8] = b"content-length:";
    let length = head.split(|byte| *byte == b'\n').find_map(|line| {
        let (name, value) = line.split_at_checked(NAME.len())?;
        name.eq_ignore_ascii_case(NAME).then_some(value)
    });
    let length = length.and_then(|value| str::from_utf8(value).ok()?.trim().parse().ok());
    length.map_or_else(|| refuse("411 Length Required", out), Ok)
}

fn refuse<T>(status: &str, out: &mut Vec<u8>) -> Result<T, End> {
    out.extend_from_slice(&answer(status, "text/plain", "this server is canned"));
    Err(End)
}

fn answer(status: &str, kind: &str, body: &str) -> Vec<u8> {
    let mut answer = head(status, kind, body.len() as u64);
    answer.push_str(body);
    answer.into_bytes()
}

fn head(status: &str, kind: &str, length: u64) -> String {
    let mut head = String::with_capacity(256);
    // Writing into a string does not fail.
    let _ = write!(
        head,
        "HTTP/1.1 {status}\r\ncontent-type: {kind}\r\ncontent-length: {length}\r\n\r\n"
    );
    head
}

fn user(id: u64) -> String {
    format!(
        r#"{{"id":{id},"name":"User {id}","email":"user{id}@example.org","age":30,"active":true}}"#
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What is answered if the request comes in pieces of so many bytes.
    fn answers(request: &str, piece: usize) -> String {
        let (canned, mut dialogue, mut out) = (Canned::default(), Dialogue::default(), Vec::new());
        let mut input = Vec::new();
        for piece in request.as_bytes().chunks(piece) {
            input.extend_from_slice(piece);
            while let Ok(used) = dialogue.hear(&canned, &input, &mut out) {
                input.drain(..used);
                if dialogue.zeros == 0 {
                    break;
                }
                out.extend((0..std::mem::take(&mut dialogue.zeros)).map(|_| b'0'));
            }
        }
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn requests_are_answered_however_they_are_cut() {
        let requests = "GET /json HTTP/1.1\r\nHost: a\r\n\r\n\
            POST /upload HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\n12345\
            GET /download/3 HTTP/1.1\r\nHost: a\r\n\r\n\
            POST /upload HTTP/1.1\r\nHost: a\r\ncontent-length:0\r\n\r\n\
            GET /api/users/7 HTTP/1.1\r\nHost: a\r\n\r\n";
        let whole = answers(requests, usize::MAX);
        let bodies = [GREETING, r#"{"bytes":5}"#, "000", r#"{"bytes":0}"#, &user(7)];
        let mut rest = whole.as_str();
        for body in bodies {
            let (_, behind) = rest.split_once("\r\n\r\n").unwrap();
            rest = behind.strip_prefix(body).unwrap();
        }
        assert_eq!(rest, "");
        (1..40).for_each(|piece| assert_eq!(answers(requests, piece), whole));
    }

    #[test]
    fn what_is_not_canned_is_refused() {
        for (request, status) in [
            ("GET /api/users/x HTTP/1.1\r\n\r\n", "400"),
            ("GET /api/users/1000 HTTP/1.1\r\n\r\n", "501"),
            ("GET /download/ HTTP/1.1\r\n\r\n", "400"),
            ("PUT /json HTTP/1.1\r\n\r\n", "501"),
            ("POST /upload HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n", "411"),
            ("GET /nothing HTTP/1.1\r\n\r\n", "404"),
        ] {
            assert_eq!(answers(request, 100).split(' ').nth(1), Some(status), "{request}");
        }
    }
}
