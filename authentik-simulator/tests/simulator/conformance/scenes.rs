//! Recordings that share a database, and the requests between them that were not recorded.
//!
//! The servers were reset between scenes, and some requests are missing from the recordings. Where a
//! later one needs what a missing one did, it is done here.

use authentik_simulator::Release;
use serde_json::{Value, json};

use super::recording::Recording;
use super::replay::Stage;

/// First and last number of the recordings that were made on one database. A name is part of the
/// file names, where two scenes use the same numbers.
pub(crate) struct Scene {
    pub(crate) numbers: (u32, u32),
    pub(crate) holds: fn(&str) -> bool,
}

fn any(_: &str) -> bool {
    true
}

/// The token changes were run twice, from the start and with other numbers the second time.
fn first_run(file: &str) -> bool {
    [
        "901-e",
        "902-e",
        "903-e-token",
        "904-e-app",
        "905-e-token",
        "906-e-token-after",
        "907-e-token-patch",
    ]
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

/// What happened before a recording without being recorded. The numbers are those of the missing
/// recordings: where one is there after all, nothing stands in for it.
pub(crate) fn before(stage: &mut Stage<'_>, next: &Recording) {
    match next.number {
        102..=199 => application_scene(stage, next),
        209..=299 if stage.stands_in_for(208) => {
            let body = stage.sent_by(208);
            pair(stage, &body["provider"], &body["app"]);
        }
        318..=399 if stage.stands_in_for(317) => {
            let path = "/api/v3/core/tokens/service-account-netbird-password/set_key/";
            let key = "my-own-deterministic-app-password-000000000000000000000000";
            stage.post(path, &json!({ "key": key }));
        }
        332..=399 if stage.stands_in_for(331) => {
            stage.service_account(&json!({ "name": "sa-grp", "create_group": true }));
        }
        429..=435 if stage.stands_in_for(428) => client_secret_login(stage),
        436 => token_without_api(stage, next),
        441..=599 if stage.stands_in_for(440) => {
            let user = stage.user("NetBird");
            stage.post("/api/v3/core/groups/ADMINS/remove_user/", &json!({ "pk": user }));
        }
        601 | 606 => login(stage, next),
        608 => device_login(stage, next),
        702..=799 => token_scene(stage, next),
        804..=899 => odds_and_ends(stage, next),
        902..=999 if stage.release == Release::V2026_5 => tokens_and_roles(stage, next),
        905..=999 if stage.stands_in_for(904) => {
            stage.post("/api/v3/rbac/roles/", &json!({ "name": "NetBird user reader" }));
        }
        1005..=1099 if stage.stands_in_for(1004) => {
            stage.patch("/api/v3/core/brands/BRAND/", &json!({ "flow_device_code": "DEVICE" }));
        }
        1103..=1199 if stage.stands_in_for(1102) => {
            let first = stage.sent_by(1101);
            pair(stage, &first["provider"], &first["app"]);
            let mut body = provider(stage, "NB2", "nb2");
            body["grant_types"] = json!(["authorization_code", "client_credentials"]);
            pair(stage, &body, &json!({ "name": "NB2", "slug": "nb2" }));
        }
        _ => {}
    }
}

/// A provider with its application, as the transactional endpoint makes them.
fn pair(stage: &mut Stage<'_>, provider: &Value, application: &Value) {
    let provider = stage.send("POST", "/api/v3/providers/oauth2/", provider);
    let mut application = application.clone();
    application["provider"] = provider["pk"].clone();
    stage.post("/api/v3/core/applications/", &application);
}

fn application_scene(stage: &mut Stage<'_>, next: &Recording) {
    // Another spelling of the name, which is another provider.
    if next.number > 113 && stage.stands_in_for(113) {
        let body = provider(stage, "netbird", "netbird-case");
        stage.post("/api/v3/providers/oauth2/", &body);
    }
    // The redirect URIs once more; on 2026.5 a PATCH stores them without a type.
    if next.number > 149 && stage.stands_in_for(149) {
        let uris = provider(stage, "", "")["redirect_uris"].clone();
        stage.patch("/api/v3/providers/oauth2/2/", &json!({ "redirect_uris": uris }));
    }
}

fn token_scene(stage: &mut Stage<'_>, next: &Recording) {
    if stage.stands_in_for(701) {
        stage.service_account(&json!({ "name": "NetBird" }));
    }
    // An account whose app password is too old from the start.
    if next.number > 713 && stage.stands_in_for(713) {
        let yesterday = stage.now() - std::time::Duration::from_secs(24 * 3600);
        let expires = humantime::format_rfc3339_seconds(yesterday).to_string();
        stage.service_account(&json!({ "name": "sa-past", "expires": expires }));
    }
    if next.number == 718 {
        // The key is in no recorded answer.
        let password = next.request.body["password"].as_str().unwrap_or_default().to_owned();
        stage.pair_key(&password, "service-account-sa-past-password");
    }
    if next.number > 720 && stage.stands_in_for(720) {
        stage.send("DELETE", "/api/v3/providers/oauth2/1/", &Value::Null);
    }
    if next.number > 725 && stage.stands_in_for(725) {
        stage.send("DELETE", "/api/v3/core/applications/netbird/", &Value::Null);
    }
    if next.number > 731 && stage.stands_in_for(731) {
        stage.patch("/api/v3/core/brands/BRAND/", &json!({ "flow_device_code": "DEVICE" }));
    }
}

fn odds_and_ends(stage: &mut Stage<'_>, next: &Recording) {
    let application = |name: &str, slug: &str, provider: u64| json!({ "name": name, "slug": slug, "provider": provider });
    if stage.stands_in_for(803) {
        stage.post("/api/v3/core/applications/", &application("NetBird", "netbird", 1));
    }
    if next.number == 807 {
        // The application is known by the binding's target only.
        let target = next.request.body["target"].as_str().unwrap_or_default().to_owned();
        stage.pair_application(&target, "netbird");
    }
    if next.number > 809 && stage.stands_in_for(809) {
        stage.post("/api/v3/core/groups/ADMINS/add_user/", &json!({ "pk": 5 }));
    }
    if next.number > 815 && stage.stands_in_for(815) {
        stage.post("/api/v3/core/applications/", &application("d", "def", 2));
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

/// A token of the same account that asked for other scopes.
fn token_without_api(stage: &mut Stage<'_>, next: &Recording) {
    let recorded = next.request.headers["Authorization"].trim_start_matches("Bearer ").to_owned();
    let mut form = stage.sent_by(420);
    form["scope"] = json!("openid");
    let answer = stage.form("/application/o/token/", &form);
    let simulated = answer["access_token"].as_str().unwrap_or_default().to_owned();
    stage.identities.relearn(&recorded, &simulated);
}

/// The generated user of a client that shows its own secret.
fn client_secret_login(stage: &mut Stage<'_>) {
    let mut form = stage.sent_by(420);
    let client = form["client_id"].as_str().unwrap_or_default().to_owned();
    let secret = stage.simulator.edit(|state| {
        let provider = state.providers.iter().find(|provider| provider.client_id == client);
        provider.map(|provider| provider.client_secret.to_string())
    });
    let fields = form.as_object_mut().unwrap();
    fields.retain(|name, _| name != "username" && name != "password");
    form["client_secret"] = json!(secret);
    stage.form("/application/o/token/", &form);
}

/// A person agrees on the `/device` page.
fn device_login(stage: &mut Stage<'_>, next: &Recording) {
    if stage.stands_in_for(607) {
        let recorded = next.request.body["device_code"].as_str().unwrap_or_default();
        let client = stage.identities.text(next.request.body["client_id"].as_str().unwrap());
        let scope = "openid profile email offline_access";
        let form = json!({ "client_id": client, "scope": scope });
        let answer = stage.form("/application/o/device/", &form);
        stage.identities.relearn(recorded, answer["device_code"].as_str().unwrap_or_default());
    }
    stage.approve(&next.request.body);
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
        if let Some(login) = state.log_in(&client, "akadmin", &scopes, &uri) {
            login.code = code;
            login.login.nonce = Some("n1".to_owned());
        }
    });
}

fn tokens_and_roles(stage: &mut Stage<'_>, next: &Recording) {
    if first_run(&next.file) && stage.stands_in_for(901) {
        stage.service_account(&json!({ "name": "nbro", "create_group": false }));
    }
    // The change that gives the token away.
    if second_run(&next.file) && next.number > 906 && stage.stands_in_for(906) {
        let path = "/api/v3/core/tokens/service-account-nbro-password/";
        stage.patch(path, &json!({ "description": "x" }));
    }
    // Into the child group.
    if next.number == 928 && stage.stands_in_for(927) {
        stage.post("/api/v3/core/groups/CHILD/add_user/", &json!({ "pk": 6 }));
    }
}
