//! Known secrets, driven through everything that prints: none may come out.
//!
//! **Model.** The secrets are the administrator's token, the app password that the server makes, one that somebody
//! set, client secrets, device codes, access tokens, and passwords in URLs. Everything that can print is printed
//! (`messages.rs`): Debug and Display of every public value, plans and reports as text and JSON, errors with
//! their chain and hint, panics, and at the finest level the trace of this crate and of the HTTP library
//! (`record.rs`, which needs a process of its own).
//!
//! **Cases.**
//! - Here: when all goes well, on three releases, and settings that are refused.
//! - `echo`: servers that repeat a secret in messages, field names, titles, headers and values.
//! - `under_faults`: a whole life of an integration under every fault at several places.
//! - `verify`: a verification of a healthy server, of a broken one, and of one that echoes.
//! - `proxy`: a proxy with a password.
//!
//! **What holds.** No text contains a secret, or a piece of 12 bytes from its beginning, middle or end, in any form
//! that `forms.rs` knows: plain, in JSON, in a URL, in base64 at any offset, in hexadecimal, as a list of bytes.
//!
//! **Amount.** `under_faults` takes two places of each fault; a soak takes five.

mod echo;
mod forms;
mod messages;
mod proxy;
mod record;
mod under_faults;
mod verify;

use crate::support::running::start;
use authentik_netbird_core::outputs::Outputs;
use authentik_netbird_core::{Client, ConnectionOptions, ErrorKind};
use authentik_simulator::{Release, State};
use messages::{Messages, plan_and_apply, secrets_of};

#[tokio::test]
async fn when_all_goes_well() {
    if !record::is_recording("canary::when_all_goes_well") {
        return;
    }
    for release in Release::ALL {
        let running = start(release);
        let messages = Messages::default();
        plan_and_apply(&messages, &running.client, &running.wanted).await;
        plan_and_apply(&messages, &running.client, &running.wanted).await;
        let mut secrets = secrets_of(&running);
        // A password that someone set, in no shape that could be known.
        running.simulator.edit(|state| {
            let token = state.tokens.iter_mut().find(|token| token.intent == "app_password");
            token.unwrap().key = "correct horse battery staple".into();
        });
        plan_and_apply(&messages, &running.client, &running.wanted).await;
        secrets.push("correct horse battery staple".into());
        assert!(secrets.len() >= 4, "{}", secrets.len());
        messages.keeps(&secrets, "when all goes well");
        record::keeps(&secrets);
    }
    assert!(record::targets().iter().any(|target| target.starts_with("authentik_netbird_core")));
    println!("who traces: {:?}", record::targets());
}

#[tokio::test]
async fn a_token_in_the_name_of_an_object_is_not_shown() {
    let places: [fn(&mut State, &str); 3] = [
        |state, token| state.brands[0].domain = token.to_owned(),
        |state, token| state.certificates[0].name = format!("key {token}"),
        |state, token| state.flows[0].title = token.to_owned(),
    ];
    for place in places {
        for hidden in ["", "\u{1}", "\u{200b}"] {
            let running = start(Release::V2026_5);
            let token = running.simulator.token().to_owned();
            let (start, end) = token.split_at(9);
            running.simulator.edit(|state| place(state, &format!("{start}{hidden}{end}")));
            let error = running.client.plan(&running.wanted).await.unwrap_err();
            assert_eq!(error.kind(), ErrorKind::UnexpectedResponse);
            assert!(error.to_string().contains("contains the token or a password"), "{error}");
            assert!(error.hint().unwrap().contains("replace the token"));
            let messages = Messages::default();
            messages.error(&error);
            let outputs = Outputs::of(&running.wanted, "client".into());
            let verified = running.client.verify(&running.wanted, &outputs).await.unwrap();
            messages.text(&format!("{verified} {verified:?}"));
            messages.keeps(&[token[9..].to_owned()], hidden);
        }
    }
}

#[test]
fn settings_that_are_refused_are_not_repeated() {
    let messages = Messages::default();
    let secrets =
        ["canary-password", "canary-token value", "canary-key-material"].map(str::to_owned);
    for url in [
        "https://jane:canary-password@authentik.company",
        "https://jane:canary-password@authentik.company:99999",
        "https://jane:canary-password@auth entik",
        "ftp://jane:canary-password@authentik.company",
        "jane:canary-password@authentik.company",
        "http://authentik.company/?key=canary-password",
        "https://authentik.company/#canary-password",
    ] {
        // Whoever takes the wrong file gives a key in place of a certificate.
        let pem = "-----BEGIN PRIVATE KEY-----\ncanary-key-material\n-----END PRIVATE KEY-----\n";
        let builder = Client::builder(url).token("canary-token value");
        let builder = builder.options(ConnectionOptions::new().root_certificates(pem));
        messages.debug(&builder);
        messages.error(&builder.build().unwrap_err());
        let builder = crate::support::as_in_guide(url, url).launch_url(url);
        messages.debug(&builder);
        messages.error(&builder.build().unwrap_err());
    }
    messages.keeps(&secrets, "refused settings");
}
