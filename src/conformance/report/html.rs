//! The report as a page that stands for itself: the clauses and what the cases say of them, and each failure with
//! its pictures.

use super::sides::{actual, expected, mark, neighbourhood};
use super::{Report, Standing, text};
use crate::conformance::outcome::{Outcome, Trace, Verdict};
use crate::conformance::{SPECIFICATION, SUITE, all, clause, clauses, protocol};
use openjd_monitor_core::trace::{Timeline, escape};
use std::io::{self, Write};

pub(super) fn write(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    head(report, out)?;
    table_of_clauses(report, out)?;
    table_of_readings(report, out)?;
    for outcome in &report.outcomes {
        if !outcome.verdict.is_good() {
            failure(report, outcome, out)?;
        }
    }
    table_of_cases(report, out)?;
    writeln!(out, "</body>\n</html>")
}

fn head(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    let runtime = escape(&report.runtime());
    writeln!(
        out,
        "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width\">\n\
         <title>{runtime}: MONITOR conformance</title>\n<style>\n{}</style>\n</head>\n<body>",
        include_str!("style.css")
    )?;
    writeln!(out, "<h1>{runtime}</h1>\n<p>{}</p>", report.summary())?;
    if let Some(partial) = report.partial() {
        writeln!(out, "<p>Partial: {}.</p>", escape(&partial))?;
    }
    if report.shows_nothing() {
        writeln!(out, "<p>Every case is skipped, which shows nothing.</p>")?;
    }
    for outcome in report.having(Standing::UnexpectedPass) {
        let id = escape(&outcome.id);
        writeln!(out, "<p><code>{id}</code>: {}.</p>", text::UNEXPECTED_PASS)?;
    }
    let of = &report.hello.implementation;
    let more = of.language.iter().chain(&of.homepage);
    for line in more {
        writeln!(out, "<p class=\"muted\">{}</p>", escape(line))?;
    }
    writeln!(
        out,
        "<p class=\"muted\">Suite {SUITE} of the MONITOR extension, revision {SPECIFICATION}, by version {} of the \
         adapter protocol and version {} of openjd-monitor.</p>",
        protocol::VERSION,
        env!("CARGO_PKG_VERSION")
    )
}

fn table_of_clauses(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    writeln!(
        out,
        "<section>\n<h2>Clauses</h2>\n<table class=\"clauses\">\n<tr><th>clause</th>"
    )?;
    for verdict in Verdict::NAMES {
        writeln!(out, "<th>{verdict}</th>")?;
    }
    writeln!(out, "<th>not passed</th></tr>")?;
    for id in clauses() {
        let outcomes = report.outcomes.iter();
        let about = outcomes.filter(|outcome| outcome.clauses.iter().any(|of| of == id));
        let about: Vec<_> = about.collect();
        if about.is_empty() {
            continue;
        }
        writeln!(out, "<tr><th>{id}</th>")?;
        for name in Verdict::NAMES {
            let of_verdict = |outcome: &&&Outcome| outcome.verdict.name() == name;
            match about.iter().filter(of_verdict).count() {
                0 => writeln!(out, "<td class=\"number none\">0</td>")?,
                count => writeln!(out, "<td class=\"number {name}\">{count}</td>")?,
            }
        }
        let bad = about.iter().filter(|outcome| !outcome.verdict.is_good());
        let links = bad.map(|outcome| format!("<a href=\"#{0}\">{0}</a>", escape(&outcome.id)));
        writeln!(
            out,
            "<td>{}</td></tr>",
            links.collect::<Vec<_>>().join(", ")
        )?;
    }
    writeln!(out, "</table>\n</section>")
}

fn table_of_readings(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    let points = report.readings();
    if points.is_empty() {
        return Ok(());
    }
    writeln!(
        out,
        "<section>\n<h2>Readings</h2>\n<table>\n<tr><th>point</th><th>reading</th><th>cases</th></tr>"
    )?;
    for (point, taken) in points {
        for (reading, cases) in taken {
            writeln!(
                out,
                "<tr><td>{}</td><td>{}</td><td>{}</td></tr>",
                escape(point),
                escape(reading),
                escape(&cases.join(", "))
            )?;
        }
    }
    writeln!(out, "</table>\n</section>")
}

fn failure(report: &Report, outcome: &Outcome, out: &mut dyn Write) -> io::Result<()> {
    let id = escape(&outcome.id);
    let name = outcome.verdict.name();
    let known = match report.standing(outcome) {
        Standing::Known => " <span class=\"known\">known failure</span>",
        _ => "",
    };
    let message = escape(&outcome.verdict.message().unwrap_or_default());
    writeln!(
        out,
        "<section id=\"{id}\">\n<h2>{id}</h2>\n<p>{}</p>\n\
         <p><span class=\"verdict {name}\">{name}</span>{known}: {message}</p>",
        escape(&outcome.title)
    )?;
    sides(outcome, out)?;
    for clause_id in &outcome.clauses {
        let text = escape(&clause(clause_id).unwrap_or_default());
        writeln!(
            out,
            "<h3>{}</h3>\n<blockquote>{text}</blockquote>",
            escape(clause_id)
        )?;
    }
    if let Some(mut reference) = reference(&outcome.id) {
        if !report.hello.has("check-results") {
            reference.retain(|(_, event)| event.text("event") != Some("check_ended"));
        }
        picture("Expected", &reference, out)?;
    }
    picture("Actual", &outcome.actual, out)?;
    let reproduce = escape(&report.reproduce(&outcome.id));
    writeln!(
        out,
        "<h3>To reproduce</h3>\n<pre>{reproduce}</pre>\n</section>"
    )
}

/// Returns the trace of the reference executor for a case.
fn reference(id: &str) -> Option<Trace> {
    all().into_iter().find(|case| case.id == id)?.trace()
}

fn sides(outcome: &Outcome, out: &mut dyn Write) -> io::Result<()> {
    writeln!(
        out,
        "<table>\n<tr><th></th><th>expected</th><th>actual</th></tr>"
    )?;
    for row in neighbourhood(outcome) {
        let class = match row.is_as_expected() {
            true => "",
            false => " class=\"differs\"",
        };
        let cell = |text: Option<String>| escape(&text.unwrap_or_default());
        writeln!(
            out,
            "<tr{class}><td><code>{}</code></td><td><code>{}</code></td><td><code>{}</code></td></tr>",
            mark(&row),
            cell(expected(&row)),
            cell(actual(&row))
        )?;
    }
    writeln!(out, "</table>")
}

fn picture(title: &str, trace: &Trace, out: &mut dyn Write) -> io::Result<()> {
    let mut timeline = Timeline::new(title);
    for (at, event) in trace {
        timeline.push_event(*at, event);
    }
    writeln!(out, "<div class=\"picture\">")?;
    timeline.write(out)?;
    writeln!(out, "</div>")
}

fn table_of_cases(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    writeln!(
        out,
        "<section>\n<h2>Cases</h2>\n<table>\n<tr><th>case</th><th>verdict</th><th></th></tr>"
    )?;
    for outcome in &report.outcomes {
        let name = outcome.verdict.name();
        let message = outcome.verdict.message().unwrap_or_default();
        writeln!(
            out,
            "<tr><td>{}<br><span class=\"muted\">{}</span></td><td class=\"verdict {name}\">{name}</td><td>{}</td></tr>",
            escape(&outcome.id),
            escape(&outcome.title),
            escape(&message)
        )?;
    }
    writeln!(out, "</table>\n</section>")
}
