//! A drawing, put together from its pieces. Light and dark by what the reader's system prefers.

use std::fmt::Write;

/// A drawing while it is made.
#[derive(Debug)]
pub(super) struct Drawing {
    width: f64,
    text: String,
}

/// Where a text is held.
#[derive(Clone, Copy, Debug)]
pub(super) enum Anchor {
    Start,
    Middle,
    End,
}

impl Drawing {
    /// An empty one, so many pixels wide.
    pub(super) const fn new(width: f64) -> Self {
        Self { width, text: String::new() }
    }

    /// A text on a base line, in one of the classes of the style.
    pub(super) fn text(&mut self, (x, y): (f64, f64), anchor: Anchor, class: &str, text: &str) {
        let anchor = match anchor {
            Anchor::Start => "start",
            Anchor::Middle => "middle",
            Anchor::End => "end",
        };
        let text = escaped(text);
        _ = writeln!(
            self.text,
            r#"<text x="{x:.1}" y="{y:.1}" text-anchor="{anchor}" class="{class}">{text}</text>"#
        );
    }

    /// A filled rectangle.
    pub(super) fn bar(
        &mut self,
        (x, y): (f64, f64),
        (width, height): (f64, f64),
        colour: &str,
        class: &str,
    ) {
        _ = writeln!(
            self.text,
            r#"<rect x="{x:.1}" y="{y:.1}" width="{width:.1}" height="{height:.1}" rx="1.5" fill="{colour}" class="{class}"/>"#
        );
    }

    /// A straight line in a class of the style.
    pub(super) fn rule(&mut self, (x1, y1): (f64, f64), (x2, y2): (f64, f64), class: &str) {
        _ = writeln!(
            self.text,
            r#"<line x1="{x1:.1}" y1="{y1:.1}" x2="{x2:.1}" y2="{y2:.1}" class="{class}"/>"#
        );
    }

    /// A line through points, with a dot on each.
    pub(super) fn path(&mut self, points: &[(f64, f64)], colour: &str, width: f64) {
        let list: Vec<String> = points.iter().map(|(x, y)| format!("{x:.1},{y:.1}")).collect();
        let list = list.join(" ");
        _ = writeln!(
            self.text,
            r#"<polyline points="{list}" fill="none" stroke="{colour}" stroke-width="{width}" stroke-linejoin="round"/>"#
        );
        for (x, y) in points {
            _ = writeln!(
                self.text,
                r#"<circle cx="{x:.1}" cy="{y:.1}" r="{:.1}" fill="{colour}"/>"#,
                width + 0.8
            );
        }
    }

    /// All of it, so many pixels high, with words for who cannot see it.
    pub(super) fn finish(self, height: f64, title: &str) -> String {
        let Self { width, text } = self;
        let title = escaped(title);
        format!(
            r#"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:.0} {height:.0}" width="{width:.0}" height="{height:.0}" role="img">
<title>{title}</title>
{STYLE}
<rect width="100%" height="100%" class="ground"/>
{text}</svg>
"#
        )
    }
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

const STYLE: &str = "<style>
text { font: 12px system-ui, sans-serif; fill: #24292f; }
.title { font-size: 15px; font-weight: 600; }
.ours { font-weight: 700; }
.faint { fill: #656d76; }
.small { font-size: 11px; fill: #656d76; }
.ground { fill: #ffffff; }
.rule { stroke: #d8dee4; stroke-width: 1; }
.cut { stroke: #ffffff; stroke-width: 3; }
.noisy { opacity: 0.45; }
@media (prefers-color-scheme: dark) {
text { fill: #e6edf3; }
.faint, .small { fill: #9198a1; }
.ground { fill: #0d1117; }
.rule { stroke: #30363d; }
.cut { stroke: #0d1117; }
}
</style>";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes_what_it_is_told() {
        let mut drawing = Drawing::new(100.0);
        drawing.text((1.0, 2.0), Anchor::Start, "faint", "a < b & c");
        let text = drawing.finish(50.0, "x > y");
        assert!(text.contains(">a &lt; b &amp; c</text>"), "{text}");
        assert!(text.contains("<title>x &gt; y</title>"), "{text}");
        assert!(text.contains(r#"viewBox="0 0 100 50""#), "{text}");
    }
}
