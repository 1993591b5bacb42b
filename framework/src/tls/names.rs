//! Names in a certificate: as much of DER (X.690) and of X.509 (RFC 5280 §4.1) as it takes to name its issuer.

/// Whom a certificate names as its issuer, and whether that is itself. For words alone: nothing is decided by it.
pub(super) fn issuer(certificate: &[u8]) -> Option<(String, bool)> {
    let (_, certificate, _) = element(certificate)?;
    let (_, fields, _) = element(certificate)?;
    // Behind the version, which may be missing: serial number, algorithm, issuer, validity, subject.
    let fields = match element(fields)? {
        (VERSION, _, rest) => rest,
        _ => fields,
    };
    let (_, _, rest) = element(fields)?;
    let (_, _, rest) = element(rest)?;
    let (_, issuer, rest) = element(rest)?;
    let (_, _, rest) = element(rest)?;
    let (_, subject, _) = element(rest)?;
    Some((common_name(issuer)?, issuer == subject))
}

/// The common name, else the organisation.
fn common_name(name: &[u8]) -> Option<String> {
    value(name, COMMON_NAME).or_else(|| value(name, ORGANISATION))
}

/// The value of an attribute, as a line that a person can read whatever is in it.
fn value(mut name: &[u8], attribute: &[u8]) -> Option<String> {
    while !name.is_empty() {
        let (_, set, rest) = element(name)?;
        let (_, pair, _) = element(set)?;
        let (_, kind, value) = element(pair)?;
        if kind == attribute {
            let (_, text, _) = element(value)?;
            let text = String::from_utf8_lossy(&text[..text.len().min(SHOWN)]);
            return Some(text.escape_debug().to_string());
        }
        name = rest;
    }
    None
}

/// The tag and the content of the first element, and what is behind it.
fn element(input: &[u8]) -> Option<(u8, &[u8], &[u8])> {
    let (&tag, rest) = input.split_first()?;
    let (&first, rest) = rest.split_first()?;
    let (length, rest) = match first {
        ..=0x7f => (usize::from(first), rest),
        0x81..=0x83 => {
            let (digits, rest) = rest.split_at_checked(usize::from(first & 0x7f))?;
            (digits.iter().fold(0, |length, digit| length << 8 | usize::from(*digit)), rest)
        }
        _ => return None,
    };
    let (content, rest) = rest.split_at_checked(length)?;
    Some((tag, content, rest))
}

const VERSION: u8 = 0xa0;
/// 2.5.4.3
const COMMON_NAME: &[u8] = &[0x55, 4, 3];
/// 2.5.4.10
const ORGANISATION: &[u8] = &[0x55, 4, 10];
/// Bytes of a name that are shown.
const SHOWN: usize = 100;

#[cfg(test)]
mod tests {
    use super::*;

    fn certificate() -> Vec<u8> {
        let mut params = rcgen::CertificateParams::new(["a.example".to_owned()]).unwrap();
        params.distinguished_name.push(rcgen::DnType::CommonName, "Some\u{1b}body");
        let key = rcgen::KeyPair::generate().unwrap();
        params.self_signed(&key).unwrap().der().to_vec()
    }

    #[test]
    fn an_issuer_is_named_without_control_characters() {
        assert_eq!(issuer(&certificate()), Some(("Some\\u{1b}body".to_owned(), true)));
    }

    /// Whatever a peer shows is read, and nothing is trusted of it.
    #[test]
    fn every_cut_and_every_changed_byte_is_survived() {
        let whole = certificate();
        for at in 0..whole.len() {
            let _ = issuer(&whole[..at]);
            let mut changed = whole.clone();
            for byte in [0, 0x7f, 0x80, 0x83, 0xff] {
                changed[at] = byte;
                let _ = issuer(&changed);
            }
        }
    }
}
