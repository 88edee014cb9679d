//! What holds whatever comes in: properties as functions of bytes or text, which panic where they do
//! not hold. The fuzz targets and the property tests (`tests/it/arbitrary.rs`) call the same ones.
#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::missing_panics_doc,
    clippy::must_use_candidate,
    clippy::cast_possible_truncation,
    clippy::needless_pass_by_value,
    clippy::single_match_else,
    clippy::collapsible_if,
    missing_docs,
    reason = "a property that does not hold panics"
)]

mod answers;
mod choices;
mod integration_json;
mod mutate;
mod plan_json;
mod server;
mod setup_env;
mod url;

pub use answers::answers;
pub use choices::Choices;
pub use integration_json::integration_json;
pub use mutate::mutated;
pub use plan_json::plan_json;
pub use setup_env::setup_env;
pub use url::url;

/// The longest text that an error may have, however long what it is about.
const LONGEST_ERROR: usize = 20_000;

/// An error's text is one that can be shown: not endless, and without what plays tricks on a terminal.
#[track_caller]
fn is_fit_to_show(error: &authentik_netbird_core::Error) {
    let text = error.chain();
    assert!(text.len() < LONGEST_ERROR, "{} bytes: {:.300}", text.len(), text);
    is_harmless(&text);
}

/// Without control characters, but for line ends.
#[track_caller]
fn is_harmless(text: &str) {
    let found = text.chars().find(|c| c.is_control() && *c != '\n');
    assert_eq!(found, None, "{text:?}");
}
