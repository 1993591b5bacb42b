//! What the book says of this program, run.

use super::*;
use notes::{NewNote, NoteError};

// ANCHOR: tests
#[counterpart::test]
async fn a_note_is_kept_replaced_and_removed() {
    let site = SiteClient::local(app());
    let notes = site.notes();
    let new = |text: &str| NewNote { text: text.into(), tags: vec!["home".into()], pinned: None };

    let made = notes.create(new("milk")).await.unwrap();
    assert_eq!(notes.read(made.id).await.unwrap(), *made);
    let replaced = notes.replace(made.id, new("bread")).await.unwrap();
    assert_eq!((replaced.id, replaced.text.as_str()), (made.id, "bread"));
    assert!(site.tags().all().await.unwrap().contains("home"));

    notes.remove(made.id).await.unwrap();
    let gone = notes.read(made.id).await;
    assert_eq!(gone.unwrap_err(), NoteError::NotFound { id: made.id });
}
// ANCHOR_END: tests

// ANCHOR: wrong
#[counterpart::test]
async fn a_body_of_the_wrong_shape_is_refused() {
    let notes = NotesClient::local(App::new().state(Notebook::default()).mount(Notes));
    let answer = notes.raw("POST", "/").json(json!({ "text": 7 })).await.unwrap();
    assert_eq!(answer.status(), 422);
    assert_eq!(answer.problem().unwrap().errors[0].pointer, "/text");
}
// ANCHOR_END: wrong

#[counterpart::test]
async fn the_tags_of_a_note() {
    let site = SiteClient::local(app());
    let new = NewNote { text: "x".into(), tags: vec!["a".into(), "b".into()], pinned: Some(true) };
    let made = site.notes().create(new).await.unwrap();
    assert_eq!(site.tags().of_note(made.id).await.unwrap(), ["a", "b"]);
    assert!(site.tags().of_note(99).await.is_err());
    assert_eq!(site.notes().list().tag("a").await.unwrap().len(), 1);
    assert_eq!(site.notes().list().tag("c").await.unwrap().len(), 0);
}

#[counterpart::test]
async fn the_book_tells_the_truth() {
    let transcripts = [
        include_str!("../create.http"),
        include_str!("../no-json.http"),
        include_str!("../wrong-shape.http"),
        include_str!("../no-type.http"),
        include_str!("../not-found.http"),
    ];
    support::transcript::replay(app(), &transcripts).await;
}
