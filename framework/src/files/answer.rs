//! The answer that sends a file: whole, a part of it, or the news that the client has it.

use std::time::SystemTime;

use http::{HeaderName, HeaderValue, StatusCode, header};

use super::Settings;
use super::asked::Asked;
use super::conditions::{Validators, Verdict};
use super::find::Opened;
use super::refusal::Refusal;
use crate::body::Body;
use crate::message::Response;
use crate::text::{Fields, Ranged};

/// Answers with a file, by the conditions and the range of the request.
pub(super) fn answer(
    asked: &Asked,
    settings: &Settings,
    opened: Opened,
) -> Result<Response, Refusal> {
    let validators = Validators::of(&opened.meta, opened.coding, SystemTime::now());
    let (status, range) = match validators.judge(&asked.method, &asked.fields) {
        Verdict::Failed => return Err(Refusal::PRECONDITION),
        Verdict::NotModified => (StatusCode::NOT_MODIFIED, None),
        Verdict::Send { part } => match ranged(&asked.fields, part, opened.meta.size) {
            Ranged::Whole => (StatusCode::OK, None),
            Ranged::Part(range) => (StatusCode::PARTIAL_CONTENT, Some(range)),
            Ranged::Unsatisfiable => return Err(Refusal::Range(opened.meta.size)),
        },
    };
    let mut response = Response::new(status);
    describe(&mut response.fields, settings, &validators);
    if status == StatusCode::NOT_MODIFIED {
        return Ok(response);
    }
    response.fields.append(header::CONTENT_TYPE, settings.kinds.of(&opened.path));
    response.fields.append(header::ACCEPT_RANGES, HeaderValue::from_static("bytes"));
    if let Some(coding) = opened.coding {
        response.fields.append(header::CONTENT_ENCODING, HeaderValue::from_static(coding.name()));
    }
    let (offset, length) = match range {
        None => (0, opened.meta.size),
        Some(range) => {
            let (first, last) = range.into_inner();
            let told = format!("bytes {first}-{last}/{}", opened.meta.size);
            append(&mut response.fields, header::CONTENT_RANGE, told);
            (first, last - first + 1)
        }
    };
    response.body = Body::file_range(opened.file, offset, length);
    Ok(response)
}

/// What a 304 repeats too (RFC 9110 §15.4.5).
fn describe(fields: &mut Fields, settings: &Settings, validators: &Validators) {
    if let Some(tag) = validators.etag() {
        fields.append(header::ETAG, tag);
    }
    append(fields, header::LAST_MODIFIED, validators.modified.to_string());
    if let Some(directives) = &settings.cache_control {
        fields.append(header::CACHE_CONTROL, directives.clone());
    }
    if let Some(vary) = settings.vary() {
        fields.append(header::VARY, HeaderValue::from_static(vary));
    }
}

/// What is sent of a file: a part only where one is asked for, in one field.
fn ranged(fields: &Fields, part: bool, size: u64) -> Ranged {
    let mut values = fields.get_all("range");
    match (values.next(), values.next()) {
        (Some(range), None) if part => Ranged::of(range, size),
        _ => Ranged::Whole,
    }
}

/// Adds a field whose value is visible ASCII.
pub(super) fn append(fields: &mut Fields, name: HeaderName, value: String) {
    if let Ok(value) = HeaderValue::from_maybe_shared(value) {
        fields.append(name, value);
    }
}
