//! The common part of the examples: writing to a terminal in colour.
//!
//! Colour is dropped when the output is not a terminal, and when `NO_COLOR` is set.

use std::fmt::Display;

use anstream::println;
use anstyle::{AnsiColor, Style};
use authentik_netbird_core::{ApplyEvent, Error, Plan, Verification};

const BOLD: Style = Style::new().bold();
const DIM: Style = Style::new().dimmed();
const GREEN: Style = AnsiColor::Green.on_default();
const YELLOW: Style = AnsiColor::Yellow.on_default();
const RED: Style = AnsiColor::Red.on_default();

/// A headline.
pub fn headline(text: impl Display) {
    println!("\n{BOLD}{text}{BOLD:#}");
}

/// A line about success.
pub fn good(text: impl Display) {
    println!("{GREEN}{text}{GREEN:#}");
}

/// A plain line.
pub fn line(text: impl Display) {
    println!("{text}");
}

/// A plan, each operation in the colour of what it does.
pub fn plan(plan: &Plan) {
    for line in plan.to_string().lines() {
        let style = match line.chars().next() {
            Some('+') => GREEN.bold(),
            Some('~') => YELLOW.bold(),
            Some('!') => YELLOW,
            Some('-') => RED.bold(),
            Some('=') => DIM,
            _ => Style::new(),
        };
        println!("{style}{line}{style:#}");
    }
}

/// A verification, each check in the colour of how it came out.
pub fn verification(verification: &Verification) {
    for line in verification.to_string().lines() {
        let style = match line.split(' ').next() {
            Some("pass") => GREEN,
            Some("WARN") => YELLOW.bold(),
            Some("FAIL") => RED.bold(),
            Some("skip") => DIM,
            _ => Style::new(),
        };
        println!("{style}{line}{style:#}");
    }
}

/// The events of an apply, a line for each.
pub fn event(event: ApplyEvent) {
    match event {
        ApplyEvent::Refreshing => println!("{DIM}checking that nothing has changed …{DIM:#}"),
        ApplyEvent::Applied(entry) => {
            println!("{GREEN}applied{GREEN:#} {} {}", entry.verb, entry.resource);
        }
        ApplyEvent::Failed(entry) => {
            println!("{RED}failed{RED:#}  {} {}", entry.verb, entry.resource);
        }
        _ => {}
    }
}

/// An error with its sources and its hint, as the last output of a program.
#[must_use]
pub fn failure(error: &Error) -> std::process::ExitCode {
    anstream::eprintln!("{RED}error:{RED:#} {}", error.chain());
    std::process::ExitCode::FAILURE
}
