//! Paths of files: whatever is asked for, the answer is of what is in the folder, or that there is nothing.

use std::cell::OnceCell;
use std::fs;
use std::path::PathBuf;

use counterpart::files::Files;
use counterpart::http::{Method, header};
use counterpart::{Request, Service};
use tokio::runtime::{Builder, Runtime};

/// The bytes are a path.
///
/// # Panics
/// If the answer is another than that of the plainest reading of the path.
pub fn paths(data: &[u8]) {
    if data.first() != Some(&b'/') || data.contains(&b'?') {
        return;
    }
    thread_local!(static HOUSE: OnceCell<House> = const { OnceCell::new() });
    let came = HOUSE.with(|house| house.get_or_init(House::new).ask(data));
    assert_eq!(came, plainly(data), "{}", data.escape_ascii());
}

/// Status, and the content or the place.
type Answer = (u16, String);

/// Files that say what they are, below a folder with a secret.
struct House {
    files: Files,
    runtime: Runtime,
    place: PathBuf,
}

impl House {
    fn new() -> Self {
        let name =
            format!("counterpart-law-{}-{:?}", std::process::id(), std::thread::current().id());
        let place = std::env::temp_dir().join(name);
        let root = place.join("root");
        for (file, content) in FILES {
            let file = root.join(file);
            fs::create_dir_all(file.parent().expect("a file is in a folder")).expect("a folder");
            fs::write(file, content).expect("a file");
        }
        fs::write(place.join("a"), "OUTSIDE").expect("a file");
        let files = Files::new(&root).expect("a folder");
        let runtime = Builder::new_current_thread().build().expect("a runtime");
        Self { files, runtime, place }
    }

    fn ask(&self, path: &[u8]) -> Answer {
        self.runtime.block_on(async {
            let request = Request::new(Method::GET, path.to_vec());
            let response = self.files.call(request).await.expect("an answer");
            let place = response.fields.get_str(header::LOCATION).map(str::to_owned);
            let status = response.status.as_u16();
            let content = response.body.collect(1000).await.expect("the content");
            let content = if status == 200 {
                String::from_utf8_lossy(&content).into()
            } else {
                String::new()
            };
            (status, place.unwrap_or(content))
        })
    }
}

impl Drop for House {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.place);
    }
}

/// What the path means: its names, each decoded, looked up in the list of all that there is.
fn plainly(path: &[u8]) -> Answer {
    let nothing = (404, String::new());
    if path.iter().enumerate().any(|(at, byte)| *byte == b'%' && escaped(path, at).is_none()) {
        return (400, String::new());
    }
    let mut names: Vec<_> = path[1..].split(|byte| *byte == b'/').map(decoded).collect();
    let folder = names.last().is_some_and(Vec::is_empty);
    if folder {
        names.pop();
    }
    let forbidden = |name: &Vec<u8>| {
        name.is_empty() || name[0] == b'.' || name.iter().any(|byte| b"/\\\0".contains(byte))
    };
    if names.iter().any(forbidden) {
        return nothing;
    }
    let Ok(name) = String::from_utf8(names.join(&b'/')) else { return nothing };
    let below = if name.is_empty() { String::new() } else { format!("{name}/") };
    let of = |file: &str| FILES.iter().find(|(name, _)| *name == file).map(|(_, content)| *content);
    if folder {
        return of(&format!("{below}index.html")).map_or(nothing, |content| (200, content.into()));
    }
    let is_folder = FILES.iter().any(|(file, _)| file.starts_with(&below));
    match of(&name) {
        Some(content) => (200, content.into()),
        None if is_folder => (301, format!("/{}", below.replace(' ', "%20"))),
        None => nothing,
    }
}

fn decoded(name: &[u8]) -> Vec<u8> {
    let (mut at, mut out) = (0, Vec::new());
    while let Some(&byte) = name.get(at) {
        let escape = (byte == b'%').then(|| escaped(name, at)).flatten();
        out.push(escape.unwrap_or(byte));
        at += if escape.is_some() { 3 } else { 1 };
    }
    out
}

fn escaped(text: &[u8], at: usize) -> Option<u8> {
    let digits = text.get(at + 1..at + 3)?;
    let plain = digits.iter().all(u8::is_ascii_hexdigit);
    u8::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok().filter(|_| plain)
}

const FILES: [(&str, &str); 6] = [
    ("a", "a in the root"),
    ("index.html", "the root"),
    ("b/a", "a in b"),
    ("b c/index.html", "b c"),
    ("%61", "percent"),
    (".h/a", "hidden"),
];
