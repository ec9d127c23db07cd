//! The fuzz targets: each takes any bytes, and panics if a promise is broken.

mod answers;
mod edits;
mod expressions;
mod findings;
mod fix;
mod reports;
mod scenario;
mod shell;

pub use answers::answers;
pub use edits::{METHODS, edits};
pub use expressions::expressions;
pub use findings::findings;
pub use fix::fix;
pub use reports::reports;
pub use scenario::scenario;
pub use shell::shell;
