//! Running cases, all of them, and saying how many there were.

use futures_util::StreamExt;
use futures_util::future::BoxFuture;

/// A case, and what it is called.
pub(crate) type Case = (String, BoxFuture<'static, ()>);

/// Cases under way at once: they wait more than they work.
const AT_ONCE: usize = 8;

/// Whether there is time for everything.
pub(crate) fn is_soak() -> bool {
    #[expect(clippy::disallowed_methods, reason = "a test's setting")]
    let set = std::env::var("AUTHENTIK_NETBIRD_SOAK");
    !cfg!(debug_assertions) || set.is_ok_and(|value| !value.is_empty())
}

/// Every so-manieth of some cases when there is no time for all of them.
pub(crate) fn thinned(cases: Vec<Case>, every: usize) -> Vec<Case> {
    cases.into_iter().step_by(if is_soak() { 1 } else { every }).collect()
}

/// Runs cases, and then says how many there were and which failed.
pub(crate) async fn run(what: &str, cases: Vec<Case>) {
    let count = cases.len();
    let failed: Vec<String> = futures_util::stream::iter(cases)
        .map(|(name, case)| async move {
            let panic = tokio::spawn(case).await.err()?.into_panic();
            let said = panic.downcast_ref::<String>().cloned();
            let said = said.or_else(|| panic.downcast_ref::<&str>().map(|text| (*text).to_owned()));
            Some(format!("## {name}\n{}", said.unwrap_or_default()))
        })
        .buffer_unordered(AT_ONCE)
        .filter_map(|failed| async move { failed })
        .collect()
        .await;
    println!("{what}: race_histories: {count}, race_histories_failed: {}", failed.len());
    assert!(failed.is_empty(), "{} of {count} failed:\n{}", failed.len(), failed.join("\n"));
}
