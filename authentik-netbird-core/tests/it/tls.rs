//! TLS: a private authority is trusted when it is given, and nothing else is.

use std::time::Duration;

use crate::support::certificate::{acceptor, acceptor_with};
use authentik_netbird_core::error::TransportErrorKind;
use authentik_netbird_core::verify::{CheckName, CheckStatus, NetbirdSettings, verify};
use authentik_netbird_core::{Client, ConnectionOptions, Error, NetbirdIntegration};
use authentik_simulator::Simulator;
use rcgen::{BasicConstraints, CertificateParams, IsCa, date_time_ymd};
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsAcceptor;

/// Ends TLS before a simulator, as a reverse proxy does. Returns its port and the authority.
async fn tls_before(simulator: &Simulator, names: &[&str]) -> (u16, String) {
    let (acceptor, authority) = acceptor(names);
    (tls_by(simulator, acceptor).await, authority)
}

async fn tls_by(simulator: &Simulator, acceptor: TlsAcceptor) -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let address = simulator.url().trim_start_matches("http://").to_owned();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let (acceptor, address) = (acceptor.clone(), address.clone());
            tokio::spawn(async move {
                // A client that does not trust us breaks the handshake off.
                let Ok(mut outside) = acceptor.accept(stream).await else { return };
                let Ok(mut inside) = TcpStream::connect(address).await else { return };
                let _ = tokio::io::copy_bidirectional(&mut outside, &mut inside).await;
            });
        }
    });
    port
}

fn client(port: u16, simulator: &Simulator, authority: Option<&str>) -> Client {
    let mut options = ConnectionOptions::new().retry_timeout(Duration::ZERO);
    if let Some(pem) = authority {
        options = options.root_certificates(pem);
    }
    let builder = Client::builder(format!("https://localhost:{port}")).token(simulator.token());
    builder.options(options).build().unwrap()
}

fn wanted(port: u16) -> NetbirdIntegration {
    crate::support::as_in_guide(format!("https://localhost:{port}"), "netbird.company")
        .build()
        .unwrap()
}

#[tokio::test]
async fn a_private_authority_is_trusted_when_it_is_given() {
    let simulator = Simulator::start().unwrap();
    let (port, authority) = tls_before(&simulator, &["localhost"]).await;
    let client = client(port, &simulator, Some(&authority));
    let plan = client.plan(&wanted(port)).await.unwrap();
    client.apply(&plan).await.unwrap();
    assert!(!client.plan(&wanted(port)).await.unwrap().has_changes());
}

#[tokio::test]
async fn another_authority_and_another_name_are_refused_with_the_remedy() {
    let simulator = Simulator::start().unwrap();
    let (port, _) = tls_before(&simulator, &["localhost"]).await;
    let (other_name, authority) = tls_before(&simulator, &["authentik.company"]).await;
    let (_, stranger) = acceptor(&["localhost"]);
    let remedy = "set `root_certificates` to that authority's certificate";
    for (port, given, kind, remedy) in [
        (port, None, TransportErrorKind::Certificate, remedy),
        (port, Some(stranger.as_str()), TransportErrorKind::Certificate, remedy),
        (
            other_name,
            Some(authority.as_str()),
            TransportErrorKind::CertificateName,
            "Use a name that the certificate is for",
        ),
        (
            other_name,
            Some(authority.as_str()),
            TransportErrorKind::CertificateName,
            "valid for authentik.company, not for localhost",
        ),
    ] {
        refused(port, &simulator, given, kind, remedy).await;
    }
    assert!(simulator.requests().is_empty(), "nothing was sent, the token least of all");
}

async fn refused(
    port: u16,
    simulator: &Simulator,
    authority: Option<&str>,
    kind: TransportErrorKind,
    remedy: &str,
) {
    let error = client(port, simulator, authority).plan(&wanted(port)).await.unwrap_err();
    let Error::Transport(transport) = &error else { panic!("{error}") };
    assert_eq!(transport.kind, kind, "{}", error.chain());
    assert!(error.chain().contains(remedy), "{}", error.chain());
    assert!(!error.is_retryable());
}

