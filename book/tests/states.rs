//! The two state diagrams of the machine's chapter, drawn from the machine's own table.
//!
//! `BLESS=1` draws them anew; otherwise they must be what the table says.

#![allow(clippy::unwrap_used, reason = "a test")]

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;

use counterpart::proto::h1::{Party, State, Step, step};

/// Where each state stands, by column and row.
const PLACES: [(State, f64, f64); 8] = [
    (State::Idle, 0.0, 0.0),
    (State::Owed, 1.0, 0.0),
    (State::Body, 2.0, 0.0),
    (State::Done, 3.0, 0.0),
    (State::Closed, 0.0, 1.0),
    (State::Failed, 1.0, 1.0),
    (State::Switched, 2.0, 1.0),
    (State::MustClose, 3.0, 1.0),
];

const STEPS: [Step; 10] = [
    Step::Asked,
    Step::Interim,
    Step::Head,
    Step::Data,
    Step::End,
    Step::Again,
    Step::Last,
    Step::Close,
    Step::Switch,
    Step::Fail,
];

const COLUMN: f64 = 170.0;
const ROW: f64 = 170.0;
const WIDTH: f64 = 96.0;
const HEIGHT: f64 = 36.0;
const LEFT: f64 = 70.0;
const TOP: f64 = 110.0;

#[derive(Clone, Copy)]
struct Point(f64, f64);

fn place(state: State) -> Point {
    let (_, column, row) = PLACES.iter().find(|(there, ..)| *there == state).unwrap();
    Point(LEFT + column * COLUMN, TOP + row * ROW)
}

/// All arrows of a party, each with the steps that take it.
fn arrows(party: Party) -> BTreeMap<(usize, usize), Vec<String>> {
    let number = |state| PLACES.iter().position(|(there, ..)| *there == state).unwrap();
    let mut all: BTreeMap<_, Vec<String>> = BTreeMap::new();
    for (from, ..) in PLACES {
        for taken in STEPS {
            // Failing leads to one place from nearly everywhere: that is said in words.
            let Some(to) = step(party, from, taken).filter(|_| taken != Step::Fail) else {
                continue;
            };
            let name = format!("{taken:?}").to_lowercase();
            all.entry((number(from), number(to))).or_default().push(name);
        }
    }
    all
}

/// The states that a party can be in: those that an arrow of its own leads from or to.
fn states(party: Party) -> Vec<State> {
    let arrows = arrows(party);
    let touched = |at: usize| arrows.keys().any(|&(from, to)| (from == at) != (to == at));
    PLACES.iter().enumerate().filter(|&(at, _)| touched(at)).map(|(_, place)| place.0).collect()
}

fn draw(party: Party) -> String {
    let name = format!("{party:?}").to_lowercase();
    let mut svg = String::new();
    let (width, height) = (LEFT * 2.0 + COLUMN * 3.0, TOP + ROW + 110.0);
    writeln!(svg, "<svg class=\"states\" viewBox=\"0 0 {width} {height}\" role=\"img\" aria-label=\"The states of the {name}\" style=\"width:100%;max-width:{width}px\" font-size=\"13\" fill=\"none\" stroke=\"currentColor\">").unwrap();
    writeln!(svg, "<defs><marker id=\"tip-{name}\" viewBox=\"0 0 8 8\" refX=\"7\" refY=\"4\" markerWidth=\"8\" markerHeight=\"8\" orient=\"auto-start-reverse\"><path d=\"M0 0L8 4L0 8z\" fill=\"currentColor\" stroke=\"none\"/></marker></defs>").unwrap();
    for ((from, to), steps) in arrows(party) {
        arrow(&mut svg, &name, PLACES[from].0, PLACES[to].0, &steps.join(", "));
    }
    for state in states(party) {
        let Point(x, y) = place(state);
        let (left, top) = (x - WIDTH / 2.0, y - HEIGHT / 2.0);
        writeln!(
            svg,
            "<rect x=\"{left}\" y=\"{top}\" width=\"{WIDTH}\" height=\"{HEIGHT}\" rx=\"8\"/>"
        )
        .unwrap();
        text(&mut svg, Point(x, y + 5.0), "middle", &format!("{state:?}"));
    }
    let failing = PLACES.iter().filter(|place| step(party, place.0, Step::Fail).is_some());
    let never: Vec<String> = PLACES
        .iter()
        .filter(|place| step(party, place.0, Step::Fail).is_none())
        .map(|place| format!("{:?}", place.0))
        .collect();
    assert!(failing.count() + never.len() == PLACES.len());
    let Point(x, y) = place(State::Failed);
    let words = format!("fail: from all but {}", never.join(" and "));
    text(&mut svg, Point(x, y + 36.0), "middle", &words);
    svg.push_str("</svg>\n");
    svg
}

