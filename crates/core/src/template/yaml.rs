//! YAML text to a span tree, from the events of the parser that also makes the value.

use super::limits::{MAX_DEPTH, MAX_NODES};
use super::problem::Problem;
use super::tree::{Kind, NodeId, Style, Tag, Tree};
use serde_saphyr::granit_parser::{self, ErrorKind, Event, Parser, ScalarStyle, Span};
use std::collections::HashMap;
use std::ops::Range;

/// Builds the tree of the one document in `text`.
pub(super) fn parse(text: &str) -> Result<Tree, Problem> {
    let mut builder = Builder::default();
    let options = granit_parser::options! { emit_comments: false };
    for event in Parser::new_from_str_with_options(text, options) {
        match event {
            Ok((event, span)) => builder.take(event, &span)?,
            Err(error) => {
                let found = error.marker().byte_offset().unwrap_or(text.len());
                // Of a tab in the indentation the parser names the place behind it.
                let offset = match error.info() {
                    message if message.starts_with("tab") => {
                        text[..found].trim_end_matches('\t').len()
                    }
                    _ => found,
                };
                return Err(match error.kind() {
                    ErrorKind::RecursionLimitExceeded => Problem::too_deep(offset),
                    _ => builder.explain(offset, error.info()),
                });
            }
        }
    }
    Ok(builder.tree)
}

/// The bytes of each comment of `text`, from its `#`, in order.
pub(super) fn comments(text: &str) -> Vec<Range<usize>> {
    let options = granit_parser::options! {
        emit_comments: true,
        max_buffered_comment_events: text.len(),
    };
    let events = Parser::new_from_str_with_options(text, options).map_while(Result::ok);
    let mut comments: Vec<_> = events
        .filter(|(event, _)| matches!(event, Event::Comment(..)))
        .map(|(_, span)| bytes(&span))
        .collect();
    // That of a block scalar's header comes after the scalar.
    comments.sort_by_key(|span| span.start);
    comments
}

/// A container that is still open; a mapping's children are its keys and values in turn.
struct Open {
    start: usize,
    anchor: usize,
    tag: Option<Tag>,
    is_mapping: bool,
    children: Vec<NodeId>,
}

#[derive(Default)]
struct Builder {
    tree: Tree,
    open: Vec<Open>,
    anchors: HashMap<usize, NodeId>,
    has_ended: bool,
}

impl Builder {
    fn take(&mut self, event: Event<'_>, span: &Span) -> Result<(), Problem> {
        let span = bytes(span);
        match event {
            Event::DocumentStart(..) if self.has_ended => {
                return Err(Problem::new(span.start, "a second document starts here")
                    .help("a template is one document: move the second one to its own file"));
            }
            Event::DocumentEnd => self.has_ended = true,
            Event::Alias(anchor) => {
                let kind = match self.anchors.get(&anchor) {
                    Some(target) => Kind::Alias(*target),
                    None => return Err(Problem::part_of_itself(span)),
                };
                self.add(span, kind, 0, None)?;
            }
            Event::Scalar(text, style, anchor, tag) => {
                // The parser gives an absent value the text `~` and no width.
                let is_absent = span.is_empty() && style == ScalarStyle::Plain;
                let text = if is_absent {
                    String::new()
                } else {
                    text.into_owned()
                };
                let style = style.into();
                let tag = tag.as_deref().map(tag_of);
                self.add(span, Kind::Scalar { style, text }, anchor, tag)?;
            }
            Event::SequenceStart(_, anchor, tag) => {
                self.enter(span.start, anchor, tag.as_deref(), false)?;
            }
            Event::MappingStart(_, anchor, tag) => {
                self.enter(span.start, anchor, tag.as_deref(), true)?;
            }
            Event::SequenceEnd | Event::MappingEnd => self.leave(span)?,
            _ => {}
        }
        Ok(())
    }

    fn enter(
        &mut self,
        start: usize,
        anchor: usize,
        tag: Option<&granit_parser::Tag>,
        is_mapping: bool,
    ) -> Result<(), Problem> {
        if self.open.len() == MAX_DEPTH {
            return Err(Problem::too_deep(start));
        }
        let children = Vec::new();
        self.open.push(Open {
            start,
            anchor,
            tag: tag.map(tag_of),
            is_mapping,
            children,
        });
        Ok(())
    }

    fn leave(&mut self, end: Range<usize>) -> Result<(), Problem> {
        let Some(open) = self.open.pop() else {
            return Ok(());
        };
        // The end event of a block container is empty and comes late: it ends with its last child.
        let last = open.children.last().map(|&id| self.tree.node(id).span.end);
        let end = if end.is_empty() {
            last.unwrap_or(open.start)
        } else {
            end.end
        };
        let kind = if open.is_mapping {
            Kind::Mapping(
                open.children
                    .chunks_exact(2)
                    .map(|pair| (pair[0], pair[1]))
                    .collect(),
            )
        } else {
            Kind::Sequence(open.children)
        };
        self.add(open.start..end, kind, open.anchor, open.tag)
    }

    fn add(
        &mut self,
        span: Range<usize>,
        kind: Kind,
        anchor: usize,
        tag: Option<Tag>,
    ) -> Result<(), Problem> {
        if self.tree.nodes.len() == MAX_NODES {
            return Err(Problem::too_many_nodes(span.start));
        }
        let id = self.tree.push(span, kind);
        if anchor != 0 {
            self.anchors.insert(anchor, id);
        }
        self.tree.tags.extend(tag.map(|tag| (id, tag)));
        match self.open.last_mut() {
            Some(parent) => parent.children.push(id),
            None => self.tree.root = Some(id),
        }
        Ok(())
    }

    fn explain(&self, offset: usize, message: String) -> Problem {
        if self.has_ended {
            Problem::new(offset, "there is more text after the end of the document")
                .help("remove it, or check the brackets before it: the document ends where the outermost bracket closes")
        } else {
            Problem::new(offset, message)
        }
    }
}

fn bytes(span: &Span) -> Range<usize> {
    // Markers of text input always know their byte offset.
    let start = span.start.byte_offset().unwrap_or_default();
    start..span.end.byte_offset().unwrap_or(start).max(start)
}

fn tag_of(tag: &granit_parser::Tag) -> Tag {
    match tag.core_suffix() {
        Some(name) => Tag::Core(name.to_owned()),
        None if matches!((tag.handle(), tag.suffix()), ("", "!") | ("!", "")) => Tag::NonSpecific,
        None => Tag::Local,
    }
}

impl From<ScalarStyle> for Style {
    fn from(style: ScalarStyle) -> Self {
        match style {
            ScalarStyle::Plain => Self::Plain,
            ScalarStyle::SingleQuoted => Self::SingleQuoted,
            ScalarStyle::DoubleQuoted => Self::DoubleQuoted,
            ScalarStyle::Literal => Self::Literal,
            ScalarStyle::Folded => Self::Folded,
        }
    }
}
