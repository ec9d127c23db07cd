//! Writing of SVG: elements, escaping, widths of texts.

use crate::shown::Shown;
use std::fmt::Write as _;
use std::io::{self, Write};

/// A writer of elements, indented by their depth.
pub(super) struct Svg<'w> {
    out: &'w mut dyn Write,
    depth: usize,
}

/// The attributes of an element.
#[derive(Default)]
pub(super) struct Attributes(String);

impl Attributes {
    pub fn class(name: &str) -> Self {
        Self::default().text("class", name)
    }

    pub fn text(mut self, name: &str, value: &str) -> Self {
        let _ = write!(self.0, " {name}=\"{}\"", escape(value));
        self
    }

    /// Adds a length, to a tenth.
    pub fn length(mut self, name: &str, value: f64) -> Self {
        let _ = write!(self.0, " {name}=\"{}\"", tenths(value));
        self
    }

    /// Adds the coordinates of a place or a size.
    pub fn lengths<const N: usize>(self, names: [&str; N], values: [f64; N]) -> Self {
        let pairs = names.into_iter().zip(values);
        pairs.fold(self, |attributes, (name, value)| {
            attributes.length(name, value)
        })
    }
}

/// Formats a number to a tenth, without a needless decimal.
pub(super) fn tenths(value: f64) -> String {
    let text = format!("{value:.1}");
    let text = text.strip_suffix(".0").unwrap_or(&text);
    if text == "-0" {
        "0".to_owned()
    } else {
        text.to_owned()
    }
}

impl<'w> Svg<'w> {
    pub fn new(out: &'w mut dyn Write) -> Self {
        Self { out, depth: 0 }
    }

    fn indent(&mut self) -> io::Result<()> {
        write!(self.out, "{:1$}", "", self.depth * 2)
    }

    pub fn open(&mut self, element: &str, attributes: &Attributes) -> io::Result<()> {
        self.indent()?;
        self.depth += 1;
        writeln!(self.out, "<{element}{}>", attributes.0)
    }

    pub fn close(&mut self, element: &str) -> io::Result<()> {
        self.depth -= 1;
        self.indent()?;
        writeln!(self.out, "</{element}>")
    }

    /// Writes an element without content.
    pub fn empty(&mut self, element: &str, attributes: &Attributes) -> io::Result<()> {
        self.indent()?;
        writeln!(self.out, "<{element}{}/>", attributes.0)
    }

    /// Writes an element with text.
    pub fn text(&mut self, element: &str, attributes: &Attributes, text: &str) -> io::Result<()> {
        self.indent()?;
        writeln!(
            self.out,
            "<{element}{}>{}</{element}>",
            attributes.0,
            escape(text)
        )
    }

    /// Writes markup as it is.
    pub fn raw(&mut self, markup: &str) -> io::Result<()> {
        self.out.write_all(markup.as_bytes())
    }

    /// Writes a text at a place, cut to a width. A text that had to be cut is whole in its tooltip.
    pub fn label(
        &mut self,
        style: &Style,
        (x, y): (f64, f64),
        width: f64,
        text: &str,
    ) -> io::Result<()> {
        let attributes = Attributes::class(style.class).lengths(["x", "y"], [x, y]);
        let shown = clip(text, width / style.size);
        if shown == text {
            return self.text("text", &attributes, text);
        }
        self.indent()?;
        writeln!(
            self.out,
            "<text{}>{}<title>{}</title></text>",
            attributes.0,
            escape(&shown),
            escape(text)
        )
    }
}

/// A style of text: its class and its size.
pub(super) struct Style {
    pub class: &'static str,
    pub size: f64,
}

pub(super) const TITLE: Style = Style {
    class: "title",
    size: 17.0,
};
pub(super) const STRONG: Style = Style {
    class: "strong",
    size: 12.5,
};
pub(super) const PLAIN: Style = Style {
    class: "plain",
    size: 12.0,
};
pub(super) const SMALL: Style = Style {
    class: "small",
    size: 11.0,
};
pub(super) const SMALL_BEFORE: Style = Style {
    class: "small end",
    size: 11.0,
};
pub(super) const MUTED: Style = Style {
    class: "muted",
    size: 11.0,
};

/// Returns the attributes of a rectangle, from its left and right, and its top and height.
pub(super) fn rect(class: &str, [left, right]: [f64; 2], [top, height]: [f64; 2]) -> Attributes {
    let names = ["x", "y", "width", "height"];
    Attributes::class(class).lengths(names, [left, top, right - left, height])
}

impl Style {
    /// Estimates the width of a text, rather too wide than too narrow.
    pub fn width(&self, text: &str) -> f64 {
        text.chars().map(em).sum::<f64>() * self.size
    }
}

/// Returns the width of a character, in em.
fn em(character: char) -> f64 {
    match character {
        'i' | 'j' | 'l' | 't' | 'f' | '.' | ',' | ':' | ';' | '\'' | '|' | '!' | ' ' => 0.34,
        'm' | 'w' | 'M' | 'W' | '@' | '%' => 0.95,
        'A'..='Z' | '_' | '=' | '+' | '<' | '>' | '&' | '#' | '~' => 0.72,
        '\u{1100}'.. => 1.05,
        character if character.is_ascii() => 0.6,
        _ => 0.75,
    }
}

/// Cuts a text to a width in em.
fn clip(text: &str, width: f64) -> String {
    if text.chars().map(em).sum::<f64>() <= width {
        return text.to_owned();
    }
    let mut left = width - em('…');
    let fits = |character: &char| {
        left -= em(*character);
        left >= 0.0
    };
    let cut: String = text.chars().take_while(fits).collect();
    format!("{}…", cut.trim_end())
}

/// Breaks a text into at most `lines` lines of a width in em; the last one holds all that is left.
pub(super) fn wrap(text: &str, width: f64, most: usize) -> Vec<String> {
    let mut lines = vec![String::new()];
    for word in text.split(' ') {
        let number = lines.len();
        let Some(line) = lines.last_mut() else {
            break;
        };
        let longer = format!("{line} {word}");
        if line.is_empty() {
            *line = word.to_owned();
        } else if number == most || longer.chars().map(em).sum::<f64>() <= width {
            *line = longer;
        } else {
            lines.push(word.to_owned());
        }
    }
    lines
}

/// Escapes a text for XML and HTML, and replaces characters that cannot be shown.
pub fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    // A title may have lines.
    let lines: Vec<_> = text
        .split('\n')
        .map(|line| Shown::whole(line).to_string())
        .collect();
    for character in lines.join("\n").chars() {
        match character {
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '&' => escaped.push_str("&amp;"),
            '"' => escaped.push_str("&quot;"),
            character => escaped.push(character),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_xml_has_no_place_for_is_replaced() {
        assert_eq!(escape("<&\">\t"), "&lt;&amp;&quot;&gt;\\t");
        assert_eq!(
            escape("\u{1b}[31m\0\u{202e}\u{ffff}"),
            "\\u001b[31m\\u0000\\u202e\\uffff"
        );
    }

    #[test]
    fn the_last_line_holds_what_is_left() {
        assert_eq!(
            wrap("one two three four", 5.0, 2),
            ["one two", "three four"]
        );
        assert_eq!(wrap("one two three four", 50.0, 2), ["one two three four"]);
    }

    #[test]
    fn a_long_text_ends_with_an_ellipsis() {
        assert_eq!(clip("abc", 2.0), "abc");
        assert_eq!(clip("abc abc abc", 3.0), "abc…");
    }
}
