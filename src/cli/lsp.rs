//! `openjd-monitor lsp`.

use super::{Status, Streams};
use crate::lsp::{self, Ended};
use std::io::{self, BufReader};

#[derive(Debug, clap::Args)]
pub(super) struct Arguments {}

pub(super) fn run(_: &Arguments, streams: &mut Streams<'_>) -> io::Result<Status> {
    let input = BufReader::new(io::stdin());
    // Messages must reach the client as they are.
    Ok(match lsp::serve(input, streams.out.raw()?)? {
        Ended::AsAsked => Status::Clean,
        // The protocol asks for exit status 1.
        Ended::Abruptly => Status::Findings,
    })
}
