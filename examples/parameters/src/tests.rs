//! What the book says of this program, run.

use super::*;

// ANCHOR: tests
#[counterpart::test]
async fn the_client_has_the_handlers_types() {
    let calendar = CalendarClient::local(App::new().mount(Calendar));
    assert!(calendar.is_leap(2000).await.unwrap());
    assert_eq!(calendar.leap_years(1999).limit(2).skip([2000]).await.unwrap(), [2004, 2008]);
    let february = calendar.days(1900, Month::Feb).await.unwrap();
    assert_eq!(february, Days { month: Month::Feb, days: 28 });
    assert_eq!(calendar.languages().accepted("de, en;q=0.5").await.unwrap(), ["de", "en"]);
}

#[test]
fn a_handler_is_still_a_function() {
    assert!(!is_leap(1900));
    assert_eq!(days::path(2026, Month::Nov), "/days/2026/nov");
}
// ANCHOR_END: tests

#[counterpart::test]
async fn the_book_tells_the_truth() {
    let transcripts = [
        include_str!("../leap.http"),
        include_str!("../years.http"),
        include_str!("../wrong-type.http"),
        include_str!("../wrong-query.http"),
        include_str!("../days.http"),
    ];
    support::transcript::replay(App::new().mount(Calendar), &transcripts).await;
}
