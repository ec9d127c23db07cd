//! The functions of expressions, by where an expression is resolved.

use crate::functions;
use openjd_expr::{FunctionLibrary, HostContext};
use openjd_model::ModelProfile;
use std::sync::LazyLock;

/// Functions of expressions, those that only a host has among them.
pub(super) static FUNCTIONS: LazyLock<FunctionLibrary> = LazyLock::new(|| {
    functions::of_profile(&ModelProfile::latest().to_expr_profile(HostContext::Unresolved))
});

/// Functions of expressions that are resolved where the job is created.
pub(super) static ANYWHERE: LazyLock<FunctionLibrary> = LazyLock::new(|| {
    functions::of_profile(&ModelProfile::latest().to_expr_profile(HostContext::None))
});
