//! Bytes to a document: its text, its value, and the place of each part of the value in the text.

use super::encoding;
use super::expression;
use super::limits::MAX_EXPRESSION_DEPTH;
use super::path::{Path, Segment, visit};
use super::problem::Problem;
use super::reading::{read_json, read_yaml};
use super::scalar::{self, Origins};
use super::source::Source;
use super::syntax::Syntax;
use super::tree::{Kind, NodeId, Style, Tree};
use super::yaml;
use serde_json::Value;
use std::ops::Range;
use std::sync::OnceLock;

/// A document that could be read.
#[derive(Debug, Clone)]
pub struct Document {
    pub(super) source: Source,
    pub(super) syntax: Syntax,
    pub(super) value: Value,
    pub(super) tree: Tree,
    /// Computed lazily; only edits need it.
    places: OnceLock<Vec<usize>>,
    /// Cache of the origins of scalars, by node: many places may lie in one string.
    origins: OnceLock<Box<[OnceLock<Option<Origins>>]>>,
}

/// A scalar that is written on several lines.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ScalarLines {
    /// Its bytes; of a block scalar, those below its header.
    pub span: Range<usize>,
    /// A byte of the line on which it starts; of a block scalar, of the line with its header.
    pub header: usize,
}

/// Result of loading a file.
#[derive(Debug)]
pub enum Loaded {
    /// A mapping, and so perhaps a template.
    Document(Box<Document>),
    /// Well-formed, but not a mapping.
    NoMapping(Source),
    /// Not well-formed; at least one problem, in order of position.
    Malformed(Source, Vec<Problem>),
}

/// Reads `bytes`, refusing more than `max_bytes` of them.
pub fn load(bytes: &[u8], syntax: Syntax, max_bytes: u64) -> Loaded {
    let malformed =
        |text: String, problem: Problem| Loaded::Malformed(Source::new(text), vec![problem]);
    let (text, problem) = encoding::decode(bytes);
    if let Some(excess) = usize::try_from(max_bytes)
        .ok()
        .filter(|&max| bytes.len() > max)
    {
        let problem = Problem::new(
            excess,
            format!("the template is larger than {max_bytes} bytes"),
        );
        return malformed(
            text,
            problem.help("raise the limit (`max-template-size`) if this size is intended"),
        );
    }
    if let Some(problem) = problem {
        return malformed(text, problem);
    }
    let source = Source::new(text);
    let parsed = match syntax {
        Syntax::Yaml => read_yaml(source.text()),
        Syntax::Json => read_json(source.text()),
    };
    match parsed {
        Ok((tree, Some(value))) => {
            let document = Document {
                source,
                syntax,
                value,
                tree,
                places: OnceLock::new(),
                origins: OnceLock::new(),
            };
            let problems = document.too_deep_expressions();
            match problems.is_empty() {
                true => Loaded::Document(Box::new(document)),
                false => Loaded::Malformed(document.source, problems),
            }
        }
        Ok((tree, None)) => match listed_template(&tree, syntax) {
            Some(problem) => Loaded::Malformed(source, vec![problem]),
            None => Loaded::NoMapping(source),
        },
        Err(problems) => Loaded::Malformed(source, problems),
    }
}

/// Returns the problem of a file whose root is a list with a template in it, or a string that is one.
fn listed_template(tree: &Tree, syntax: Syntax) -> Option<Problem> {
    let root = tree.root?;
    let (message, help) = match &tree.node(root).kind {
        Kind::Sequence(items) if items.iter().any(|item| tree.is_labelled(*item)) => {
            let help = match (items.len(), syntax) {
                (1, Syntax::Yaml) => "remove the `-` before it, and the indentation that it gives",
                (1, Syntax::Json) => "remove the `[` and the `]` around it",
                _ => "write each template to a file of its own",
            };
            ("a template is a mapping, and this is a list", help)
        }
        Kind::Scalar { text, .. } if is_text_of_template(text) => (
            "a template is a mapping, and this is a string",
            "write the text itself, without the quotes or the `|` around it",
        ),
        _ => return None,
    };
    let start = tree.node(root).span.start;
    let problem = Problem {
        span: start..start + 1,
        ..Problem::new(start, message)
    };
    Some(problem.help(help))
}

/// Returns true if a string has the text of a template, as YAML, which has JSON in it.
fn is_text_of_template(text: &str) -> bool {
    let tree = text
        .contains("specificationVersion")
        .then(|| yaml::parse(text));
    let root = tree
        .and_then(|tree| tree.ok())
        .and_then(|tree| Some((tree.root?, tree)));
    root.is_some_and(|(root, tree)| tree.is_labelled(root))
}

impl Document {
    /// The text.
    pub fn source(&self) -> &Source {
        &self.source
    }

    /// The syntax in which it is written.
    pub fn syntax(&self) -> Syntax {
        self.syntax
    }

    /// The value at `path` as a document of its own, its places those in this one's text; `None` where
    /// there is none.
    pub fn part(&self, path: &Path) -> Option<Self> {
        let (_, root) = self.tree.find(path)?;
        let mut tree = self.tree.clone();
        tree.root = Some(tree.resolved(root));
        Some(Self {
            source: self.source.clone(),
            syntax: self.syntax,
            value: path.get(&self.value)?.clone(),
            tree,
            // Aliases in the rest of the document count, too.
            places: self.places().to_vec().into(),
            origins: OnceLock::new(),
        })
    }

    /// Returns the number of places that show each node.
    pub(super) fn places(&self) -> &[usize] {
        self.places.get_or_init(|| self.tree.places())
    }