fn arrow(svg: &mut String, name: &str, from: State, to: State, label: &str) {
    let (a, b) = (place(from), place(to));
    let tip = format!("marker-end=\"url(#tip-{name})\"");
    if from == to {
        let side = if a.1 == TOP { -1.0 } else { 1.0 };
        let (x, y) = (a.0, a.1 + side * HEIGHT / 2.0);
        writeln!(
            svg,
            "<path d=\"M{} {y}C{} {} {} {} {} {y}\" {tip}/>",
            x - 14.0,
            x - 26.0,
            y + side * 38.0,
            x + 26.0,
            y + side * 38.0,
            x + 14.0
        )
        .unwrap();
        let label_at = y + side * 34.0 + if side < 0.0 { 0.0 } else { 10.0 };
        text(svg, Point(x, label_at), "middle", label);
        return;
    }
    let (columns, rows) = ((b.0 - a.0) / COLUMN, (b.1 - a.1) / ROW);
    if rows == 0.0 && columns.abs() > 1.5 {
        // Past the states between: over the upper ones backwards, else under them.
        let side = if columns < 0.0 && a.1 == TOP { -1.0 } else { 1.0 };
        let way = columns.signum();
        let (y, depth) = (a.1 + side * HEIGHT / 2.0, side * (24.0 + 18.0 * columns.abs()));
        let (start, end) = (a.0 + way * 10.0, b.0 - way * 30.0);
        let (one, other, bend) = (start + way * 30.0, end - way * 30.0, y + depth);
        writeln!(svg, "<path d=\"M{start} {y}C{one} {bend} {other} {bend} {end} {y}\" {tip}/>")
            .unwrap();
        let label_at = y + depth * 0.75 + if side < 0.0 { -5.0 } else { 15.0 };
        text(svg, Point((start + end) / 2.0, label_at), "middle", label);
        return;
    }
    let (start, end) = (edge(a, b), edge(b, a));
    writeln!(svg, "<path d=\"M{:.0} {:.0}L{:.0} {:.0}\" {tip}/>", start.0, start.1, end.0, end.1)
        .unwrap();
    let along =
        |part: f64| Point(start.0 + (end.0 - start.0) * part, start.1 + (end.1 - start.1) * part);
    match rows == 0.0 {
        true => text(svg, Point(along(0.5).0, start.1 - 6.0), "middle", label),
        false => {
            // Where it crosses no other line of the drawing.
            let at = along(if columns.abs() > 1.5 { 0.62 } else { 0.3 });
            text(svg, Point(at.0 + 7.0, at.1 + 8.0), "start", label);
        }
    }
}

/// Where the line from the middle of one box to that of another leaves the first.
fn edge(from: Point, to: Point) -> Point {
    let (dx, dy) = (to.0 - from.0, to.1 - from.1);
    let across = if dx == 0.0 { f64::MAX } else { (WIDTH / 2.0) / dx.abs() };
    let down = if dy == 0.0 { f64::MAX } else { (HEIGHT / 2.0) / dy.abs() };
    let part = across.min(down);
    Point(from.0 + dx * part, from.1 + dy * part)
}

fn text(svg: &mut String, at: Point, anchor: &str, words: &str) {
    writeln!(
        svg,
        "<text x=\"{:.0}\" y=\"{:.0}\" text-anchor=\"{anchor}\" fill=\"currentColor\" stroke=\"none\">{words}</text>",
        at.0, at.1
    )
    .unwrap();
}

#[test]
fn the_diagrams_are_what_the_table_says() {
    for party in [Party::Requester, Party::Responder] {
        let name = format!("{party:?}").to_lowercase();
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("src/states/{name}.svg"));
        let drawn = draw(party);
        if std::env::var_os("BLESS").is_some() {
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(&path, &drawn).unwrap();
        }
        let there = std::fs::read_to_string(&path).unwrap_or_default();
        assert_eq!(there, drawn, "BLESS=1 cargo test -p counterpart-book draws it anew");
    }
}
