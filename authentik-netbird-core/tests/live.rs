//! The whole story on a real authentik:
//!
//!     AUTHENTIK_URL=… AUTHENTIK_TOKEN=… cargo test --test live -- --ignored
//!
//! The server is left as it was found. It should still be one that nobody else is using: what
//! others change meanwhile would be taken for ours.
#![allow(clippy::unwrap_used, clippy::panic, reason = "what is not as expected fails the test")]

mod story;

#[tokio::test]
#[ignore = "needs authentik"]
#[expect(clippy::disallowed_methods, reason = "a test's edge reads where the server is")]
async fn the_whole_story_on_a_real_authentik() {
    let read = |name: &str| std::env::var(name).unwrap_or_else(|_| panic!("set {name}"));
    let server = story::Server::new(&read("AUTHENTIK_URL"), &read("AUTHENTIK_TOKEN"));
    Box::pin(story::tell(&server)).await;
}
