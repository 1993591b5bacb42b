//! The laws of `counterpart_tests::laws`, held against the corpora of `tests/fuzz` and against all that once broke one.

use std::fs;
use std::path::PathBuf;

use counterpart_tests::h1::document::Document;
use counterpart_tests::laws;

#[test]
fn the_corpora_hold() {
    for (name, law) in laws::ALL {
        for file in files(&format!("corpus/{name}")).chain(files(&format!("regressions/{name}"))) {
            law(&fs::read(&file).expect("a file of the corpus"));
        }
    }
}

/// T39: every case of the documents, under every choice that a fuzzer makes with its first byte.
#[test]
fn the_documents_hold() {
    for (folder, law) in [("requests", laws::server as fn(&[u8])), ("responses", laws::client)] {
        let cases = Document::all(folder).into_iter().flat_map(|document| document.cases);
        for part in cases.flat_map(|case| case.parts).filter(|part| part.len() < 1000) {
            laws::head(&part);
            (0..8).for_each(|choice| law(&[&[choice], &part[..]].concat()));
        }
    }
}

/// The files of a folder of `tests/fuzz`, if it is there.
fn files(folder: &str) -> impl Iterator<Item = PathBuf> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("fuzz").join(folder);
    fs::read_dir(folder).into_iter().flatten().map(|file| file.expect("a file").path())
}
