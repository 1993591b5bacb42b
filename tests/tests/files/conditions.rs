//! Every combination of the five conditional fields and `Range`, against the steps of RFC 9110 §13.2.2 written down a
//! second time, as plainly as they stand there.

use counterpart::files::Files;
use counterpart::http::{HeaderName, HeaderValue, Method, header};
use counterpart::{Request, Service};

use super::folder::Folder;

/// What a field says of the state that is served, which was last changed at [`AT`].
#[derive(Debug, Clone, Copy, PartialEq)]
enum Says {
    /// The field is not there.
    Nothing,
    /// The tag of this state, or the moment of its change.
    This,
    /// The tag of another state, or an earlier moment.
    Other,
    /// A later moment, which no tag is.
    Later,
    /// Any state.
    Any,
    /// What is neither tag nor date.
    Nonsense,
}

use Says::{Any, Later, Nonsense, Nothing, Other, This};

const TAGS: [Says; 5] = [Nothing, This, Other, Any, Nonsense];
const DATES: [Says; 5] = [Nothing, This, Other, Later, Nonsense];
const EITHER: [Says; 6] = [Nothing, This, Other, Later, Any, Nonsense];

/// A request, as its fields.
#[derive(Debug, Clone)]
struct Asked {
    method: Method,
    range: bool,
    matches: Says,
    unmodified: Says,
    none_match: Says,
    modified: Says,
    if_range: Says,
    /// Whether `If-Range` is a date, and not a tag.
    by_date: bool,
}

/// S45: the order of the conditions is the RFC's, in all 30,000 combinations.
#[tokio::test]
async fn conditions_come_in_the_order_of_the_rfc() {
    let folder = Folder::of("a.txt: 0123456789");
    let files = Files::new(folder.root()).unwrap();
    let tag = served_tag(&files).await;
    let mut seen = [0_usize; 4];
    for asked in every() {
        let response = files.call(asked.request(&tag)).await.unwrap();
        let (status, expected) = (response.status.as_u16(), reference(&asked));
        assert_eq!(status, expected, "{asked:?}");
        assert_eq!(response.fields.contains(header::CONTENT_RANGE), status == 206, "{asked:?}");
        let length = response.body.length();
        match status {
            304 => assert_eq!(length, Some(0), "{asked:?}"),
            206 => assert_eq!(length, Some(2), "{asked:?}"),
            200 => assert_eq!(length, Some(10), "{asked:?}"),
            _ => {}
        }
        seen[[200, 206, 304, 412].iter().position(|known| *known == status).unwrap()] += 1;
    }
    assert!(seen.iter().all(|times| *times > 500), "{seen:?}");
}

/// RFC 9110 §13.2.2, step by step.
fn reference(asked: &Asked) -> u16 {
    // 1. When recipient is the origin server and If-Match is present
    if asked.matches != Nothing {
        if !matches!(asked.matches, This | Any) {
            return 412;
        }
    // 2. … and If-Match is not present, and If-Unmodified-Since is present
    } else if asked.unmodified == Other {
        return 412;
    }
    // 3. When If-None-Match is present
    if asked.none_match != Nothing {
        if matches!(asked.none_match, This | Any) {
            return 304;
        }
    // 4. When the method is GET or HEAD, If-None-Match is not present, and If-Modified-Since is present
    } else if matches!(asked.modified, This | Later) {
        return 304;
    }
    // 5. When the method is GET and both Range and If-Range are present
    let part = asked.range && asked.method == Method::GET;
    if part && (asked.if_range == Nothing || asked.if_range == This) { 206 } else { 200 }
}

/// All of them.
fn every() -> Vec<Asked> {
    let start = Asked {
        method: Method::GET,
        range: false,
        matches: Nothing,
        unmodified: Nothing,
        none_match: Nothing,
        modified: Nothing,
        if_range: Nothing,
        by_date: false,
    };
    let mut all = vec![start];
    all = vary(all, &[Method::GET, Method::HEAD], |asked, method| asked.method = method.clone());
    all = vary(all, &[false, true], |asked, range| asked.range = *range);
    all = vary(all, &TAGS, |asked, says| asked.matches = *says);
    all = vary(all, &DATES, |asked, says| asked.unmodified = *says);
    all = vary(all, &TAGS, |asked, says| asked.none_match = *says);
    all = vary(all, &DATES, |asked, says| asked.modified = *says);
    all = vary(all, &EITHER, |asked, says| asked.if_range = *says);
    vary(all, &[false, true], |asked, by_date| asked.by_date = *by_date)
}

fn vary<T>(all: Vec<Asked>, values: &[T], set: impl Fn(&mut Asked, &T)) -> Vec<Asked> {
    let varied = |asked: Asked| {
        values
            .iter()
            .map(|value| {
                let mut asked = asked.clone();
                set(&mut asked, value);
                asked
            })
            .collect::<Vec<_>>()
    };
    all.into_iter().flat_map(varied).collect()
}

impl Asked {
    fn request(&self, tag: &str) -> Request {
        let mut request = Request::new(self.method.clone(), "/a.txt");
        let mut add = |name: HeaderName, value: Option<String>| {
            if let Some(value) = value {
                request.head.fields.append(name, HeaderValue::from_str(&value).unwrap());
            }
        };
        add(header::RANGE, self.range.then(|| "bytes=1-2".into()));
        add(header::IF_MATCH, as_tag(self.matches, tag));
        add(header::IF_UNMODIFIED_SINCE, as_date(self.unmodified));
        add(header::IF_NONE_MATCH, as_tag(self.none_match, tag));
        add(header::IF_MODIFIED_SINCE, as_date(self.modified));
        let if_range =
            if self.by_date { as_date(self.if_range) } else { as_tag(self.if_range, tag) };
        add(header::IF_RANGE, if_range);
        request
    }
}

fn as_tag(says: Says, tag: &str) -> Option<String> {
    match says {
        Nothing => None,
        This => Some(tag.into()),
        Other | Later => Some("\"other\"".into()),
        Any => Some("*".into()),
        Nonsense => Some("no tag".into()),
    }
}

fn as_date(says: Says) -> Option<String> {
    match says {
        Nothing => None,
        This => Some(AT.into()),
        Other => Some("Sun, 06 Nov 1994 08:49:36 GMT".into()),
        Later => Some("Sun, 06 Nov 1994 08:49:38 GMT".into()),
        Any | Nonsense => Some("no date".into()),
    }
}

async fn served_tag(files: &Files) -> String {
    let response = files.call(Request::new(Method::GET, "/a.txt")).await.unwrap();
    assert_eq!(response.fields.get_str(header::LAST_MODIFIED), Some(AT));
    response.fields.get_str(header::ETAG).unwrap().to_owned()
}

const AT: &str = "Sun, 06 Nov 1994 08:49:37 GMT";
