//! What is sent to each release of authentik: every write that a plan can have, and every request of
//! a whole story on the wire. `run` beside this file has the official client's models of those
//! releases judge it.

mod bodies;
mod cases;
mod requests;
mod story;

use std::collections::BTreeSet;
use std::fmt::Write as _;

use authentik_netbird_core::model::Version;

/// One release that an official client is there for.
#[derive(Clone, Copy)]
pub(crate) struct Release {
    /// As the client is called, such as `2026.8.5`.
    pub(crate) name: &'static str,
    pub(crate) version: Version,
}

pub(crate) fn releases() -> Vec<Release> {
    let release = |line: &'static str| {
        let name = line.strip_prefix("authentik-client==")?.split(' ').next()?;
        Some(Release { name, version: name.parse().unwrap() })
    };
    include_str!("clients.txt").lines().map(|line| release(line).unwrap()).collect()
}

/// Variants of `Write`, as its definition has them.
fn variants() -> BTreeSet<String> {
    let source = include_str!("../../../src/plan/operation.rs");
    let definition = source.split("pub enum Write {\n").nth(1).unwrap().split("\n}\n").next();
    let name = |line: &str| {
        let rest = line.strip_prefix("    ")?;
        let end = rest.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(rest.len());
        rest.starts_with(|c: char| c.is_ascii_uppercase()).then(|| rest[..end].to_owned())
    };
    definition.unwrap().lines().filter_map(name).collect()
}

#[test]
fn every_kind_of_write_is_among_the_bodies_for_each_release() {
    let all = variants();
    assert!(all.len() >= 26, "{all:?}");
    for release in releases() {
        let written: BTreeSet<String> =
            bodies::writes(release).into_iter().map(|(write, _)| write).collect();
        let missing: Vec<&String> = all.difference(&written).collect();
        assert!(missing.is_empty(), "{}: no case sends {missing:?}", release.name);
    }
}

#[test]
fn newest_known_is_the_newest_that_there_is_a_client_for() {
    let newest = releases().last().unwrap().version;
    assert!(!newest.is_newer_than_known());
    assert_eq!(
        (newest.year, newest.month),
        (Version::NEWEST_KNOWN.year, Version::NEWEST_KNOWN.month)
    );
}

#[tokio::test]
async fn every_request_is_written_down_for_the_models() {
    let mut lines = String::new();
    let mut reads = BTreeSet::new();
    for release in releases() {
        let mut all = bodies::requests(release);
        all.extend(story::tell(release).await);
        reads.extend(all.iter().filter_map(requests::Sent::read));
        let bodies = all.iter().filter(|sent| sent.body.is_some()).count();
        assert!(bodies > 100 && all.len() > 2 * bodies, "{}: {bodies}", release.name);
        println!("authentik {}: {} requests, {bodies} with a body", release.name, all.len());
        for sent in &all {
            writeln!(lines, "{}", sent.line(release)).unwrap();
        }
    }
    // Endpoints and parameters of all that is read: a new read belongs into the story.
    insta::assert_snapshot!(Vec::from_iter(reads).join("\n"));
    if let Some(path) = std::env::var_os("AUTHENTIK_NETBIRD_REQUESTS") {
        std::fs::write(path, lines).unwrap();
    }
}
