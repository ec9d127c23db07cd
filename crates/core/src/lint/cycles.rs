//! Steps that depend on each other in a circle, of which `openjd-model` says only that there are some.

use super::fact::{Dependency, Fact, FactKind};
use super::finding::Place;
use crate::template::{Path, items_of};
use serde_json::Value;
use std::collections::HashMap;

/// Steps with the indices of those on which they depend.
struct Graph<'d> {
    names: Vec<&'d str>,
    edges: Vec<Vec<(usize, Path)>>,
    /// The steps that depend on each step, once for each of their dependencies.
    users: Vec<Vec<usize>>,
    /// Number of dependencies of each step on steps that are left.
    counts: Vec<usize>,
    /// The steps that are in a circle, or depend on one that is.
    is_left: Vec<bool>,
}

/// Reports the circles of the job template `document`, each with its dependencies in order; every step is in one at
/// most. (A step that depends on itself is reported at its place by the model.)
pub(super) fn facts(document: &Value) -> Vec<Fact<'static>> {
    let mut graph = Graph::of(document);
    let mut facts = Vec::new();
    let mut start = 0;
    while let Some(circle) = graph.circle(&mut start) {
        let dependencies: Vec<_> = circle
            .iter()
            .map(|(step, path)| Dependency {
                step: graph.names[*step].to_owned(),
                path: path.clone(),
            })
            .collect();
        graph.drop_steps(circle.iter().map(|(step, _)| *step).collect());
        let first = dependencies[0].path.clone();
        facts.push(Fact {
            place: Place::Value(first),
            kind: FactKind::Cycle(dependencies),
        });
    }
    facts
}

impl<'d> Graph<'d> {
    fn of(document: &'d Value) -> Self {
        let steps = items_of(document.get("steps"));
        let name = |step: &'d Value| step.get("name").and_then(Value::as_str).unwrap_or_default();
        let names: Vec<_> = steps.iter().map(name).collect();
        let mut indices: HashMap<&str, usize> = HashMap::new();
        for (index, name) in names.iter().enumerate() {
            indices.entry(name).or_insert(index);
        }
        let edges = steps.iter().enumerate().map(|(index, step)| {
            let path = Path::root().key("steps").index(index).key("dependencies");
            let list = items_of(step.get("dependencies")).iter().enumerate();
            let edge = |(at, item): (usize, &Value)| {
                let target = *indices.get(item.get("dependsOn")?.as_str()?)?;
                (target != index).then(|| (target, path.index(at).key("dependsOn")))
            };
            list.filter_map(edge).collect()
        });
        let edges: Vec<Vec<_>> = edges.collect();
        let mut users = vec![Vec::new(); names.len()];
        for (step, edges) in edges.iter().enumerate() {
            edges
                .iter()
                .for_each(|(target, _)| users[*target].push(step));
        }
        let counts: Vec<_> = edges.iter().map(Vec::len).collect();
        let sound: Vec<_> = (0..names.len()).filter(|step| counts[*step] == 0).collect();
        let mut graph = Self {
            is_left: vec![true; names.len()],
            names,
            edges,
            users,
            counts,
        };
        graph.drop_steps(sound);
        graph
    }

    /// Drops `steps`, and those all of whose dependencies, directly or not, come to an end then.
    fn drop_steps(&mut self, mut steps: Vec<usize>) {
        for step in &steps {
            self.is_left[*step] = false;
        }
        while let Some(step) = steps.pop() {
            for user in std::mem::take(&mut self.users[step]) {
                self.counts[user] -= 1;
                if self.counts[user] == 0 && self.is_left[user] {
                    self.is_left[user] = false;
                    steps.push(user);
                }
            }
        }
    }

    /// Returns the first circle that is left, from its first step on, each step with its dependency on the next. No step
    /// before `start` is left.
    fn circle(&self, start: &mut usize) -> Option<Vec<(usize, Path)>> {
        *start += self.is_left[*start..].iter().position(|is_left| *is_left)?;
        let mut step = *start;
        let mut seen: HashMap<usize, usize> = HashMap::new();
        let mut walk: Vec<(usize, Path)> = Vec::new();
        while !seen.contains_key(&step) {
            seen.insert(step, walk.len());
            // Each step that is left depends on another one.
            let (next, path) = self.edges[step]
                .iter()
                .find(|(next, _)| self.is_left[*next])?;
            walk.push((step, path.clone()));
            step = *next;
        }
        let mut circle = walk.split_off(seen[&step]);
        let first = (0..circle.len()).min_by_key(|at| circle[*at].0)?;
        circle.rotate_left(first);
        Some(circle)
    }
}
