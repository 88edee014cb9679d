//! The server and what is in front of it: discovery, issuer, clock, path, the administrator's token.

use authentik_netbird_core::verify::{CheckName, CheckStatus};
use authentik_netbird_core::{Client, ConnectionOptions, ErrorKind};
use authentik_simulator::{Effect, Fault, FaultAnswer, Release, Simulator};

use super::front::Front;
use crate::support::applied::{Applied, RELEASES, applied, apply, fails, names, passes, warns};

const DISCOVERY: &str = ".well-known/openid-configuration";

#[tokio::test]
async fn an_application_with_another_slug() {
    for release in RELEASES {
        let applied = applied(release).await.edit(|state| {
            "vpn".clone_into(&mut state.applications[0].slug);
        });
        let texts = ["no application with the slug \"netbird\"", "404", "the application \"vpn\""];
        fails(&applied.verify().await, CheckName::Discovery, &texts);
        let texts = ["404", "null", "Check in this order", "\"netbird\" is the application's slug"];
        fails(&applied.verify_setup_env().await, CheckName::Discovery, &texts);
    }
}

#[tokio::test]
async fn an_application_without_a_provider() {
    for release in RELEASES {
        let applied = applied(release).await.edit(|state| state.applications[0].provider = None);
        let texts = ["application \"netbird\" has no provider", "choose its provider"];
        fails(&applied.verify().await, CheckName::Discovery, &texts);
        let texts = ["the application has a provider"];
        fails(&applied.verify_setup_env().await, CheckName::Discovery, &texts);
    }
}

impl Applied {
    fn answers(self, path: &str, answer: FaultAnswer) -> Self {
        self.simulator().add_fault(Fault::new(Effect::Answer(answer)).on_path(path));
        self
    }
}

#[tokio::test]
async fn a_login_page_in_front_of_the_discovery_document() {
    for release in RELEASES {
        let page = FaultAnswer::html(200, "<html><title>Company login</title></html>");
        let applied = applied(release).await.answers(DISCOVERY, page);
        let texts = ["the web page \"Company login\"", "Let /application/o/ through"];
        applied.fails(CheckName::Discovery, &texts).await;
    }
}

#[tokio::test]
async fn a_redirect_in_place_of_the_discovery_document() {
    let login = FaultAnswer::empty(302).header("location", "https://sso.company/login?next=x");
    let applied = applied(Release::V2026_5).await.answers(DISCOVERY, login);
    let texts = ["redirected to https://sso.company/login (302)", "let /application/o/ through"];
    applied.fails(CheckName::Discovery, &texts).await;
}

#[tokio::test]
async fn a_redirect_of_the_discovery_document_to_itself() {
    let path = "/application/o/netbird/.well-known/openid-configuration";
    let url = applied(Release::V2026_5).await.simulator().url().to_owned();
    let https = url.replace("http://", "https://");
    for to in ["", "?next=1"] {
        let applied = applied(Release::V2026_5).await;
        let own = applied.simulator().url().to_owned();
        for location in [format!("{own}{path}{to}"), path.to_owned()] {
            let loops = FaultAnswer::empty(301).header("location", &location);
            applied.simulator().add_fault(Fault::new(Effect::Answer(loops)).on_path(DISCOVERY));
            let texts = ["redirects to itself", "SSL mode Full"];
            applied.fails(CheckName::Discovery, &texts).await;
            applied.simulator().clear_faults();
        }
        // By another scheme only: the other way round it leads back.
        let location = format!("{}{path}", own.replace("http://", "https://"));
        let loops = FaultAnswer::empty(301).header("location", &location);
        let applied = applied.answers(DISCOVERY, loops);
        applied
            .fails(CheckName::Discovery, &["redirects to itself, perhaps by another scheme"])
            .await;
    }
    // Another host is none.
    let elsewhere = FaultAnswer::empty(301).header("location", &format!("{https}.company{path}"));
    let applied = applied(Release::V2026_5).await.answers(DISCOVERY, elsewhere);
    applied.fails(CheckName::Discovery, &["Use the URL that authentik itself answers at"]).await;
}

