//! Links for terminals that can follow them (OSC 8).

use openjd_monitor_core::lint::Rule;

/// The id of `rule`; with `links`, as a link to its page.
pub fn rule_id(rule: &Rule, links: bool) -> String {
    if links {
        format!(
            "\u{1b}]8;;{}\u{1b}\\{}\u{1b}]8;;\u{1b}\\",
            rule.uri(),
            rule.id
        )
    } else {
        rule.id.to_owned()
    }
}
