//! All structural mistakes of a template are reported in one run, each on its line.

use crate::support::findings;

/// The rule that a mistake breaks, and the line of the template that has it.
struct Mistake {
    rule: &'static str,
    /// Part of the sound template, and the text that replaces it.
    sound: &'static str,
    broken: &'static str,
    /// The start of the line that the finding must be on, once the template is broken.
    line: &'static str,
}

const JOB: &str = "specificationVersion: jobtemplate-2023-09
name: Shot
extensions: [FEATURE_BUNDLE_1, MONITOR]
parameterDefinitions:
  - name: Quality
    type: INT
    minValue: 1
    userInterface:
      control: SPIN_BOX
jobEnvironments:
  - name: Gpu
    variables:
      GPU: \"1\"
    script:
      actions:
        onEnter:
          command: warm-up
          timeout: 60
        onMonitor:
          command:
            command: nvidia-smi
          period: 30
          onFailure: terminate
steps:
  - name: Render
    hostRequirements:
      amounts:
        - name: amount.worker.gpu
          min: 1
    parameterSpace:
      taskParameterDefinitions:
        - name: Frame
          type: INT
          range: 1-10
    script:
      embeddedFiles:
        - name: Run
          type: TEXT
          filename: run.sh
          data: render
      actions:
        onRun:
          command: bash
          args: [run.sh]
          cancelation:
            mode: NOTIFY_THEN_TERMINATE
            notifyPeriodInSeconds: 30
";

macro_rules! mistakes {
    ($($rule:literal: $sound:literal => $broken:literal, $line:literal;)*) => {
        [$(Mistake { rule: $rule, sound: $sound, broken: $broken, line: $line }),*]
    };
}

/// At most one mistake per place of the template, so that any three can be combined.
const MISTAKES: [Mistake; 20] = mistakes! {
    "unknown-field": "    minValue: 1" => "    minimum: 1", "    minimum: 1";
    "invalid-value": "      control: SPIN_BOX" => "      control: SPINBOX", "      control: SPINBOX";
    "wrong-type": "    type: INT\n    min" => "    type: [INT]\n    min", "    type: [INT]";
    "wrong-type": "      GPU: \"1\"" => "      GPU: [1]", "      GPU: [1]";
    "invalid-value": "          timeout: 60" => "          timeout: 1m", "          timeout: 1m";
    "missing-field": "          command: warm-up\n" => "", "        onEnter:";
    "missing-field": "            command: nvidia-smi\n" => "            args: [-q]\n", "          command:";
    "wrong-type": "          period: 30" => "          period: [30]", "          period: [30]";
    "invalid-value": "          onFailure: terminate" => "          onFailure: kill", "          onFailure: kill";
    "unknown-field": "    hostRequirements:" => "    hostRequirement:", "    hostRequirement:";
    "wrong-type": "          min: 1" => "          min: [1]", "          min: [1]";
    "invalid-value": "        - name: amount.worker.gpu" => "        - name: gpu", "        - name: gpu";
    "missing-field": "          range: 1-10\n" => "", "        - name: Frame";
    "invalid-value": "        - name: Frame" => "        - name: 1st", "        - name: 1st";
    "invalid-value": "          type: TEXT" => "          type: BINARY", "          type: BINARY";
    "invalid-value": "          filename: run.sh" => "          filename: a/run.sh", "          filename: a/run.sh";
    "missing-field": "          data: render\n" => "", "        - name: Run";
    "wrong-type": "          args: [run.sh]" => "          args: run.sh", "          args: run.sh";
    "invalid-value": "            mode: NOTIFY_THEN_TERMINATE" => "            mode: KILL", "            mode: KILL";
    "invalid-value": "            notifyPeriodInSeconds: 30" => "            notifyPeriodInSeconds: 900", "            notifyPeriodInSeconds: 900";
};

#[test]
fn the_sound_template_has_no_findings() {
    assert_eq!(findings(JOB), [] as [&str; 0]);
}

#[test]
fn twenty_templates_with_three_mistakes_each_have_sixty_findings() {
    let mut reported = 0;
    for first in 0..MISTAKES.len() {
        // Far enough apart that none takes away the place of another.
        let chosen = [0, 7, 13].map(|step| &MISTAKES[(first + step) % MISTAKES.len()]);
        let template = chosen.iter().fold(JOB.to_owned(), |template, mistake| {
            assert_eq!(
                template.matches(mistake.sound).count(),
                1,
                "{}",
                mistake.sound
            );
            template.replace(mistake.sound, mistake.broken)
        });
        let mut expected: Vec<_> = chosen
            .iter()
            .map(|mistake| {
                let line = template.lines().position(|line| line == mistake.line);
                (
                    line.unwrap_or_else(|| panic!("{}\n{template}", mistake.line)) + 1,
                    mistake.rule,
                )
            })
            .collect();
        expected.sort_unstable();
        let found = findings(&template);
        let actual: Vec<_> = found
            .iter()
            .map(|finding| {
                let (rule, position) = finding.split_once(' ').expect("a rule and a position");
                let line = position.split(':').next().expect("a line");
                (line.parse::<usize>().expect("a number"), rule)
            })
            .collect();
        assert_eq!(actual, expected, "{template}");
        reported += actual.len();
    }
    assert_eq!(reported, 60);
}
