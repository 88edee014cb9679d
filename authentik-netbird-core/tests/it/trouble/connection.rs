//! No answer, or not authentik's.

use std::net::TcpListener;
use std::time::{Duration, Instant};

use authentik_netbird_core::{Client, Error, ErrorKind, NetbirdIntegration};
use authentik_simulator::{Effect, Fault, FaultAnswer, Release};

use super::{planning_fails, says};
use crate::support::running::{Running, start, start_with};

const SHORT: Duration = Duration::from_millis(200);

async fn plan_at(url: &str) -> Error {
    let wanted = NetbirdIntegration::builder(url, "netbird.company").build().unwrap();
    let builder = Client::builder(url).token("t").retry_for(SHORT).timeout(SHORT);
    builder.build().unwrap().plan(&wanted).await.unwrap_err()
}

#[tokio::test]
async fn a_name_without_an_address() {
    let error = plan_at("https://authentik-typo.invalid").await;
    let texts = ["read the server's version", "authentik-typo.invalid has no address", "spelling"];
    says(&error, ErrorKind::Transport, &texts);
}

#[tokio::test]
async fn nothing_listens() {
    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let error = plan_at(&format!("http://127.0.0.1:{port}")).await;
    let texts = ["can't be reached", "check that authentik is running"];
    says(&error, ErrorKind::Transport, &texts);
    assert!(error.is_retryable());
}

#[tokio::test]
async fn a_connection_is_taken_and_nobody_answers() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let started = Instant::now();
    let error = plan_at(&format!("http://{}", listener.local_addr().unwrap())).await;
    says(&error, ErrorKind::Timeout, &["did not answer in time", "running again is safe"]);
    assert!(started.elapsed() < Duration::from_secs(10));
}

#[tokio::test]
async fn a_path_that_is_not_authentiks() {
    let running = start(Release::V2026_5);
    let error = plan_at(&format!("{}/sso", running.simulator.url())).await;
    let texts = ["read the server's version", "web page", "(404)", "base URL, with its path"];
    says(&error, ErrorKind::UnexpectedAnswer, &texts);
    assert_eq!(running.writes(), 0);
}

/// A server that answers every request so.
fn always(answer: FaultAnswer) -> Running {
    let running = start_with(Release::V2026_5, |builder| builder.retry_for(SHORT));
    running.simulator.add_fault(Fault::new(Effect::Answer(answer)));
    running
}

#[tokio::test]
async fn authentik_is_still_starting() {
    let wait = "wait until it has started";
    let page = FaultAnswer::html(502, "<html><head><title>502 Bad Gateway</title></head></html>");
    let texts = ["the web page \"502 Bad Gateway\" came", "(502)", wait];
    let error = planning_fails(&always(page), ErrorKind::UnexpectedAnswer, &texts).await;
    assert!(error.is_retryable());
    let text = FaultAnswer::with_body(503, "text/plain", "no healthy upstream");
    let texts = ["text/plain came instead of authentik's answer (503)", wait];
    planning_fails(&always(text), ErrorKind::UnexpectedAnswer, &texts).await;
    let empty = FaultAnswer::empty(503);
    planning_fails(&always(empty), ErrorKind::Api, &["authentik said 503", wait]).await;
    // A moment later it is there.
    let running = start(Release::V2026_5);
    let starting = Fault::new(Effect::Answer(FaultAnswer::empty(503))).times(12);
    running.simulator.add_fault(starting);
    running.client.plan(&running.wanted).await.unwrap();
    assert_eq!(running.simulator.requests().len(), 24);
}

#[tokio::test]
async fn a_login_page_in_front_of_it() {
    let page = "<!DOCTYPE html><html><head><TITLE lang=\"en\">\n Sign  in\n</TITLE></head></html>";
    let texts = ["the web page \"Sign in\" came", "(200)", "let /api/ through"];
    let running = always(FaultAnswer::html(200, page));
    planning_fails(&running, ErrorKind::UnexpectedAnswer, &texts).await;
    assert_eq!(running.simulator.requests().len(), 12, "there is no use in asking again");
}

#[tokio::test]
async fn a_redirect_is_not_followed_and_the_token_goes_nowhere() {
    let elsewhere = start(Release::V2026_5);
    let to = format!("{}/login/?next=%2Fapi#x", elsewhere.simulator.url());
    let texts = ["redirects to http://127.0.0.1", "/login/ (302)", "let /api/ through"];
    let running = always(FaultAnswer::empty(302).header("location", &to));
    planning_fails(&running, ErrorKind::UnexpectedAnswer, &texts).await;
    assert!(elsewhere.simulator.requests().is_empty());
}
