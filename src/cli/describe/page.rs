//! Headings, lists and tables, as text or Markdown.

use std::io::{self, Write};

/// A part of a page. Its texts have quotes of code ([`code`](openjd_monitor_core::shown::code)) and no other markup.
pub(super) enum Block {
    /// The heading of a template.
    Title(String),
    /// The heading of a section.
    Section(String),
    List(Vec<String>),
    /// A table; its first row is the header.
    Table(Vec<Vec<String>>),
}

/// Markup of a page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Markup {
    Text,
    Markdown,
}

/// Writes the blocks, an empty line between them.
pub(super) fn write(blocks: &[Block], markup: Markup, out: &mut dyn Write) -> io::Result<()> {
    let is_markdown = markup == Markup::Markdown;
    for (index, block) in blocks.iter().enumerate() {
        if index > 0 {
            writeln!(out)?;
        }
        match block {
            Block::Title(text) if is_markdown => writeln!(out, "# {text}")?,
            Block::Section(text) if is_markdown => writeln!(out, "## {text}")?,
            Block::Title(text) | Block::Section(text) => writeln!(out, "{text}")?,
            Block::List(items) => {
                for item in items {
                    writeln!(out, "- {item}")?;
                }
            }
            Block::Table(rows) if is_markdown => pipes(rows, out)?,
            Block::Table(rows) => columns(rows, out)?,
        }
    }
    Ok(())
}

fn pipes(rows: &[Vec<String>], out: &mut dyn Write) -> io::Result<()> {
    for (index, row) in rows.iter().enumerate() {
        let cells = row.iter().map(|cell| cell.replace('|', "\\|"));
        writeln!(out, "| {} |", cells.collect::<Vec<_>>().join(" | "))?;
        if index == 0 {
            writeln!(out, "|{}", " --- |".repeat(row.len()))?;
        }
    }
    Ok(())
}

fn columns(rows: &[Vec<String>], out: &mut dyn Write) -> io::Result<()> {
    let count = rows.iter().map(Vec::len).max().unwrap_or(0);
    let width = |column: usize| {
        let cells = rows.iter().filter_map(|row| row.get(column));
        cells.map(|cell| cell.chars().count()).max().unwrap_or(0)
    };
    let widths: Vec<_> = (0..count).map(width).collect();
    for row in rows {
        let cells = row.iter().zip(&widths);
        let line: String = cells
            .map(|(cell, &width)| format!("  {cell:width$}"))
            .collect();
        writeln!(out, "{}", line.trim_end())?;
    }
    Ok(())
}