#[tokio::test]
async fn a_certificate_that_is_no_longer_valid_or_an_authoritys_own_is_refused_with_the_remedy() {
    type Change = fn(&mut CertificateParams);
    let expired: Change = |params| params.not_after = date_time_ymd(2020, 1, 1);
    let not_yet: Change = |params| params.not_before = date_time_ymd(3000, 1, 1);
    let authoritys_own: Change = |params| params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let simulator = Simulator::start().unwrap();
    for (change, kind, remedy) in [
        (expired, TransportErrorKind::CertificateExpired, "Renew the certificate"),
        (
            expired,
            TransportErrorKind::CertificateExpired,
            ": valid until 2020-01-01T00:00:00Z, and",
        ),
        (not_yet, TransportErrorKind::CertificateExpired, ": valid from 3000-01-01T00:00:00Z, and"),
        (authoritys_own, TransportErrorKind::CertificateOfAuthority, "CA:FALSE"),
    ] {
        let (acceptor, authority) = acceptor_with(&["localhost"], change);
        let port = tls_by(&simulator, acceptor).await;
        refused(port, &simulator, Some(&authority), kind, remedy).await;
    }
    assert!(simulator.requests().is_empty(), "nothing was sent, the token least of all");
}

#[tokio::test]
async fn any_certificate_will_do_only_for_who_says_so() {
    let simulator = Simulator::start().unwrap();
    let (port, _) = tls_before(&simulator, &["authentik.company"]).await;
    let builder = Client::builder(format!("https://localhost:{port}")).token(simulator.token());
    let options = ConnectionOptions::new().retry_timeout(Duration::ZERO);
    let careless = options.clone().danger_accept_invalid_certs(true);
    let checking = builder.clone().options(options.clone()).build().unwrap();
    let error = checking.plan(&wanted(port)).await.unwrap_err();
    assert!(matches!(error, Error::Transport(_)), "{error}");
    let trusting = builder.options(careless.clone()).build().unwrap();
    let outcome = trusting.apply(&trusting.plan(&wanted(port)).await.unwrap()).await.unwrap();
    let env = outcome.outputs().unwrap().netbird_env();
    let settings = NetbirdSettings::from_env(&env);
    // The front does not say that it is reached by https, so that not every check can pass.
    for (options, status) in [(options, CheckStatus::Fail), (careless, CheckStatus::Pass)] {
        let verification = verify(&settings, &options).await.unwrap();
        let discovery = verification.get(CheckName::Discovery).unwrap();
        assert_eq!(discovery.status, status, "{verification}");
    }
}

#[tokio::test]
async fn a_port_that_speaks_plain_http_fails_at_once_with_the_remedy() {
    let simulator = Simulator::start().unwrap();
    let port: u16 = simulator.url().rsplit(':').next().unwrap().parse().unwrap();
    // With the default time for retries: they would be noticed.
    let builder = Client::builder(format!("https://localhost:{port}")).token(simulator.token());
    let client = builder.build().unwrap();
    let error = client.plan(&wanted(port)).await.unwrap_err();
    let Error::Transport(transport) = &error else { panic!("{}", error.chain()) };
    assert_eq!((transport.kind, transport.attempts), (TransportErrorKind::NotTls, 1));
    assert!(error.chain().contains("https on 9443"), "{}", error.chain());
}

#[test]
fn plain_http_to_other_machines_is_for_who_says_so() {
    let url = "http://authentik.internal:9000";
    let client = |options| Client::builder(url).token("ak-token").options(options).build();
    let refused = client(ConnectionOptions::new()).unwrap_err();
    assert!(refused.chain().contains("in the clear"), "{}", refused.chain());
    client(ConnectionOptions::new().allow_http(true)).unwrap();
    let integration = || NetbirdIntegration::builder(url, "netbird.company");
    let refused = integration().build().unwrap_err();
    assert_eq!(refused.issues()[0].field, "authentik_url");
    // NetBird and browsers need https all the same.
    let refused = integration().allow_http(true).build().unwrap_err();
    assert_eq!(refused.issues()[0].field, "public_url");
    let public = || integration().allow_http(true).public_url("https://authentik.company");
    assert_eq!(public().build().unwrap().netbird_url().scheme(), "https");
    assert!(public().public_url(url).build().is_err());
}
