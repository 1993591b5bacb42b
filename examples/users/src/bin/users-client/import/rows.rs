//! The rows of a file, as they come, each with its line.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Read};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use csv::{DeserializeRecordsIntoIter, ErrorKind, ReaderBuilder};
use users::NewUser;

use crate::Format;
use crate::said::Failure;

/// A row, or why it is none.
pub(super) struct Row {
    pub(super) line: u64,
    pub(super) user: Result<NewUser, String>,
}

/// The rows of a file.
pub(super) struct Rows {
    reader: Reader,
    size: u64,
    position: Arc<AtomicU64>,
}

enum Reader {
    Ndjson {
        lines: BufReader<Counted>,
        line: u64,
    },
    Csv(Box<DeserializeRecordsIntoIter<Counted, NewUser>>),
    /// It cannot be read any further.
    Over,
}

/// A file that says how far it was read.
struct Counted(File, Arc<AtomicU64>);

impl Rows {
    pub(super) fn open(path: &Path, format: Option<Format>) -> Result<Self, Failure> {
        let Some(format) = format.or_else(|| by_name(path)) else {
            let unknown = "neither .ndjson, .jsonl nor .csv; say --format ndjson or csv";
            return Err(Failure::file(path, &unknown));
        };
        let failed = |error: io::Error| Failure::file(path, &error);
        let file = File::open(path).map_err(failed)?;
        let found = file.metadata().map_err(failed)?;
        if found.is_dir() {
            return Err(Failure::file(path, &"is a folder"));
        }
        let position = Arc::new(AtomicU64::new(0));
        let counted = Counted(file, position.clone());
        let reader = match format {
            Format::Ndjson => {
                Reader::Ndjson { lines: BufReader::with_capacity(1 << 16, counted), line: 0 }
            }
            Format::Csv => {
                let mut reader = ReaderBuilder::new().from_reader(counted);
                let headers = reader.headers().map_err(|error| Failure::file(path, &error))?;
                for column in ["name", "email"] {
                    if !headers.iter().any(|header| header == column) {
                        let missing = format!("the first line names no column `{column}`");
                        return Err(Failure::file(path, &missing));
                    }
                }
                Reader::Csv(Box::new(reader.into_deserialize()))
            }
        };
        Ok(Self { reader, size: found.len(), position })
    }

    /// How long the file is.
    pub(super) const fn size(&self) -> u64 {
        self.size
    }

    /// How far it was read.
    pub(super) fn position(&self) -> u64 {
        self.position.load(Ordering::Relaxed)
    }
}

impl Iterator for Rows {
    type Item = Row;

    fn next(&mut self) -> Option<Row> {
        match &mut self.reader {
            Reader::Over => None,
            Reader::Csv(records) => {
                let line = records.reader().position().line();
                match records.next()? {
                    Ok(user) => Some(Row { line, user: Ok(user) }),
                    Err(error) => {
                        let line = error.position().map_or(line, csv::Position::line);
                        if error.is_io_error() {
                            self.reader = Reader::Over;
                        }
                        Some(Row { line, user: Err(reason(&error)) })
                    }
                }
            }
            Reader::Ndjson { lines, line } => loop {
                let mut text = Vec::new();
                *line += 1;
                let line = *line;
                match lines.read_until(b'\n', &mut text) {
                    Ok(0) => return None,
                    Ok(_) => {}
                    Err(error) => {
                        self.reader = Reader::Over;
                        return Some(Row { line, user: Err(error.to_string()) });
                    }
                }
                let text = text.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(&text).trim_ascii();
                if !text.is_empty() {
                    let user = serde_json::from_slice(text).map_err(|error| {
                        // Each row is a text of its own; its line is told beside the reason.
                        error.to_string().replace(" at line 1 column ", ", column ")
                    });
                    return Some(Row { line, user });
                }
            },
        }
    }
}

fn by_name(path: &Path) -> Option<Format> {
    match path.extension()?.to_str()?.to_ascii_lowercase().as_str() {
        "ndjson" | "jsonl" | "json" => Some(Format::Ndjson),
        "csv" => Some(Format::Csv),
        _ => None,
    }
}

/// The reason alone: the line is told beside it.
fn reason(error: &csv::Error) -> String {
    match error.kind() {
        ErrorKind::Deserialize { err, .. } => err.to_string(),
        ErrorKind::Utf8 { err, .. } => err.to_string(),
        ErrorKind::UnequalLengths { expected_len, len, .. } => {
            format!("{len} columns, where the first line has {expected_len}")
        }
        _ => error.to_string(),
    }
}

impl Read for Counted {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let read = self.0.read(into)?;
        self.1.fetch_add(read as u64, Ordering::Relaxed);
        Ok(read)
    }
}
