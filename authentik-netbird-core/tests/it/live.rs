//! The whole story on a real authentik:
//!
//!     AUTHENTIK_URL=… AUTHENTIK_TOKEN=… cargo test --test it -- --ignored live::
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
