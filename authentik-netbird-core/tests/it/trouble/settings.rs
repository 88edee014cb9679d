//! Settings that cannot be: found before anything is sent.

use std::time::Duration;

use authentik_netbird_core::{
    Client, ClientBuilder, ConnectionOptions, ErrorKind, NetbirdIntegration,
};
use authentik_simulator::Release;

use super::says;
use crate::support::running::start;

#[track_caller]
fn refused(builder: ClientBuilder, texts: &[&str]) {
    says(&builder.build().unwrap_err(), ErrorKind::InvalidClient, texts);
}

#[test]
fn tokens_that_are_missing_or_cannot_be_tokens() {
    let builder = || Client::builder("https://authentik.company");
    let missing = ["token: missing", "API token of an authentik administrator"];
    refused(builder(), &missing);
    refused(builder().token(""), &missing);
    refused(builder().token(" \n"), &missing);
    for token in ["ak-a b", "ak-a\nb", "ak-a\r\nX-Evil: 1", "ak-ä", "ak-\u{7f}"] {
        let error = builder().token(token).build().unwrap_err();
        says(&error, ErrorKind::InvalidClient, &["token: contains invalid characters"]);
        assert!(!error.chain().contains("ak-"), "the token is in: {}", error.chain());
    }
}

#[tokio::test]
async fn white_space_around_a_token_as_files_have_it_is_no_trouble() {
    let running = start(Release::V2026_5);
    let token = format!(" {}\r\n", running.simulator.token());
    let client = Client::builder(running.simulator.url()).token(token).build().unwrap();
    client.plan(&running.wanted).await.unwrap();
}

#[test]
fn plain_http_is_for_loopback_alone() {
    for url in ["http://authentik.company", "http://10.0.0.1:9000", "http://localhost.evil.com"] {
        refused(
            Client::builder(url).token("t"),
            &["authentik_url: ", "would send the token in the clear", "Use https"],
        );
    }
    for url in ["http://localhost:9000", "http://127.0.0.1", "http://[::1]:9000"] {
        Client::builder(url).token("t").build().unwrap();
    }
}

/// Names below localhost are this machine's, but not every resolver knows that: it must not be asked
/// where a token goes that is sent in the clear.
#[tokio::test]
async fn names_of_this_machine_are_not_looked_up() {
    let running = start(Release::V2026_5);
    for host in ["localhost", "authentik.localhost", "a.b.LOCALHOST"] {
        let url = running.simulator.url().replace("127.0.0.1", host);
        let client = Client::builder(&url).token(running.simulator.token()).build().unwrap();
        let wanted = NetbirdIntegration::builder(&url, "netbird.company").build().unwrap();
        assert!(client.plan(&wanted).await.unwrap().has_changes(), "{host}");
    }
}

#[test]
fn certificates_that_are_none() {
    let broken = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
    let key = "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n";
    for pem in ["", "no certificate", key, broken, "-----BEGIN CERTIFICATE-----\n!"] {
        let builder = Client::builder("https://authentik.company").token("t");
        let builder = builder.options(ConnectionOptions::new().root_certificates(pem));
        refused(builder, &["root_certificates: ", "certificate"]);
    }
}

#[test]
fn every_problem_at_once() {
    let options = ConnectionOptions::new().root_certificates("no").timeout(Duration::ZERO);
    let builder = Client::builder("authentik").options(options.user_agent("a\nb"));
    let fields = ["authentik_url: ", "token: ", "root_certificates: ", "timeout: ", "user_agent: "];
    refused(builder, &fields);
}

#[tokio::test]
async fn a_client_of_another_server_sends_nothing() {
    let (one, other) = (start(Release::V2026_5), start(Release::V2026_5));
    let error = other.client.plan(&one.wanted).await.unwrap_err();
    let urls = [one.simulator.url(), other.simulator.url(), "Use a client of that server"];
    says(&error, ErrorKind::InvalidPlan, &urls);
    assert!(one.simulator.requests().is_empty() && other.simulator.requests().is_empty());
}
