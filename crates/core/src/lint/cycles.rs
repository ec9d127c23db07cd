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
    /// The steps that are in a circle, or depend on one that is.
    is_left: Vec<bool>,
}

/// Reports the circles of the job template `document`, each with its dependencies in order; every step is in one at
/// most. (A step that depends on itself is reported at its place by the model.)
pub(super) fn facts(document: &Value) -> Vec<Fact<'static>> {
    let mut graph = Graph::of(document);
    let mut facts = Vec::new();
    loop {
        graph.drop_sound();
        let Some(circle) = graph.circle() else {
            return facts;
        };
        let dependencies: Vec<_> = circle
            .iter()
            .map(|(step, path)| Dependency {
                step: graph.names[*step].to_owned(),
                path: path.clone(),
            })
            .collect();
        for (step, _) in circle {
            graph.is_left[step] = false;
        }
        let first = dependencies[0].path.clone();
        facts.push(Fact {
            place: Place::Value(first),
            kind: FactKind::Cycle(dependencies),
        });
    }
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
        Self {
            edges: edges.collect(),
            is_left: vec![true; names.len()],
            names,
        }
    }

    /// Drops the steps all of whose dependencies, directly or not, come to an end.
    fn drop_sound(&mut self) {
        let mut users = vec![Vec::new(); self.names.len()];
        let mut counts = vec![0; self.names.len()];
        for (step, edges) in self.edges.iter().enumerate() {
            for (target, _) in edges.iter().filter(|(target, _)| self.is_left[*target]) {
                users[*target].push(step);
                counts[step] += 1;
            }
        }
        let is_sound = |step: &usize| self.is_left[*step] && counts[*step] == 0;
        let mut sound: Vec<_> = (0..self.names.len()).filter(is_sound).collect();
        while let Some(step) = sound.pop() {
            self.is_left[step] = false;
            for user in &users[step] {
                counts[*user] -= 1;
                if counts[*user] == 0 && self.is_left[*user] {
                    sound.push(*user);
                }
            }
        }
    }

    /// Returns the first circle that is left, from its first step on, each step with its dependency on the next.
    fn circle(&self) -> Option<Vec<(usize, Path)>> {
        let mut step = self.is_left.iter().position(|is_left| *is_left)?;
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