    fn too_deep_expressions(&self) -> Vec<Problem> {
        let mut problems = Vec::new();
        visit(&self.value, &mut |path, value| {
            // Each level takes a byte.
            let Some(text) = value
                .as_str()
                .filter(|text| text.len() > MAX_EXPRESSION_DEPTH)
            else {
                return;
            };
            let is_binding =
                matches!(path.segments(), [.., Segment::Key(list), _] if list == "let");
            if expression::depth(text, is_binding) > MAX_EXPRESSION_DEPTH {
                let span = self.value_span(path).unwrap_or_default();
                let message =
                    format!("an expression is nested more than {MAX_EXPRESSION_DEPTH} levels deep");
                problems.push(Problem {
                    span,
                    ..Problem::new(0, message)
                });
            }
        });
        problems.sort_by_key(|problem| problem.span.start);
        problems
    }

    /// Gives the text back when the rest is no longer needed.
    pub fn into_source(self) -> Source {
        self.source
    }

    /// The value, aliases and merge keys expanded.
    pub fn value(&self) -> &Value {
        &self.value
    }

    /// The bytes of each comment, from its `#`, in order. JSON has none.
    pub fn comments(&self) -> Vec<Range<usize>> {
        match self.syntax {
            Syntax::Yaml => yaml::comments(self.source.text()),
            Syntax::Json => Vec::new(),
        }
    }

    /// The scalars that are written on several lines, in order.
    pub fn scalars_of_several_lines(&self) -> Vec<ScalarLines> {
        let text = self.source.text();
        let scalars = self.tree.nodes.iter().filter_map(|node| {
            let span = node.span.clone();
            let header = match &node.kind {
                Kind::Scalar {
                    style: Style::Literal | Style::Folded,
                    ..
                } => scalar::header(text, &span),
                Kind::Scalar { .. } if text[span.clone()].contains(['\n', '\r']) => span.start,
                _ => return None,
            };
            Some(ScalarLines { span, header })
        });
        let mut scalars: Vec<_> = scalars.collect();
        scalars.sort_by_key(|scalar| scalar.span.start);
        scalars
    }

    /// The bytes of the key at the end of `path`; `None` if `path` does not end in a key.
    pub fn key_span(&self, path: &Path) -> Option<Range<usize>> {
        let key = self.tree.find(path)?.0?;
        Some(self.tree.node(key).span.clone())
    }

    /// Returns the bytes of the value at `path`, or of the alias for it. Empty for an omitted value.
    pub fn value_span(&self, path: &Path) -> Option<Range<usize>> {
        let (_, value) = self.tree.find(path)?;
        let span = self.tree.node(value).span.clone();
        // The parser ends a block scalar where the next line has text.
        let text = &self.source.text()[span.clone()];
        Some(span.start..span.start + text.trim_end().len())
    }

    /// The bytes of the first key of the mapping at `path`, or its opening brace.
    pub fn start_span(&self, path: &Path) -> Option<Range<usize>> {
        let (_, value) = self.tree.find(path)?;
        let node = self.tree.node(value);
        let first_key = match &node.kind {
            Kind::Mapping(entries) => entries.first().map(|entry| &self.tree.node(entry.0).span),
            _ => None,
        };
        let start = node.span.start;
        match first_key {
            Some(key) if key.start == start => Some(key.clone()),
            _ => Some(start..(start + 1).min(node.span.end)),
        }
    }

    /// The bytes that the part `range` (in bytes) of the string at `path` is written with; of the
    /// whole string if that cannot be told.
    pub fn text_span(&self, path: &Path, range: &Range<usize>) -> Option<Range<usize>> {
        let (_, value) = self.tree.find(path)?;
        self.part_of(value, range)
    }

    /// The bytes that the part `range` (in bytes) of the key at the end of `path` is written with.
    pub fn key_part_span(&self, path: &Path, range: &Range<usize>) -> Option<Range<usize>> {
        let key = self.tree.find(path)?.0?;
        self.part_of(key, range)
    }

    /// The first alias or merge key by which `path` is reached, if it is by one.
    pub fn alias_span(&self, path: &Path) -> Option<Range<usize>> {
        let alias = self.tree.alias(path)?;
        Some(self.tree.node(alias).span.clone())
    }

    /// The bytes of the value at `path`, where an alias stands, those of its anchor.
    pub fn anchored_span(&self, path: &Path) -> Option<Range<usize>> {
        let (_, value) = self.tree.find(path)?;
        Some(self.tree.node(self.tree.resolved(value)).span.clone())
    }

    fn part_of(&self, node: NodeId, range: &Range<usize>) -> Option<Range<usize>> {
        let id = self.tree.resolved(node);
        let exact = self.exact_part(id, range);
        Some(exact.unwrap_or_else(|| self.tree.node(id).span.clone()))
    }

    /// The bytes that the part `range` of a scalar is written with; `None` if that cannot be told.
    pub(super) fn exact_part(&self, id: NodeId, range: &Range<usize>) -> Option<Range<usize>> {
        let node = self.tree.node(id);
        let Kind::Scalar { style, text } = &node.kind else {
            return None;
        };
        let all = self.origins.get_or_init(|| {
            let nodes = self.tree.nodes.iter();
            nodes.map(|_| OnceLock::new()).collect()
        });
        let origins = all[id]
            .get_or_init(|| Origins::of(self.source.text(), &node.span, *style, text))
            .as_ref()?;
        origins.bytes(range)
    }
}
