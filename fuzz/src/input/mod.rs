//! Input made of random bytes.

pub mod answers;
pub mod expression;
pub mod scenario;
pub mod shell;
pub mod slips;
pub mod template;
pub mod text;
pub mod tree;
