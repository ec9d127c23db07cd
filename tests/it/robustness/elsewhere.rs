//! Hostile input whose tests are elsewhere.

/// Input, what is promised, and the tests that show it.
pub(super) const ELSEWHERE: [(&str, &str, &[&str]); 20] = [
    (
        "any characters in templates and file names: escape sequences, line breaks, workflow commands, markup",
        "every format stays valid, and nothing of them is a command to a terminal, a runner or a browser",
        &[
            "text::each_report_is_valid_in_its_format_whatever_a_template_holds",
            "text::file_names_in_errors_stay_on_one_line",
            "conformance::the_page_is_well_formed_and_what_a_runtime_says_is_escaped",
        ],
    ),
    (
        "any characters in the output of processes",
        "logs, traces and pictures show them escaped",
        &["text::what_processes_write_is_shown_escaped_in_traces_and_logs"],
    ),
    (
        "a file that cannot be read among others",
        "the findings of the others are reported, and the exit status is 3",
        &["cli::an_unreadable_file_does_not_hide_the_findings_of_the_others"],
    ),
    (
        "expressions that take all memory, or all that is left",
        "a finding of their file",
        &[
            "unreadable::an_expression_that_takes_all_memory_costs_its_file_a_finding",
            "unreadable::large_values_of_many_bindings_cost_their_file_a_finding",
            "scale::expressions_beyond_the_budget_of_a_file_are_one_finding",
        ],
    ),
    (
        "`check --fix` that is killed at any instant",
        "each file is the old one or the new one, and the next run removes what is left",
        &["overwriting::a_fix_that_is_killed_leaves_each_file_old_or_new"],
    ),
    (
        "a file that changes while `check --fix` runs",
        "the change stays, and the finding is reported",
        &[
            "atomic::tests::an_edit_that_was_made_meanwhile_stays",
            "atomic::tests::an_edit_in_the_instant_before_the_replacement_stays",
            "atomic::tests::what_a_link_that_was_swapped_in_leads_to_stays_even_if_it_reads_alike",
        ],
    ),
    (
        "a reader that closes the pipe",
        "no message; `run` cancels the job and cleans up",
        &[
            "cli::a_closed_pipe_is_not_an_error",
            "run::interrupts::a_reader_that_goes_away_cancels_the_job",
        ],
    ),
    (
        "a scenario that never ends",
        "is given up, with the reason",
        &[
            "simulate::a_session_that_does_not_end_is_given_up",
            "simulate::a_session_with_more_events_than_the_limit_is_given_up",
        ],
    ),
    (
        "an adapter that sends without end, half a line, garbage or nothing, dies, or answers what was not asked",
        "an error of its case, and a new adapter for the next; of its output at most 64 MiB are kept",
        &[
            "adapters::each_misbehaviour_has_its_verdict_and_the_next_case_a_new_adapter",
            "adapters::an_adapter_that_closes_its_output_and_stays_is_not_waited_for",
        ],
    ),
    (
        "an adapter that forks",
        "nothing is left in its process group, and nothing at all after a time-out",
        &["adapters::nothing_of_an_adapter_is_left_however_the_program_ends"],
    ),
    (
        "a command under test that crashes, hangs or prints without end",
        "an error of its case",
        &[
            "process_cases::a_crash_a_hang_and_a_flood_do_not_count_as_a_failed_task",
            "template_cases::endless_output_of_a_command_is_an_error",
        ],
    ),
    (
        "an action that forks, detaches its children, or ignores SIGTERM",
        "all are killed at the end, and named",
        &[
            "run::faults::an_action_that_ignores_sigterm_is_killed_with_its_children",
            "run::faults::children_that_outlive_the_session_are_killed_and_named",
            "run::faults::an_action_ends_with_its_process_even_if_a_child_still_writes",
        ],
    ),
    (
        "an action that stops itself",
        "is killed at its timeout",
        &["run::faults::an_action_that_stops_itself_is_ended_at_its_timeout"],
    ),
    (
        "a job that stops or kills the guard",
        "holds nothing up, and a guard that was killed is replaced",
        &[
            "run::stops::a_guard_that_is_stopped_or_killed_holds_nothing_up",
            "run::stops::a_guard_that_was_killed_is_replaced",
        ],
    ),
    (
        "a process that no signal ends",
        "is named and left behind",
        &[
            "run::faults::an_action_that_no_kill_ends_is_named",
            "run::faults::a_check_that_no_kill_ends_delays_nothing",
        ],
    ),
    (
        "a check that hangs, floods or detaches processes",
        "is killed with all that it has started, and its output is cut",
        &[
            "run::faults::a_check_that_hangs_is_killed_with_its_children",
            "run::faults::a_check_that_floods_does_no_harm",
            "run::remains::processes_that_left_the_group_of_a_check_are_killed_with_it",
        ],
    ),
    (
        "100,000 files in one folder, and 2,500 folders in each other, some of them locked",
        "are removed at the end, with few files open",
        &[
            "run::remains::a_folder_however_deep_and_wide_is_removed_with_few_files_open",
            "run::faults::folders_that_are_locked_are_removed",
        ],
    ),
    (
        "a line of output without an end, and bytes that are no UTF-8",
        "are cut and shown escaped",
        &["run::ends::long_lines_are_cut_and_invalid_utf_8_is_shown"],
    ),
    (
        "a disk that a job has filled",
        "the action that needs a file fails with the reason, and what cleans up runs",
        &["run::faults::a_full_disk_is_an_error"],
    ),
    (
        "`run` that is interrupted or killed at any instant",
        "nothing is left of it",
        &[
            "run::interrupts::an_interrupt_at_any_instant_leaves_nothing_behind",
            "run::interrupts::nothing_is_left_when_the_program_is_killed",
        ],
    ),
];
