//! The whole story on a real authentik:
//!
//!     AUTHENTIK_URL=… AUTHENTIK_TOKEN=… cargo test --test it -- --ignored live::
//!
//! and of the connector on a real authentik and a real NetBird with the embedded identity provider, which
//! also takes NETBIRD_URL and NETBIRD_TOKEN; a person is created, logs in through both, and is deleted. The test with a
//! simulated authentik takes these two, and a NetBird on this machine, from which it reaches the simulator.
//!
//! The server is left as it was found. It should still be one that nobody else is using: what
//! others change meanwhile would be taken for ours.

#[tokio::test]
#[ignore = "needs authentik"]
#[expect(clippy::disallowed_methods, reason = "a test's edge reads where the server is")]
async fn the_whole_story_on_a_real_authentik() {
    let read = |name: &str| std::env::var(name).unwrap_or_else(|_| panic!("set {name}"));
    let server =
        crate::support::story::Server::new(&read("AUTHENTIK_URL"), &read("AUTHENTIK_TOKEN"));
    Box::pin(crate::support::story::tell(&server)).await;
}

#[tokio::test]
#[ignore = "needs authentik and NetBird"]
#[expect(clippy::disallowed_methods, reason = "a test's edge reads where the servers are")]
async fn the_connector_on_real_servers() {
    let read = |name: &str| std::env::var(name).unwrap_or_else(|_| panic!("set {name}"));
    let authentik = (read("AUTHENTIK_URL"), read("AUTHENTIK_TOKEN"));
    let netbird = (read("NETBIRD_URL"), read("NETBIRD_TOKEN"));
    let authentik = (authentik.0.as_str(), authentik.1.as_str());
    Box::pin(crate::connector::tell(authentik, (&netbird.0, &netbird.1))).await;
}

#[tokio::test]
#[ignore = "needs authentik and NetBird"]
#[expect(clippy::disallowed_methods, reason = "a test's edge reads where the servers are")]
async fn a_login_through_both_real_servers() {
    let read = |name: &str| std::env::var(name).unwrap_or_else(|_| panic!("set {name}"));
    let authentik = (read("AUTHENTIK_URL"), read("AUTHENTIK_TOKEN"));
    let netbird = (read("NETBIRD_URL"), read("NETBIRD_TOKEN"));
    let authentik = (authentik.0.as_str(), authentik.1.as_str());
    let [username, name, email] = crate::connector_walk::ALICE;
    let alice =
        crate::support::person::RealPerson::create(authentik.0, authentik.1, username, name, email)
            .await;
    Box::pin(crate::connector_walk::tell(authentik, &alice, (&netbird.0, &netbird.1))).await;
    alice.delete().await;
}

#[tokio::test]
#[ignore = "needs NetBird on this machine"]
#[expect(clippy::disallowed_methods, reason = "a test's edge reads where the server is")]
async fn logins_through_a_real_netbird() {
    let read = |name: &str| std::env::var(name).unwrap_or_else(|_| panic!("set {name}"));
    for release in authentik_simulator::Release::ALL.iter().copied() {
        let authentik = authentik_simulator::Simulator::builder().release(release).start().unwrap();
        let netbird = (read("NETBIRD_URL"), read("NETBIRD_TOKEN"));
        Box::pin(crate::connector_walk::tell_simulated(&authentik, (&netbird.0, &netbird.1))).await;
    }
}
