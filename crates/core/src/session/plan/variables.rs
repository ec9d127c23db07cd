//! Environment variables of a Session: declared by its Environments, and set by messages of its actions.

use crate::session::event::Variables;

/// Changes to the variables of a Session, by the Environment that made them.
pub(super) struct SessionVariables {
    /// Changes by each Environment, by index: its declared variables, then those of its entering action's messages.
    changes: Vec<Variables>,
    /// Variables set by messages of any action, less those unset since (RFC 0008).
    emitted: Variables,
}

impl SessionVariables {
    pub fn new(environments: usize) -> Self {
        Self {
            changes: vec![Variables::new(); environments],
            emitted: Variables::new(),
        }
    }

    /// Sets the variables that an Environment declares.
    pub fn declare(&mut self, environment: usize, declared: Variables) {
        self.changes[environment] = declared;
    }

    /// Applies a message that sets or unsets a variable. Later wrap hooks list it (RFC 0008); processes get it
    /// only if the action enters an Environment, until that exits (SES-7).
    pub fn apply(&mut self, entering: Option<usize>, name: String, value: Option<String>) {
        match &value {
            Some(_) => drop(self.emitted.insert(name.clone(), value.clone())),
            None => drop(self.emitted.remove(&name)),
        }
        if let Some(environment) = entering {
            self.changes[environment].insert(name, value);
        }
    }

    /// Merges the changes of the Environments that are entered, inner over outer.
    pub fn merged(&self, entered: &[usize]) -> Variables {
        let mut variables = Variables::new();
        for &index in entered {
            variables.extend(self.changes[index].clone());
        }
        variables
    }

    /// Returns the content of `WrappedAction.Environment`: the variables of the wrapped action, `own`, and all
    /// others that earlier actions have set (RFC 0008).
    pub fn for_wrap_hook(&self, own: &Variables) -> Variables {
        let own = own.iter().filter(|(_, value)| value.is_some());
        let own = own.map(|(name, value)| (name.clone(), value.clone()));
        self.emitted.clone().into_iter().chain(own).collect()
    }
}