#[tokio::test]
async fn a_proxy_that_changes_the_origin_and_a_key_set_of_yesterday() {
    let applied = applied(Release::V2026_5).await;
    let lead = Some(("https://netbird.company", "https://proxy.company"));
    let front = Front { lead, ..Front::default() }.of(applied.simulator()).await;
    let text = applied.outputs.netbird_env().to_setup_env().unwrap();
    let text = text.expose().replace(applied.simulator().url(), &front.url);
    let verification = crate::support::applied::verify_text(&text).await;
    fails(&verification, CheckName::RedirectUris, &["no CORS headers", "https://netbird.company"]);

    let keys = "{\"keys\": [{\"kty\": \"RSA\", \"kid\": \"yesterday\"}]}";
    let set = FaultAnswer::with_body(200, "application/json", keys);
    let applied = applied.answers("/jwks/", set);
    let texts = ["a key that the key set does not have", "without a cache"];
    applied.fails(CheckName::SigningKey, &texts).await;
}

#[tokio::test]
async fn redirect_uris_without_a_plain_one_show_without_a_token() {
    let applied = applied(Release::V2026_5).await.edit(|state| {
        let uris = &mut state.providers[0].redirect_uris;
        uris.retain(|uri| !uri.url.starts_with("https://netbird.company"));
    });
    applied
        .fails(CheckName::RedirectUris, &["no redirect URI is a plain", "Unauthenticated"])
        .await;
}

#[tokio::test]
async fn an_endpoint_with_a_user_name() {
    let applied = applied(Release::V2026_5).await;
    let url = applied.simulator().url();
    let text = format!("{url}/application/o/token/");
    let by = text.replace("http://", "http://canary:secret@");
    applied.simulator().add_fault(Fault::new(Effect::Replace { text, by }).on_path(DISCOVERY));
    let texts = ["the token_endpoint contains a user name or password"];
    applied.fails(CheckName::Endpoints, &texts).await;
    let report = applied.verify().await.to_string();
    assert!(!report.contains("canary"), "{report}");
}

#[tokio::test]
async fn a_discovery_document_that_is_cut_or_lacks_something() {
    let json = |body: &str| FaultAnswer::with_body(200, "application/json", body);
    let broken = applied(Release::V2026_5).await.answers(DISCOVERY, json("{\"issuer\": \"ht"));
    broken.fails(CheckName::Discovery, &["unexpected JSON", "authentik's own"]).await;
    let broken = applied(Release::V2026_5).await.answers(DISCOVERY, json("{\"issuer\": \"x\"}"));
    broken.fails(CheckName::Discovery, &["has no authorization_endpoint"]).await;
}

#[tokio::test]
async fn a_server_that_is_not_up() {
    let applied = applied(Release::V2026_5).await.answers("/", FaultAnswer::html(502, "<p>Bad"));
    let texts = ["502", "wait until authentik has started"];
    fails(&applied.verify_setup_env().await, CheckName::Discovery, &texts);
    let verification = applied.verify().await;
    let failed = names(&verification, CheckStatus::Fail);
    // One cause fails one check, and a token was given.
    assert_eq!(failed, [CheckName::Discovery], "{verification}");
    assert!(!verification.to_string().contains("without an administrator"), "{verification}");

    applied.simulator().clear_faults();
    applied.simulator().add_fault(Fault::new(Effect::Refuse));
    let texts = ["cannot read the server's discovery document", "Check"];
    let verification = applied.verify_setup_env().await;
    fails(&verification, CheckName::Discovery, &texts);
    assert!(!verification.to_string().contains("Date header"), "{verification}");
}

/// A proxy that lets only logins through.
#[tokio::test]
async fn an_api_that_is_not_reached() {
    let applied = applied(Release::V2026_5).await;
    let applied = applied.answers("/api/v3/", FaultAnswer::html(404, "<title>Not Found</title>"));
    let texts = ["404", "Let /api/ through whatever is in front of authentik"];
    fails(&applied.verify_setup_env().await, CheckName::Users, &texts);
    fails(&applied.verify().await, CheckName::Administration, &texts);
}

