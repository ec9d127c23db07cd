//! What a Session did, as events: their two writers, their comparison with what is expected, and their
//! picture.

mod compare;
mod fields;
mod json;
mod text;
mod timeline;

pub use compare::{Comparison, Difference};
pub use fields::Fields;
pub use json::event;
pub use text::TextWriter;
pub use timeline::Timeline;
