//! Items of a list whose fields have a dash each.

use super::{Search, belong, label, problem};
use crate::template::{Edit, Path, Problem};
use serde_json::Value;

impl Search<'_> {
    /// Fields of an item, each with a dash of its own.
    pub(super) fn list(&self, path: &Path, items: &[Value]) -> Vec<Problem> {
        let schema = self.at(path).and_then(|list| list.get("items"));
        let Some(schema) = schema.map(|items| self.resolved(items)) else {
            return Vec::new();
        };
        let required = schema.get("required").and_then(Value::as_array);
        if !required.is_some_and(|names| names.contains(&"name".into())) {
            return Vec::new();
        }
        let is_whole = |item: &Value| item.get("name").is_some();
        let mut found = Vec::new();
        let mut index = 0;
        while index < items.len() {
            let rest = items[index + 1..].iter();
            let count = rest.take_while(|item| !is_whole(item)).count();
            if is_whole(&items[index]) && count > 0 {
                found.extend(self.split_item(path, schema, index, count));
            }
            index += count + 1;
        }
        found
    }

    /// The item at `index`, if the `count` items behind it are its fields.
    fn split_item(
        &self,
        list: &Path,
        schema: &'static Value,
        index: usize,
        count: usize,
    ) -> Option<Problem> {
        let first = self.document.outline(&list.index(index));
        let column = first.first()?.column;
        let parts =
            (index + 1..=index + count).map(|index| self.document.outline(&list.index(index)));
        let parts: Vec<_> = parts.collect();
        let mut keys: Vec<&str> = first.iter().map(|entry| &*entry.key).collect();
        let mut edits = Vec::new();
        for part in &parts {
            let start = part.first().filter(|start| start.column == column)?;
            edits.push(Edit {
                span: self.document.dash(start)?,
                text: " ".to_owned(),
            });
            for entry in part {
                let is_new = !keys.contains(&&*entry.key);
                self.field(schema, &entry.key).filter(|_| is_new)?;
                keys.push(&entry.key);
            }
        }
        let group: Vec<_> = parts
            .iter()
            .filter_map(|part| part.first().cloned())
            .collect();
        let starts = match group.len() {
            1 => "starts an item of its own",
            _ => "each starts an item of its own",
        };
        let message = format!(
            "{} to {}, but {starts}",
            belong(&group),
            label(&list.index(index))
        );
        let numbers = group
            .iter()
            .map(|entry| self.line(entry.span.start).to_string());
        let numbers: Vec<_> = numbers.collect();
        let help = match numbers.as_slice() {
            [_] => "write a space in place of the `-`".to_owned(),
            [before @ .., last] => format!(
                "write a space in place of the `-` in lines {} and {last}",
                before.join(", ")
            ),
            [] => return None,
        };
        Some(problem(&group, message, help, edits))
    }
}
