//! What is sent to each release of authentik: every write that a plan can have, and every request of
//! a whole story on the wire. `run` beside this file has the official client's models of those
//! releases judge it.

pub(crate) mod bodies;
mod cases;
#[cfg_attr(
    not(feature = "client"),
    expect(
        dead_code,
        reason = "requests are written down with those of a story, which a client tells"
    )
)]
mod requests;
#[cfg(feature = "client")]
mod story;

use std::collections::BTreeSet;
#[cfg(feature = "client")]
use std::fmt::Write as _;

use authentik_netbird_core::authentik::Version;

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

/// Kind and action of every write that there is; a unit test holds it against the resources' table.
pub(crate) fn all_writes() -> BTreeSet<String> {
    include_str!("writes.txt").lines().map(str::to_owned).collect()
}

#[test]
fn every_write_is_among_the_bodies_for_each_release() {
    for release in releases() {
        let written: BTreeSet<String> = bodies::writes(release.version)
            .into_iter()
            .map(|(write, _)| format!("{} {}", write.kind(), write.action()))
            .collect();
        let mut all = all_writes();
        if release.version < Version::new(2026, 5, 0) {
            // Only by a token that is no administrator's, which sees no app passwords there.
            all.remove("service_account create");
        }
        assert_eq!(written, all, "{}", release.name);
    }
}

#[test]
fn max_tested_is_the_newest_release_with_a_client() {
    let newest = releases().last().unwrap().version;
    assert!(!newest.is_newer_than_tested());
    assert_eq!((newest.year, newest.month), (Version::MAX_TESTED.year, Version::MAX_TESTED.month));
}

#[cfg(feature = "client")]
#[tokio::test]
async fn every_request_is_written_down_for_the_models() {
    let mut lines = String::new();
    let mut reads = BTreeSet::new();
    for release in releases() {
        let mut all: Vec<requests::Sent> =
            bodies::writes(release.version).into_iter().map(|(_, sent)| sent).collect();
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
