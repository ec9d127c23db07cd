//! Fuzz targets and what they share: input made of random bytes, runs of the program, and checks of what it prints.
//!
//! The integration tests of the program include this file, so that every target runs there too.

mod editor;
pub mod fit;
pub mod input;
mod places;
mod program;
pub mod targets;
