//! No answer, or not authentik's.

use std::net::TcpListener;
use std::time::{Duration, Instant};

use authentik_netbird_core::{Client, ConnectionOptions, Error, ErrorKind};
use authentik_simulator::{Effect, Fault, FaultAnswer, Release};

use super::{planning_fails, says};
use crate::support::running::{Running, start, start_with};

const SHORT: Duration = Duration::from_millis(200);

async fn plan_at(url: &str) -> Error {
    plan_with(url, ConnectionOptions::new().retry_timeout(SHORT)).await
}

async fn plan_with(url: &str, options: ConnectionOptions) -> Error {
    let wanted = crate::support::as_in_guide(url, "netbird.company").build().unwrap();
    let builder = Client::builder(url).token("t").options(options);
    builder.build().unwrap().plan(&wanted).await.unwrap_err()
}

#[tokio::test]
async fn a_name_without_an_address() {
    let url = "https://authentik-typo.invalid";
    let error = plan_with(url, ConnectionOptions::new()).await;
    let texts =
        ["read the server's version", "could not resolve authentik-typo.invalid", "spelling"];
    says(&error, ErrorKind::Transport, &texts);
    let Error::Transport(transport) = &error else { panic!("{error}") };
    assert_eq!((transport.attempts, error.server()), (1, Some(url)));
    assert!(!error.is_retryable());
}

#[tokio::test]
async fn nothing_listens() {
    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let error = plan_at(&format!("http://127.0.0.1:{port}")).await;
    let texts = ["could not connect to http://127.0.0.1", "Check that authentik is running"];
    says(&error, ErrorKind::Transport, &texts);
    assert!(error.is_retryable());
}

#[tokio::test]
async fn a_connection_is_taken_and_nobody_answers() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let started = Instant::now();
    let options = ConnectionOptions::new().retry_timeout(SHORT).timeout(SHORT);
    let error = plan_with(&format!("http://{}", listener.local_addr().unwrap()), options).await;
    says(&error, ErrorKind::Timeout, &["did not respond in time", "Running again is safe"]);
    assert!(started.elapsed() < Duration::from_secs(10));
}

#[tokio::test]
async fn a_path_that_is_not_authentiks() {
    let running = start(Release::V2026_5);
    let error = plan_at(&format!("{}/sso", running.simulator.url())).await;
    let texts = ["read the server's version", "web page", "(404)", "base URL, with its path"];
    says(&error, ErrorKind::UnexpectedResponse, &texts);
    assert_eq!(running.writes(), 0);
}

/// A server that answers every request so.
fn always(answer: FaultAnswer) -> Running {
    let running = start_with(Release::V2026_5, ConnectionOptions::new().retry_timeout(SHORT));
    running.simulator.add_fault(Fault::new(Effect::Answer(answer)));
    running
}

#[tokio::test]
async fn authentik_is_still_starting() {
    let wait = "wait until authentik has started";
    let page = FaultAnswer::html(502, "<html><head><title>502 Bad Gateway</title></head></html>");
    let texts = ["returned the web page \"502 Bad Gateway\"", "(502)", wait];
    let error = planning_fails(&always(page), ErrorKind::UnexpectedResponse, &texts).await;
    assert!(error.is_retryable());
    let text = FaultAnswer::with_body(503, "text/plain", "no healthy upstream");
    let texts = ["returned text/plain instead of JSON (503)", wait];
    planning_fails(&always(text), ErrorKind::UnexpectedResponse, &texts).await;
    let empty = FaultAnswer::empty(503);
    planning_fails(&always(empty), ErrorKind::Api, &["returned 503", wait]).await;
    // A moment later it is there.
    let running = start(Release::V2026_5);
    let starting = Fault::new(Effect::Answer(FaultAnswer::empty(503))).times(10);
    running.simulator.add_fault(starting);
    running.client.plan(&running.wanted).await.unwrap();
    assert_eq!(running.simulator.requests().len(), 20);
}

#[tokio::test]
async fn a_login_page_in_front_of_it() {
    let page = "<!DOCTYPE html><html><head><TITLE lang=\"en\">\n Sign  in\n</TITLE></head></html>";
    let texts = ["returned the web page \"Sign in\"", "(200)", "Let /api/ through"];
    let running = always(FaultAnswer::html(200, page));
    planning_fails(&running, ErrorKind::UnexpectedResponse, &texts).await;
    assert_eq!(running.simulator.requests().len(), 10, "there is no use in asking again");
}

#[tokio::test]
async fn a_redirect_is_not_followed_and_the_token_goes_nowhere() {
    let elsewhere = start(Release::V2026_5);
    let to = format!("{}/login/?next=%2Fapi#x", elsewhere.simulator.url());
    let texts = ["redirected to http://127.0.0.1", "/login/ (302)", "let /api/ through"];
    let running = always(FaultAnswer::empty(302).header("location", &to));
    planning_fails(&running, ErrorKind::UnexpectedResponse, &texts).await;
    assert!(elsewhere.simulator.requests().is_empty());
}
