//! Random documents in every style: block and flow, quotes, comments, anchors and merge keys.

use proptest::prelude::*;

/// A document to write: its value and its style.
#[derive(Debug, Clone)]
pub enum Node {
    Scalar(&'static str, Quotes),
    Null,
    List(Shape, Vec<Node>),
    Map(Shape, Vec<(&'static str, Node)>),
    /// The anchored node with this number, modulo the number of anchors.
    Alias(usize),
}

#[derive(Debug, Clone, Copy)]
pub enum Quotes {
    None,
    Single,
    Double,
    Literal,
}

#[derive(Debug, Clone, Copy)]
pub struct Shape {
    is_flow: bool,
    /// Brackets over several lines.
    is_open: bool,
    has_comments: bool,
    has_anchor: bool,
    /// A merge key adds the keys of an anchored mapping.
    has_merge: bool,
}

pub fn node() -> impl Strategy<Value = Node> {
    use Quotes::{Double, Literal, None, Single};
    let quotes = prop::sample::select(vec![None, None, Single, Double, Literal]);
    let scalar = (
        prop::sample::select(vec!["word", "7", "{{Param.A}} b", "é #x: y"]),
        quotes,
    );
    let leaf = prop_oneof![
        6 => scalar.prop_map(|(text, quotes)| Node::Scalar(text, quotes)),
        1 => Just(Node::Null),
        2 => any::<usize>().prop_map(Node::Alias),
    ];
    leaf.prop_recursive(4, 24, 4, |inner| {
        prop_oneof![
            (shape(), prop::collection::vec(inner.clone(), 0..4))
                .prop_map(|(shape, items)| Node::List(shape, items)),
            map(inner),
        ]
    })
}

pub fn map(inner: impl Strategy<Value = Node>) -> impl Strategy<Value = Node> {
    let keys = prop::sample::subsequence(vec!["a", "b", "c", "d"], 1..4).prop_shuffle();
    (shape(), keys, prop::collection::vec(inner, 4))
        .prop_map(|(shape, keys, values)| Node::Map(shape, keys.into_iter().zip(values).collect()))
}

fn shape() -> impl Strategy<Value = Shape> {
    any::<[bool; 5]>().prop_map(
        |[is_flow, is_open, has_comments, has_anchor, has_merge]| Shape {
            is_flow,
            is_open,
            has_comments,
            has_anchor,
            has_merge,
        },
    )
}

/// Writes nodes as YAML, or as JSON.
#[derive(Default)]
struct Writer {
    out: String,
    is_json: bool,
    /// For each anchor so far: `true` if it marks a mapping.
    anchors: Vec<bool>,
    next_anchor: usize,
}

impl Writer {
    fn scalar(&mut self, text: &str, quotes: Quotes, indent: usize, in_flow: bool) {
        let is_plain = text.chars().all(|c| c.is_ascii_alphanumeric());
        match quotes {
            Quotes::None if text == "7" || (is_plain && !self.is_json) => self.out += text,
            Quotes::Single if !self.is_json => self.out += &format!("'{text}'"),
            Quotes::Literal if !in_flow => {
                self.out += &format!("|\n{0:1$}{text}\n{0:1$}{text}", "", indent);
            }
            _ => self.out += &format!("\"{text}\""),
        }
    }

    /// Writes the node after a colon or a dash. A node in block style starts a new line, unless it is a mapping in a list.
    fn value(&mut self, node: &Node, indent: usize, in_flow: bool, in_list: bool) {
        let in_flow = in_flow || self.is_json;
        match node {
            Node::Scalar(text, quotes) => {
                self.out.push(' ');
                self.scalar(text, *quotes, indent, in_flow);
            }
            Node::Alias(number) if !self.anchors.is_empty() => {
                self.out += &format!(" *n{} ", number % self.anchors.len());
            }
            Node::Null | Node::Alias(_) if in_flow => self.out += " null",
            Node::Null | Node::Alias(_) => {}
            Node::List(shape, items) => {
                let parts = items.iter().map(|item| ("", item)).collect::<Vec<_>>();
                self.container(*shape, &parts, false, indent, in_flow, in_list);
            }
            Node::Map(shape, entries) => {
                let parts = entries
                    .iter()
                    .map(|(key, value)| (*key, value))
                    .collect::<Vec<_>>();
                self.container(*shape, &parts, true, indent, in_flow, in_list);
            }
        }
    }

    fn container(
        &mut self,
        shape: Shape,
        parts: &[(&str, &Node)],
        is_map: bool,
        indent: usize,
        in_flow: bool,
        in_list: bool,
    ) {
        let has_anchor = shape.has_anchor && !self.is_json;
        let anchor = self.next_anchor;
        if has_anchor {
            self.next_anchor += 1;
            self.out += &format!(" &n{anchor}");
        }
        if in_flow || shape.is_flow || parts.is_empty() {
            self.between_brackets(shape, parts, is_map, indent);
        } else {
            self.lines(shape, parts, is_map, indent, in_list && !has_anchor);
        }
        // An anchor that an inner one came before is not referred to.
        if has_anchor && anchor == self.anchors.len() {
            self.anchors.push(is_map);
        }
    }

    fn merge(&self, shape: Shape) -> Option<String> {
        let source = self.anchors.iter().position(|is_map| *is_map)?;
        (shape.has_merge && !self.is_json).then(|| format!("<<: *n{source} "))
    }

    fn between_brackets(
        &mut self,
        shape: Shape,
        parts: &[(&str, &Node)],
        is_map: bool,
        indent: usize,
    ) {
        let (open, close) = if is_map { ("{", "}") } else { ("[", "]") };
        let line = match shape.is_open {
            true => format!("\n{:1$}", "", indent),
            false => String::new(),
        };
        let comment = match shape.is_open && shape.has_comments && !self.is_json {
            true => " # x, y",
            false => "",
        };
        self.out += &format!(" {open}");
        if let Some(merge) = self.merge(shape).filter(|_| is_map) {
            self.out += &format!("{line}{merge}, ");
        }
        for (index, (key, value)) in parts.iter().enumerate() {
            self.out += &line;
            if is_map {
                self.out += &if self.is_json {
                    format!("\"{key}\":")
                } else {
                    format!("{key}:")
                };
            }
            self.value(value, indent + 2, true, false);
            let is_last = index + 1 == parts.len();
            self.out += match is_last {
                true if !shape.has_merge || self.is_json => "",
                _ => ",",
            };
            self.out += comment;
        }
        if shape.is_open {
            self.out += &format!("\n{:1$}", "", indent.max(1));
        }
        self.out += close;
    }

    fn lines(
        &mut self,
        shape: Shape,
        parts: &[(&str, &Node)],
        is_map: bool,
        indent: usize,
        in_list: bool,
    ) {
        let mut is_inline = in_list && is_map;
        let mut start = |out: &mut String| {
            match is_inline {
                true => out.push(' '),
                false => *out += &format!("\n{:1$}", "", indent),
            }
            is_inline = false;
        };
        if let Some(merge) = self.merge(shape).filter(|_| is_map) {
            start(&mut self.out);
            self.out += &merge;
        }
        for (key, value) in parts {
            start(&mut self.out);
            self.out += &if is_map {
                format!("{key}:")
            } else {
                "-".to_owned()
            };
            self.value(value, indent + 2, false, !is_map);
            let is_literal = matches!(value, Node::Scalar(_, Quotes::Literal));
            if shape.has_comments && !is_literal {
                self.out += " # x";
                if shape.is_open {
                    self.out += &format!("\n\n{:1$}# y", "", indent);
                }
            }
        }
    }
}

pub fn written(root: &Node, is_json: bool, has_crlf: bool) -> String {
    let mut writer = Writer {
        is_json,
        ..Writer::default()
    };
    writer.value(root, 0, false, false);
    let text = format!("{}\n", writer.out.trim_start());
    match has_crlf {
        true => text.replace('\n', "\r\n"),
        false => text,
    }
}
