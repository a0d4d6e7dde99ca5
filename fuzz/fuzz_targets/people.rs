//! Arbitrary text as what people and earlier runs wrote: answers, a map of names, a saved assessment. What is read is written
//! and read again as the same.

#![no_main]

use libfuzzer_sys::fuzz_target;
use mke_stig::answers::Answers;
use mke_stig::evidence::redact::Names;
use mke_stig::report::{Choices, Format, parse, render};

fuzz_target!(|text: &str| {
    if let Err(problems) = Answers::parse("answers.yaml", text) {
        assert!(!problems.is_empty(), "a failure has a reason");
        for problem in problems {
            let drawn = problem.drawn(text, false);
            assert!(!drawn.chars().any(|c| c.is_control() && c != '\n' && c != '\t'), "{drawn:?}");
        }
    }
    if let Ok(names) = Names::read(text) {
        let written = names.write().expect("a map that was read can be written");
        assert_eq!(Names::read(&written).expect("what is written is read again").write().ok(), Some(written));
    }
    if let Ok(assessment) = parse(text.as_bytes()) {
        for format in [Format::Html, Format::Markdown, Format::Csv, Format::Ckl] {
            let _ = render(&assessment, format, &Choices::default());
        }
    }
});
