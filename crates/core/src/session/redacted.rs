//! Values with secrets in them, and the form of them that may be shown.

use std::fmt;
use std::ops::Deref;

/// A value that may hold secrets, with its redacted form (OUT-2).
///
/// It dereferences to the redacted form, and `Debug` shows nothing else: a driver that logs or records what it
/// gets from a Session cannot show a secret by accident. The real value takes a call of [`reveal`](Self::reveal)
/// and is for the process that is started with it.
#[derive(Clone, PartialEq, Eq)]
pub struct Redacted<T>(Box<Forms<T>>);

#[derive(Clone, PartialEq, Eq)]
struct Forms<T> {
    real: T,
    /// `None` if the real value may be shown.
    redacted: Option<T>,
}

impl<T> Redacted<T> {
    /// Pairs a value with its redacted form.
    pub fn new(real: T, redacted: T) -> Self {
        Self(Box::new(Forms {
            real,
            redacted: Some(redacted),
        }))
    }

    /// Wraps a value without secrets, which is shown as it is.
    pub fn public(value: T) -> Self {
        Self(Box::new(Forms {
            real: value,
            redacted: None,
        }))
    }

    /// Returns the real value, secrets included. It must not be shown, logged or recorded.
    pub fn reveal(&self) -> &T {
        &self.0.real
    }

    /// Makes the real value the one that is shown, as simulations do: they have no secrets to keep.
    pub fn publish(self) -> Self {
        Self::public(self.0.real)
    }
}

impl<T> Deref for Redacted<T> {
    type Target = T;

    fn deref(&self) -> &T {
        self.0.redacted.as_ref().unwrap_or(&self.0.real)
    }
}

impl<T: fmt::Debug> fmt::Debug for Redacted<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        (**self).fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_reveal_gives_the_real_value() {
        let value = Redacted::new("hunter2".to_owned(), "********".to_owned());
        assert_eq!(value.as_str(), "********");
        assert_eq!(format!("{value:?}"), "\"********\"");
        assert_eq!(value.reveal(), "hunter2");
        assert_eq!(*value.publish(), "hunter2");
    }
}
