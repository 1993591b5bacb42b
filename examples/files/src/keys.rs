//! The certificate and its key, which may be encrypted.

use std::fs;
use std::path::Path;
use std::time::Duration;

use counterpart::tls::ServerTls;
use pkcs8::der::pem::LineEnding;
use pkcs8::der::zeroize::Zeroizing;
use pkcs8::{EncryptedPrivateKeyInfoRef, SecretDocument};

use crate::options::Options;

/// Who the server is, if it is to speak TLS. Files that change later are read again; an encrypted key is not.
///
/// # Errors
/// What is wrong with the files, or that one is missing.
pub(crate) fn read(options: &Options) -> Result<Option<ServerTls>, String> {
    let (key, password) = (options.tls_key.as_deref(), options.tls_password_file.as_deref());
    let Some(certificate) = options.tls_cert.as_deref() else {
        return match (key, password) {
            (None, None) => Ok(None),
            (Some(_), _) => {
                Err("--tls-key: it is of no use without its certificate: --tls-cert".into())
            }
            (None, _) => Err("--tls-password-file: there is no key without --tls-cert".into()),
        };
    };
    // As with Python, a file may hold both.
    let key = key.unwrap_or(certificate);
    let tls = match password {
        None => ServerTls::pem_files(certificate, key).map(|tls| tls.watch(EVERY)),
        Some(password) => ServerTls::pem(file(certificate)?, decrypted(key, password)?),
    };
    tls.map(Some).map_err(|error| format!("--tls-cert: {error}"))
}

fn file(path: &Path) -> Result<Zeroizing<Vec<u8>>, String> {
    fs::read(path).map(Zeroizing::new).map_err(|error| format!("`{}`: {error}", path.display()))
}

/// The key of a file, in the clear. What is not encrypted is left as it is.
fn decrypted(key: &Path, password: &Path) -> Result<Zeroizing<Vec<u8>>, String> {
    let pem = file(key)?;
    let password = file(password)?;
    // A file of one line ends in one.
    let password = password.strip_suffix(b"\n").unwrap_or(&password);
    let password = password.strip_suffix(b"\r").unwrap_or(password);
    let text = String::from_utf8_lossy(&pem);
    let Some(begin) = text.find(BEGIN) else { return Ok(pem) };
    let wrong = |why| format!("--tls-password-file: `{}` {why}", key.display());
    let end = text.find(END).ok_or_else(|| wrong("has no end"))?;
    let block = text.get(begin..end + END.len()).ok_or_else(|| wrong("ends before it begins"))?;
    let (_, document) = SecretDocument::from_pem(block).map_err(|_| wrong("is no PEM"))?;
    let encrypted = EncryptedPrivateKeyInfoRef::try_from(document.as_bytes());
    let encrypted = encrypted.map_err(|_| wrong("is encrypted in a way that is not known here"))?;
    let plain = encrypted.decrypt(password).map_err(|_| wrong("has another password"))?;
    let plain = plain.to_pem("PRIVATE KEY", LineEnding::LF).map_err(|_| wrong("holds no key"))?;
    Ok(Zeroizing::new(plain.as_bytes().to_vec()))
}

const BEGIN: &str = "-----BEGIN ENCRYPTED PRIVATE KEY-----";
const END: &str = "-----END ENCRYPTED PRIVATE KEY-----";
/// How often is looked whether the files have changed.
const EVERY: Duration = Duration::from_secs(60);