#[tokio::test]
async fn an_issuer_without_its_slash() {
    for release in RELEASES {
        let applied = applied(release).await;
        // A proxy that trims slashes.
        let (text, by) = ("/o/netbird/\"".to_owned(), "/o/netbird\"".to_owned());
        let fault = Fault::new(Effect::Replace { text, by }).on_path(DISCOVERY);
        applied.simulator().add_fault(fault);
        let texts = ["/o/netbird, expected", "in the slash at the end", "exactly"];
        applied.fails(CheckName::Issuer, &texts).await;
    }
}

#[tokio::test]
async fn an_issuer_with_http_in_place_of_https() {
    for release in RELEASES {
        // A proxy that ends TLS and does not say so.
        let simulator = Simulator::builder().release(release).start().unwrap();
        let front = Front { tls: true, ..Front::default() }.of(&simulator).await;
        let wanted = crate::support::as_in_guide(&front.url, "netbird.company").build().unwrap();
        let client = Client::builder(&front.url)
            .token(simulator.token())
            .options(ConnectionOptions::new().root_certificates(front.authority.as_str()))
            .build()
            .unwrap();
        let outputs = apply(&client, &wanted).await;
        let before = front.seen.lock().unwrap().len();
        let verification = client.verify(&wanted, &outputs).await.unwrap();
        let texts = ["http://localhost", "reached by https", "X-Forwarded-Proto: https"];
        fails(&verification, CheckName::Issuer, &texts);
        let message = &verification.get(CheckName::Token).unwrap().message;
        assert_eq!(message, "skipped because of the check \"issuer\"");
        // Where http was named, the password was not sent.
        let seen = front.seen.lock().unwrap();
        assert!(seen[before..].iter().all(|request| !request.contains("password=")), "{seen:?}");
    }
}

#[tokio::test]
async fn one_issuer_for_all_applications() {
    for release in RELEASES {
        let applied = applied(release).await;
        let applied = applied.provider(|provider| "global".clone_into(&mut provider.issuer_mode));
        let texts = ["the same for every application", "Each provider has a different issuer"];
        applied.fails(CheckName::Issuer, &texts).await;
    }
}

#[tokio::test]
async fn an_issuer_of_another_host() {
    let applied = applied(Release::V2026_5).await;
    let host = applied.simulator().url().trim_start_matches("http://").to_owned();
    let fault = Effect::Replace { text: host, by: "authentik-server:9000".to_owned() };
    applied.simulator().add_fault(Fault::new(fault).on_path(DISCOVERY));
    let texts = ["http://authentik-server:9000/application/o/netbird/, expected", "Host header"];
    applied.fails(CheckName::Issuer, &texts).await;
}

#[tokio::test]
async fn a_token_endpoint_elsewhere_gets_no_password() {
    let applied = applied(Release::V2026_5).await;
    let stranger = Simulator::start().unwrap();
    let text = format!("{}/application/o/token/", applied.simulator().url());
    let by = format!("{}/application/o/token/", stranger.url());
    applied.simulator().add_fault(Fault::new(Effect::Replace { text, by }).on_path(DISCOVERY));
    applied.fails(CheckName::Endpoints, &["the token_endpoint is", "on another server"]).await;
    assert!(stranger.requests().is_empty());
}

#[tokio::test]
async fn a_clock_that_is_off_by_a_minute() {
    for release in RELEASES {
        let applied = applied(release).await;
        applied.simulator().set_clock_offset(60);
        let texts = ["s ahead of this machine's", "Token used before issued", "NTP"];
        applied.fails(CheckName::Clock, &texts).await;
        applied.simulator().set_clock_offset(-60);
        let texts = ["s behind this machine's", "NTP"];
        warns(&applied.verify().await, CheckName::Clock, &texts);
        warns(&applied.verify_setup_env().await, CheckName::Clock, &texts);
        applied.simulator().set_clock_offset(-2);
        passes(&applied.verify().await, &[]);
    }
}

