//! Recordings that share a database, and the requests between them that were not recorded.
//!
//! The servers were reset between scenes, and some requests are missing from the recordings. Where a
//! later one needs what a missing one did, it is done here.

use authentik_netbird_core::simulator::Release;
use serde_json::{Value, json};

use crate::recording::Recording;
use crate::replay::Stage;

/// First and last number of the recordings that were made on one database. A name is part of the
/// file names, where two scenes use the same numbers.
pub(crate) struct Scene {
    pub(crate) numbers: (u32, u32),
    pub(crate) holds: fn(&str) -> bool,
}

fn any(_: &str) -> bool {
    true
}

/// The second scene of the token changes: it was run again from the start, with other numbers.
fn first_run(file: &str) -> bool {
    ["902-e", "903-e-token", "904-e-app", "905-e-token", "907-e-token-patch"]
        .iter()
        .any(|start| file.starts_with(start))
}

fn second_run(file: &str) -> bool {
    !first_run(file)
}

pub(crate) fn scenes(release: Release) -> Vec<Scene> {
    let scene = |first, last| Scene { numbers: (first, last), holds: any };
    let mut scenes =
        vec![scene(1, 99), scene(101, 199), scene(201, 299), scene(301, 399), scene(401, 699)];
    scenes.extend([scene(701, 799), scene(801, 899)]);
    if release == Release::V2026_5 {
        scenes.push(Scene { numbers: (901, 999), holds: first_run });
        scenes.push(Scene { numbers: (901, 999), holds: second_run });
        scenes.extend([scene(1001, 1099), scene(1101, 1199)]);
    } else {
        scenes.push(scene(901, 999));
    }
    scenes
}

/// What happened before a recording without being recorded.
pub(crate) fn before(stage: &mut Stage<'_>, next: &Recording) {
    match next.number {
        116 => another_provider(stage, next),
        // 149 sent the redirect URIs again; on 2026.5 a PATCH stores them without a type.
        150 => {
            let uris = provider(stage, "", "")["redirect_uris"].clone();
            stage.patch("/api/v3/providers/oauth2/2/", &json!({ "redirect_uris": uris }));
        }
        318 => {
            let key = next.response.body["key"].as_str().unwrap_or_default();
            let path = "/api/v3/core/tokens/service-account-netbird-password/set_key/";
            stage.post(path, &json!({ "key": key }));
        }
        436 => token_without_api(stage, next),
        601 | 606 => login(stage, next),
        608 => stage.approve(&next.request.body),
        702 => stage.service_account(&json!({ "name": "NetBird" })),
        714 => past_account(stage),
        718 => {
            // The key is in no recorded answer.
            let password = next.request.body["password"].as_str().unwrap_or_default().to_owned();
            stage.pair_key(&password, "service-account-sa-past-password");
        }
        721..=729 | 731..=734 => between_deletes(stage, next),
        804 => {
            let app = json!({ "name": "NetBird", "slug": "netbird", "provider": 1 });
            stage.post("/api/v3/core/applications/", &app);
        }
        807 => {
            // The application is known by the binding's target only.
            let target = next.request.body["target"].as_str().unwrap_or_default().to_owned();
            stage.pair_application(&target, "netbird");
        }
        810 => stage.post("/api/v3/core/groups/ADMINS/add_user/", &json!({ "pk": 5 })),
        816 if stage.release == Release::V2025_10 => default_provider(stage),
        816 => {
            let app = json!({ "name": "d", "slug": "def", "provider": 2 });
            stage.post("/api/v3/core/applications/", &app);
        }
        822 if stage.release == Release::V2025_10 => {
            stage.post("/api/v3/core/applications/", &json!({ "name": "n", "slug": "noprov" }));
        }
        902..=939 if stage.release == Release::V2026_5 => tokens_and_roles(stage, next),
        1005 => {
            stage.patch("/api/v3/core/brands/BRAND/", &json!({ "flow_device_code": "DEVICE" }));
        }
        1103 => {
            let mut body = provider(stage, "NB2", "nb2");
            body["grant_types"] = json!(["authorization_code", "client_credentials"]);
            let body = json!({
                "app": { "name": "NB2", "slug": "nb2" },
                "provider_model": "authentik_providers_oauth2.oauth2provider",
                "provider": body,
            });
            stage.send("PUT", "/api/v3/core/transactional/applications/", &body);
        }
        _ => {}
    }
}

