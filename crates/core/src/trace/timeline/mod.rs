//! A trace as a picture: one self-contained SVG file, readable on light and dark pages.
//!
//! A recording is bounded: long stretches of healthy checks, of successful tasks and of anything else are
//! folded as they arrive, and drawn as one band with its counts. Effects and events go to [`recorder`], the
//! finished recording to [`layout`] and from there to [`drawing`].

mod axis;
mod axis_lines;
mod drawing;
mod event;
mod fold;
mod header;
mod layout;
mod marks;
mod notes;
mod record;
mod recorder;
mod rows;
mod story;
mod svg;
mod ticks;
mod words;

pub use recorder::Timeline;
pub use svg::escape;