#[tokio::test]
async fn a_path_without_a_proxy_that_leads_the_hosts_api_there() {
    for release in RELEASES {
        let simulator = Simulator::builder().release(release).path("/authentik").start().unwrap();
        let wanted = crate::support::as_in_guide(simulator.url(), "netbird.company");
        let wanted = wanted.build().unwrap();
        let client = Client::builder(simulator.url()).token(simulator.token()).build().unwrap();
        let outputs = apply(&client, &wanted).await;
        let verification = client.verify(&wanted, &outputs).await.unwrap();
        let texts =
            ["under the path /authentik/", "at the root of the host", "a separate host name"];
        fails(&verification, CheckName::Users, &texts);
        let text = outputs.netbird_env().to_setup_env().unwrap();
        let verification = crate::support::applied::verify_text(text.expose()).await;
        fails(&verification, CheckName::Users, &texts);
    }
}

#[tokio::test]
async fn a_proxy_that_keeps_the_api_to_itself() {
    let applied = applied(Release::V2026_5).await;
    let page = FaultAnswer::html(200, "<title>Company login</title>");
    let applied = applied.answers("/api/v3/core/users/?page=", page);
    let texts = ["server's users", "Company login", "Let /api/ through"];
    applied.fails(CheckName::Users, &texts).await;
}

#[tokio::test]
async fn a_proxy_that_keeps_single_users_to_itself() {
    let applied = applied(Release::V2026_5).await;
    let account = applied
        .simulator()
        .edit(|state| state.users.iter().find(|user| user.username == "NetBird").unwrap().pk);
    let path = format!("/api/v3/core/users/{account}/");
    let page = FaultAnswer::html(200, "<title>Company login</title>");
    let applied = applied.answers(&path, page);
    let texts = ["user by its id", "Company login", "Let /api/ through"];
    applied.fails(CheckName::Users, &texts).await;
}

#[tokio::test]
async fn an_administrators_token_that_is_wrong_or_may_too_little() {
    for release in RELEASES {
        let applied = applied(release).await;
        let url = applied.simulator().url();
        let wrong = Client::builder(url).token("wrong").build().unwrap();
        let verification = wrong.verify(&applied.running.wanted, &applied.outputs).await.unwrap();
        fails(&verification, CheckName::Administration, &["Token invalid", "API Token"]);
        // What NetBird itself asks is asked all the same.
        assert_eq!(verification.get(CheckName::Users).unwrap().status, CheckStatus::Pass);

        let key = applied.simulator().edit(|state| {
            let reader = state.add_user("reader").pk;
            state.add_token("reader-token", reader).key.to_string()
        });
        let reader = Client::builder(url).token(key).build().unwrap();
        let verification = reader.verify(&applied.running.wanted, &applied.outputs).await.unwrap();
        assert_eq!(names(&verification, CheckStatus::Fail), [], "{verification}");
        assert!(!verification.is_success() && !verification.is_complete(), "{verification}");
        for name in [CheckName::Administration, CheckName::RedirectUris] {
            let check = verification.get(name).unwrap();
            assert_eq!(check.status, CheckStatus::Unknown, "{verification}");
            let text = check.to_string();
            assert!(text.contains("authentik_providers_oauth2.view_oauth2provider"), "{text}");
            assert!(text.contains("Grant them to the token's user"), "{text}");
        }
        assert_eq!(verification.get(CheckName::Users).unwrap().status, CheckStatus::Pass);
    }
}

#[tokio::test]
async fn things_of_another_server_are_an_error() {
    let applied = applied(Release::V2026_5).await;
    let other = Simulator::start().unwrap();
    let client = Client::builder(other.url()).token(other.token()).build().unwrap();
    let error = client.verify(&applied.running.wanted, &applied.outputs).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidPlan, "{error}");
    assert!(other.requests().is_empty());
    // Outputs may name another address than the client's: people reach authentik there. What the token
    // shows is then that of another authentik, which the report says.
    let wanted = crate::support::as_in_guide(other.url(), "netbird.company").build().unwrap();
    let verification = client.verify(&wanted, &applied.outputs).await.unwrap();
    let check = verification.get(CheckName::Administration).unwrap();
    assert_eq!(check.status, CheckStatus::Warn, "{verification}");
    assert!(check.message.contains("but NetBird uses http://127.0.0.1"), "{check}");
    let seen = applied.simulator().requests();
    assert!(seen.iter().all(|request| !request.path.contains("users/me")), "{seen:#?}");
}