fn provider(stage: &Stage<'_>, name: &str, client_id: &str) -> Value {
    let (authorization, invalidation) = stage.provider_flows();
    json!({
        "name": name,
        "client_id": client_id,
        "client_type": "public",
        "authorization_flow": authorization,
        "invalidation_flow": invalidation,
        "signing_key": stage.signing_key(),
        "property_mappings": stage.mappings(),
        "access_code_validity": "minutes=10",
        "sub_mode": "user_id",
        "redirect_uris": [
            { "matching_mode": "strict", "url": "http://localhost:53000" },
            { "matching_mode": "strict", "url": "https://netbird.company" },
            { "matching_mode": "regex", "url": "https://netbird.company.*" },
        ],
    })
}

/// 113: another spelling of the name, which is another provider.
fn another_provider(stage: &mut Stage<'_>, _next: &Recording) {
    if stage.once("113") {
        let body = provider(stage, "netbird", "netbird-case");
        stage.post("/api/v3/providers/oauth2/", &body);
    }
}

fn default_provider(stage: &mut Stage<'_>) {
    let (authorization, invalidation) = stage.provider_flows();
    let body = json!({
        "name": "def",
        "client_id": "def",
        "client_type": "public",
        "authorization_flow": authorization,
        "invalidation_flow": invalidation,
        "redirect_uris": [{ "matching_mode": "strict", "url": "http://localhost:53000" }],
    });
    stage.post("/api/v3/providers/oauth2/", &body);
}

/// A token of the same account that asked for other scopes.
fn token_without_api(stage: &mut Stage<'_>, next: &Recording) {
    let recorded = next.request.headers["Authorization"].trim_start_matches("Bearer ").to_owned();
    let mut form = stage.sent_by(420);
    form["scope"] = json!("openid");
    let answer = stage.form("/application/o/token/", &form);
    let simulated = answer["access_token"].as_str().unwrap_or_default().to_owned();
    stage.identities.relearn(&recorded, &simulated);
}

/// A person logged in: the code is known by the exchange only.
fn login(stage: &mut Stage<'_>, next: &Recording) {
    let field = |name: &str| next.request.body[name].as_str().unwrap_or_default().to_owned();
    let scopes = if next.number == 601 {
        "openid profile email offline_access"
    } else {
        "openid profile email"
    };
    let client = stage.identities.text(&field("client_id"));
    let (code, uri) = (field("code"), field("redirect_uri"));
    let scopes: Vec<&str> = scopes.split(' ').collect();
    stage.simulator.edit(|state| {
        let login = state.log_in(&client, "akadmin", &scopes, &uri).expect("client and akadmin");
        login.code = code;
        login.login.nonce = Some("n1".to_owned());
    });
}

/// 713: an account whose app password is too old from the start.
fn past_account(stage: &mut Stage<'_>) {
    let yesterday = stage.now() - std::time::Duration::from_secs(24 * 3600);
    let expires = humantime::format_rfc3339_seconds(yesterday).to_string();
    stage.service_account(&json!({ "name": "sa-past", "expires": expires }));
}

/// 725 deleted the application, 731 gave the flow to the brand.
fn between_deletes(stage: &mut Stage<'_>, next: &Recording) {
    if (726..=729).contains(&next.number) && stage.once("725") {
        stage.send("DELETE", "/api/v3/core/applications/netbird/", &Value::Null);
    }
    if next.number >= 732 && stage.once("731") {
        stage.patch("/api/v3/core/brands/BRAND/", &json!({ "flow_device_code": "DEVICE" }));
    }
}

fn tokens_and_roles(stage: &mut Stage<'_>, next: &Recording) {
    if first_run(&next.file) && stage.once("901") {
        stage.service_account(&json!({ "name": "nbro", "create_group": false }));
    }
    match next.number {
        // 906: the change that gives the token away.
        907 if second_run(&next.file) => {
            let path = "/api/v3/core/tokens/service-account-nbro-password/";
            stage.patch(path, &json!({ "description": "x" }));
        }
        // 927: into the child group.
        928 => stage.post("/api/v3/core/groups/CHILD/add_user/", &json!({ "pk": 6 })),
        _ => {}
    }
}
