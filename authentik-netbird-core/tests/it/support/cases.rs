//! Runs many cases of one kind, and says how many there were and which failed.
//!
//! `AUTHENTIK_NETBIRD_SOAK` set: there is time for all cases; `AUTHENTIK_NETBIRD_DENSE`: for many of those
//! that take long, as the benchmarks count them. `AUTHENTIK_NETBIRD_CASE` has a part of the
//! names of those to run alone. `AUTHENTIK_NETBIRD_CASES`, such as `100000..200000`: those with these
//! numbers, to divide a long campaign.

use std::ops::Range;

use futures_util::StreamExt;
use futures_util::future::BoxFuture;

use super::is_soak;

/// A case, and what it is called.
pub(crate) type Case = (String, BoxFuture<'static, ()>);

/// Whether there is time for many of those that are short: a debug build takes five times as long for each.
pub(crate) const IS_DENSE: bool = !cfg!(debug_assertions);

fn setting(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}

/// Whether there is time for many that take long.
pub(crate) fn has_time() -> bool {
    setting("AUTHENTIK_NETBIRD_DENSE").is_some() || is_soak()
}

fn range() -> Range<usize> {
    let Some(text) = setting("AUTHENTIK_NETBIRD_CASES") else { return 0..usize::MAX };
    let (from, to) = text.split_once("..").unwrap();
    let number =
        |text: &str, default| if text.is_empty() { default } else { text.parse().unwrap() };
    number(from, 0)..number(to, usize::MAX)
}

/// Runs every `every`-th of the cases, `at_once` side by side, and in a soak all of them. Prints how many
/// there were as `counter`.
pub(crate) async fn run(
    what: &str,
    counter: &str,
    at_once: usize,
    every: usize,
    cases: impl Iterator<Item = impl Into<Case>>,
) {
    let only = setting("AUTHENTIK_NETBIRD_CASE");
    let every = if is_soak() || only.is_some() { 1 } else { every };
    let range = range();
    let mut count = 0;
    let cases = cases
        .step_by(every)
        .skip(range.start)
        .take(range.len())
        .map(Into::into)
        .filter(|(name, _): &Case| only.as_ref().is_none_or(|part| name.contains(part)))
        .inspect(|_| {
            count += 1;
            if count % 20_000 == 0 {
                println!("{what}: case {}", range.start + count);
            }
        });
    let failed: Vec<String> = futures_util::stream::iter(cases)
        .map(async |(name, case)| {
            let panic = tokio::spawn(case).await.err()?.into_panic();
            let message = panic.downcast_ref::<String>().cloned();
            let message =
                message.or_else(|| panic.downcast_ref::<&str>().map(|text| (*text).to_owned()));
            Some(format!("## {name}\n{}", message.unwrap_or_default()))
        })
        .buffer_unordered(at_once)
        .filter_map(|failed| async move { failed })
        .collect()
        .await;
    println!("{what}: {counter}: {count}, {counter}_failed: {}", failed.len());
    assert!(failed.is_empty(), "{} of {count} failed:\n{}", failed.len(), failed.join("\n"));
    assert!(count > 0 || only.is_some() || range.start > 0, "no case was run");
}
