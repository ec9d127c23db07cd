//! Folding: a list of events that stays short, however many arrive.

use crate::session::Time;

/// Longest run of alike items that is kept whole. Of a longer one, the first and the last two stay.
const UNFOLDED: usize = 6;

/// Items kept at the end of a longer run.
const TAIL: usize = 2;

/// Counts of what a stretch holds, by kind.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Counts {
    pub healthy: u64,
    pub unhealthy: u64,
    pub discarded: u64,
    /// Ticks at which no check started.
    pub skipped: u64,
    pub statuses: u64,
    /// Notifies and kills of actions.
    pub signals: u64,
    /// Actions that ended with SUCCESS.
    pub succeeded: u64,
    /// Actions that ended otherwise.
    pub unsuccessful: u64,
}

impl Counts {
    pub fn checks(&self) -> u64 {
        self.healthy + self.unhealthy + self.discarded
    }

    pub fn add(&mut self, other: &Self) {
        self.healthy += other.healthy;
        self.unhealthy += other.unhealthy;
        self.discarded += other.discarded;
        self.skipped += other.skipped;
        self.statuses += other.statuses;
        self.signals += other.signals;
        self.succeeded += other.succeeded;
        self.unsuccessful += other.unsuccessful;
    }
}

/// A stretch that is reduced to its counts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Fold {
    pub from: Time,
    pub to: Time,
    /// The class of its items, if they share one.
    pub class: Option<usize>,
    pub counts: Counts,
}

/// An item that can be folded.
pub(super) trait Foldable {
    /// Returns the start and the end.
    fn span(&self) -> (Time, Time);
    /// Returns the class; runs of one class may be folded, and items without a class stay.
    fn class(&self) -> Option<usize>;
    fn is_fold(&self) -> bool;
    fn counts(&self) -> Counts;
    fn of_fold(fold: Fold) -> Self;
}

/// Appends an item, and folds the run of alike items that it makes too long.
pub(super) fn push<T: Foldable>(items: &mut Vec<T>, item: T) {
    items.push(item);
    let class = items.last().and_then(Foldable::class);
    if class.is_none() {
        return;
    }
    let alike = items.iter().rev().take_while(|item| item.class() == class);
    let run = alike.take(UNFOLDED + 1).count();
    let start = items.len() - run;
    let end = items.len() - TAIL.min(run);
    let fold = items[start..].iter().position(Foldable::is_fold);
    match fold {
        Some(fold) if start + fold + 1 < end => merge(items, start + fold, end),
        None if run > UNFOLDED => merge(items, start + 1, end),
        _ => {}
    }
}

/// Keeps the first `head` and the last `tail` items, and folds those between them.
pub(super) fn shorten<T: Foldable>(items: &mut Vec<T>, head: usize, tail: usize) {
    if items.len() > head + tail + 1 {
        merge(items, head, items.len() - tail);
    }
}

fn merge<T: Foldable>(items: &mut Vec<T>, start: usize, end: usize) {
    let stretch = &items[start..end];
    let (Some(first), Some(last)) = (stretch.first(), stretch.last()) else {
        return;
    };
    let class = first.class();
    let mut counts = Counts::default();
    for item in stretch {
        counts.add(&item.counts());
    }
    let fold = Fold {
        from: first.span().0,
        to: last.span().1,
        class: class.filter(|_| stretch.iter().all(|item| item.class() == class)),
        counts,
    };
    items.splice(start..end, [T::of_fold(fold)]);
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Item(u64, u64, bool);

    impl Foldable for Item {
        fn span(&self) -> (Time, Time) {
            (Time::from_secs(self.0), Time::from_secs(self.0))
        }
        fn class(&self) -> Option<usize> {
            Some(0)
        }
        fn is_fold(&self) -> bool {
            self.2
        }
        fn counts(&self) -> Counts {
            Counts {
                healthy: self.1,
                ..Counts::default()
            }
        }
        fn of_fold(fold: Fold) -> Self {
            Self(fold.from.as_secs(), fold.counts.healthy, true)
        }
    }

    fn kept(number: u64) -> Vec<u64> {
        let mut items = Vec::new();
        for index in 0..number {
            push(&mut items, Item(index, 1, false));
        }
        items.iter().map(|item| item.1).collect()
    }

    #[test]
    fn many_alike_leave_their_first_and_their_last_two() {
        assert_eq!(kept(6), [1; 6]);
        assert_eq!(kept(7), [1, 4, 1, 1]);
        assert_eq!(kept(3000), [1, 2997, 1, 1]);
    }

    #[test]
    fn nothing_is_lost_when_a_list_is_shortened() {
        let mut items: Vec<_> = (0..100).map(|index| Item(index, 1, false)).collect();
        shorten(&mut items, 4, 5);
        assert_eq!(items.len(), 10);
        assert_eq!(items[4].1, 91);
        assert_eq!((items[4].0, items[5].0), (4, 95));
    }
}
