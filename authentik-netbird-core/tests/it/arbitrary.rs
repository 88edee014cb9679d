//! Whatever comes in: answers of servers, `setup.env`, integrations, plans, addresses. The properties
//! themselves are in the crate `authentik-netbird-properties`, which the fuzz targets use, too.
//!
//! `AUTHENTIK_NETBIRD_SOAK` set: twenty times as many cases.

use std::cell::RefCell;
use std::collections::BTreeMap;

use crate::support::is_soak;
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::test_runner::{Config as ProptestConfig, RngAlgorithm, TestRng, TestRunner};

/// Runs a property on bytes; prints how many cases there were, by what they came to.
fn holds(
    name: &str,
    cases: u32,
    longest: usize,
    property: impl Fn(&[u8]) -> &'static str,
) -> BTreeMap<&'static str, u32> {
    let cases = if is_soak() { 20 * cases } else { cases };
    let counts = RefCell::new(BTreeMap::new());
    let config = ProptestConfig { cases, failure_persistence: None, ..Default::default() };
    // A soak looks for new cases; otherwise they are the same ones each time.
    let mut runner = if is_soak() {
        TestRunner::new(config)
    } else {
        TestRunner::new_with_rng(config, TestRng::deterministic_rng(RngAlgorithm::ChaCha))
    };
    let run = runner.run(&vec(any::<u8>(), 0..longest), |bytes| {
        *counts.borrow_mut().entry(property(&bytes)).or_insert(0) += 1;
        Ok(())
    });
    run.unwrap_or_else(|error| panic!("{name}: {error}"));
    let counts = counts.into_inner();
    println!("{name}_cases: {cases} {counts:?}");
    counts
}

fn taken<T>(found: Option<T>) -> &'static str {
    if found.is_some() { "taken" } else { "refused" }
}

#[test]
fn any_answer_is_an_error_or_a_sane_plan() {
    let counts = holds("answers", 3_000, 96, authentik_netbird_properties::answers);
    assert!(counts["planned"] > 500 && counts["refused"] > 0, "{counts:?}");
}

#[test]
fn any_setup_env_is_merged_right_or_refused() {
    let counts = holds("setup_env", 6_000, 160, |bytes| {
        taken(authentik_netbird_properties::setup_env(bytes))
    });
    assert!(counts["taken"] > 100, "{counts:?}");
}

#[test]
fn any_integration_is_carried_or_refused() {
    // Found once: the device flow is the invalidation flow, too.
    authentik_netbird_properties::integration_json(&[1, 92, 0, 42, 191, 56, 167, 7]);
    let counts = holds("integration_json", 4_000, 64, |bytes| {
        taken(authentik_netbird_properties::integration_json(bytes))
    });
    assert!(counts["taken"] > 100, "{counts:?}");
}

#[test]
fn any_plan_is_read_as_written_or_refused() {
    let counts = holds("plan_json", 3_000, 64, |bytes| {
        taken(authentik_netbird_properties::plan_json(bytes))
    });
    assert!(counts["taken"] > 100, "{counts:?}");
}

#[test]
fn any_url_is_safe_or_refused() {
    let counts =
        holds("url", 6_000, 40, |bytes| taken(authentik_netbird_properties::url(&address(bytes))));
    assert!(counts["taken"] > 100, "{counts:?}");
}

/// What looks like an address, mostly: pieces of some.
fn address(bytes: &[u8]) -> Vec<u8> {
    const PIECES: &[&str] = &[
        "https://",
        "http://",
        "authentik.company",
        "localhost",
        "127.0.0.1",
        "[::1]",
        "jane:pw@",
        ":9443",
        ":99999",
        "/",
        "/sso/",
        "/api/v3",
        "?token=t",
        "#f",
        "\n",
        "netbird.company",
        "%2f",
        "..",
        "\\",
        "ä",
        "xn--a",
        " ",
        "\t",
        "@",
        "1.1",
        "0x7f.1",
        "\u{202e}",
        "a.localhost",
    ];
    let choices = &mut authentik_netbird_properties::Choices::new(bytes);
    let mut text =
        choices.pick(&["https://", "https://authentik.company", "http://localhost", ""]).to_owned();
    while !choices.is_over() {
        match choices.below(5) {
            0 => text.push_str(&choices.text(4)),
            _ => text.push_str(choices.pick(PIECES)),
        }
    }
    text.into_bytes()
}
