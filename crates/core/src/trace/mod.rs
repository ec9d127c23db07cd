//! Traces of Sessions: written as text or JSON, compared with expected ones, and drawn.

mod align;
mod alternatives;
mod compare;
mod fields;
mod json;
mod matching;
mod phrases;
mod text;
mod timeline;

pub use align::{Row, align};
pub use alternatives::{Alternatives, Nearest};
pub use compare::{Comparison, Difference};
pub use fields::Fields;
pub use json::{event, line, seconds};
pub use text::TextWriter;
pub use timeline::Timeline;
pub use timeline::escape;
