//! What the recordings do not cover: faults, latency, the log, seeding, start and stop.

use std::time::{Duration, Instant};

use authentik_simulator::{
    Effect, Fault, FaultAnswer, KeyType, RedirectUri, Release, Simulator, round_trips,
};
use reqwest::{Client, Method, Response};
use serde_json::{Value, json};

use super::support::client;

const GROUPS: &str = "/api/v3/core/groups/";

async fn send(
    simulator: &Simulator,
    client: &Client,
    method: Method,
    path: &str,
    body: Option<Value>,
) -> reqwest::Result<Response> {
    let request = client
        .request(method, format!("{}{path}", simulator.url()))
        .header("authorization", format!("Bearer {}", simulator.token()));
    let request = match body {
        Some(body) => request.header("content-type", "application/json").body(body.to_string()),
        None => request,
    };
    request.send().await
}

async fn get(simulator: &Simulator, path: &str) -> Value {
    let response = send(simulator, &client(), Method::GET, path, None).await.unwrap();
    assert_eq!(response.status(), 200, "{path}");
    serde_json::from_str(&response.text().await.unwrap()).unwrap()
}

async fn create_group(simulator: &Simulator, name: &str) -> reqwest::Result<Response> {
    send(simulator, &client(), Method::POST, GROUPS, Some(json!({ "name": name }))).await
}

fn has_group(simulator: &Simulator, name: &str) -> bool {
    simulator.edit(|state| state.groups.iter().any(|group| group.name == name))
}

#[tokio::test]
async fn a_connection_is_cut_before_or_after_the_commit() {
    let simulator = Simulator::start().unwrap();
    simulator.add_fault(Fault::new(Effect::Cut).on_method("POST").times(1));
    assert!(create_group(&simulator, "before").await.is_err());
    assert!(!has_group(&simulator, "before"));

    simulator.add_fault(Fault::new(Effect::Cut).on_path(GROUPS).after_commit().times(1));
    assert!(create_group(&simulator, "after").await.is_err());
    assert!(has_group(&simulator, "after"));

    assert_eq!(create_group(&simulator, "then").await.unwrap().status(), 201);
    let statuses: Vec<_> = simulator.requests().iter().map(|request| request.status).collect();
    assert_eq!(statuses, [None, None, Some(201)]);
}

#[tokio::test]
async fn connections_are_refused_until_the_fault_is_cleared() {
    let simulator = Simulator::start().unwrap();
    simulator.add_fault(Fault::new(Effect::Refuse));
    assert!(create_group(&simulator, "x").await.is_err());
    assert!(simulator.requests().is_empty());
    simulator.clear_faults();
    assert_eq!(create_group(&simulator, "x").await.unwrap().status(), 201);
}

#[tokio::test]
async fn something_in_front_of_the_server_answers() {
    let simulator = Simulator::start().unwrap();
    let busy = FaultAnswer::empty(429).header("retry-after", "7");
    simulator.add_fault(Fault::new(Effect::Answer(busy)).times(1));
    let page = FaultAnswer::html(502, "<h1>Bad Gateway</h1>");
    simulator.add_fault(Fault::new(Effect::Answer(page)).after_commit().times(1));
    let login = FaultAnswer::empty(302).header("location", "https://sso.example/login");
    simulator.add_fault(Fault::new(Effect::Answer(login)).times(1));

    let busy = create_group(&simulator, "one").await.unwrap();
    assert_eq!(
        (busy.status().as_u16(), &busy.headers()["retry-after"]),
        (429, &"7".parse().unwrap())
    );
    assert!(!has_group(&simulator, "one"));

    let broken = create_group(&simulator, "two").await.unwrap();
    assert_eq!(broken.status(), 502);
    assert!(has_group(&simulator, "two"));
    assert!(broken.text().await.unwrap().contains("Bad Gateway"));

    let away = create_group(&simulator, "three").await.unwrap();
    assert_eq!(away.headers()["location"], "https://sso.example/login");
}

#[tokio::test]
async fn an_answer_breaks_off_in_its_body() {
    let simulator = Simulator::start().unwrap();
    simulator.add_fault(Fault::new(Effect::Truncate).times(1));
    let response = send(&simulator, &client(), Method::GET, GROUPS, None).await.unwrap();
    assert_eq!(response.status(), 200);
    assert!(response.bytes().await.is_err());
}

const DISCOVERY: &str = "/application/o/x/.well-known/openid-configuration";

fn with_application(simulator: &Simulator) {
    simulator.edit(|state| {
        let provider = state.add_provider("x").pk;
        state.add_application("x", "x", Some(provider));
    });
}

#[tokio::test]
async fn a_proxy_rewrites_an_answer() {
    let simulator = Simulator::start().unwrap();
    with_application(&simulator);
    let (text, by) = ("/application/o/x/\"".to_owned(), "/application/o/x\"".to_owned());
    simulator.add_fault(Fault::new(Effect::Replace { text, by }).on_path(DISCOVERY).times(1));
    let document = get(&simulator, DISCOVERY).await;
    assert_eq!(document["issuer"], format!("{}/application/o/x", simulator.url()));
    let document = get(&simulator, DISCOVERY).await;
    assert_eq!(document["issuer"], format!("{}/application/o/x/", simulator.url()));
}

#[tokio::test]
async fn under_a_path_every_url_has_it_and_the_rest_of_the_host_is_not_found() {
    let simulator = Simulator::builder().path("/authentik/").start().unwrap();
    with_application(&simulator);
    let host = simulator.url().strip_suffix("/authentik").unwrap().to_owned();
    let document = get(&simulator, DISCOVERY).await;
    assert_eq!(document["issuer"], format!("{host}/authentik/application/o/x/"));
    assert_eq!(document["token_endpoint"], format!("{host}/authentik/application/o/token/"));
    let page = send(&simulator, &client(), Method::GET, "/device", None).await.unwrap();
    let login = "/authentik/flows/-/default/authentication/?next=/authentik/device";
    assert_eq!(page.headers()["location"], login);
    for path in [DISCOVERY, GROUPS, "/authentikx/device", "/"] {
        let answer = client().get(format!("{host}{path}")).send().await.unwrap();
        assert_eq!(answer.status(), 404, "{path}");
        assert_eq!(answer.text().await.unwrap(), "404 page not found\n", "{path}");
    }
}

#[tokio::test]
async fn behind_tls_the_urls_are_what_the_proxy_says() {
    let simulator = Simulator::start().unwrap();
    with_application(&simulator);
    let request = client().get(format!("{}{DISCOVERY}", simulator.url()));
    let request = request.header("x-forwarded-proto", "https").header("host", "authentik.company");
    let body = request.send().await.unwrap().text().await.unwrap();
    let document: Value = serde_json::from_str(&body).unwrap();
    assert_eq!(document["issuer"], "https://authentik.company/application/o/x/");
}

#[tokio::test]
async fn an_answer_never_comes_but_the_write_is_done() {
    let simulator = Simulator::start().unwrap();
    simulator.add_fault(Fault::new(Effect::Hang).after_commit());
    let done = async {
        while !has_group(&simulator, "x") {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
    };
    tokio::select! {
        answer = create_group(&simulator, "x") => panic!("it came: {answer:?}"),
        () = done => {}
    }

    simulator.clear_faults();
    simulator.add_fault(Fault::new(Effect::Delay(Duration::from_millis(50))));
    let started = Instant::now();
    get(&simulator, GROUPS).await;
    assert!(started.elapsed() >= Duration::from_millis(50));
}

#[tokio::test]
async fn requests_wait_out_the_latency_side_by_side() {
    let latency = Duration::from_secs(1);
    let simulator = Simulator::builder().latency(latency).start().unwrap();
    let client = client();
    let one = || send(&simulator, &client, Method::GET, GROUPS, None);
    let started = Instant::now();
    let (a, b, c) = tokio::join!(one(), one(), one());
    assert!([a, b, c].into_iter().all(|response| response.is_ok()));
    assert!(started.elapsed() >= latency);
    assert_eq!(round_trips(&simulator.requests()), 1);

    simulator.set_latency(Duration::ZERO);
    one().await.unwrap();
    one().await.unwrap();
    let log = simulator.requests();
    assert_eq!(round_trips(&log), 3);
    assert_eq!(log.iter().map(|request| request.sequence).collect::<Vec<_>>(), [0, 1, 2, 3, 4]);
    assert!(log.iter().all(|request| !request.is_write() && request.path == GROUPS));
    simulator.clear_requests();
    assert!(simulator.requests().is_empty());
}

#[tokio::test]
async fn a_dropped_simulator_is_gone() {
    let simulator = Simulator::start().unwrap();
    let url = format!("{}{GROUPS}", simulator.url());
    simulator.add_fault(Fault::new(Effect::Hang));
    let hanging = tokio::spawn(client().get(&url).send());
    while simulator.requests().is_empty() {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    drop(simulator);
    assert!(hanging.await.unwrap().is_err(), "open connections are closed");
    assert!(client().get(&url).send().await.is_err(), "there is nobody to connect to");
}

#[tokio::test]
async fn a_dump_tells_whether_anything_was_written() {
    let simulator = Simulator::start().unwrap();
    let before = simulator.dump();
    get(&simulator, "/api/v3/flows/instances/").await;
    assert_eq!(simulator.dump(), before);
    create_group(&simulator, "x").await.unwrap();
    assert_ne!(simulator.dump(), before);
    // Two fresh ones of a release are alike, but for the time.
    let other = Simulator::start().unwrap();
    assert_eq!(other.dump()["flows"], before["flows"]);
}

#[tokio::test]
async fn secrets_do_not_leak_from_the_debug_output() {
    let simulator = Simulator::builder().token("canary").start().unwrap();
    get(&simulator, GROUPS).await;
    let state = simulator.edit(|state| format!("{state:?}"));
    let seen = format!("{state} {simulator:?} {:?}", simulator.requests());
    assert!(!seen.contains("canary"));
}

/// As 2025.10.4 and 2026.5.0-rc1 answered.
#[tokio::test]
async fn what_uses_a_user_is_listed_as_the_release_does() {
    for (release, expected) in [
        (Release::V2025_10, ["authentik_core group Group readers", "auth group reader"]),
        (Release::V2026_5, ["authentik_core group Group readers"; 2]),
    ] {
        let simulator = Simulator::builder().release(release).start().unwrap();
        let made = async |path: &str, body: Value| {
            let response = send(&simulator, &client(), Method::POST, path, Some(body)).await;
            let text = response.unwrap().text().await.unwrap();
            serde_json::from_str::<Value>(&text).unwrap()
        };
        let role = made("/api/v3/rbac/roles/", json!({"name": "reader"})).await;
        let account = json!({"name": "Reader", "create_group": false, "expiring": false});
        let account = made("/api/v3/core/users/service_account/", account).await;
        let user = &account["user_pk"];
        let group = json!({"name": "readers", "roles": [role["pk"]], "users": [user]});
        made(GROUPS, group).await;

        let listed = get(&simulator, &format!("/api/v3/core/users/{user}/used_by/")).await;
        let text = |one: &Value| {
            ["app", "model_name", "name"].map(|field| one[field].as_str().unwrap().to_owned())
        };
        let listed: Vec<String> =
            listed.as_array().unwrap().iter().map(|one| text(one).join(" ")).collect();
        assert_eq!(listed, expected, "{release}: without the account's token");
    }
}

#[tokio::test]
async fn drift_is_seen_through_the_api() {
    for release in Release::ALL {
        let simulator = Simulator::builder().release(release).start().unwrap();
        simulator.edit(|state| {
            state.add_group("authentik Admins");
            state.add_certificate("elliptic", KeyType::Ec).expiry = long_ago();
            let provider = state.add_provider("NetBird").pk;
            state.add_application("NetBird", "netbird", Some(provider));
        });
        let groups = get(&simulator, "/api/v3/core/groups/?name=authentik%20Admins").await;
        assert_eq!(groups["pagination"]["count"], 2, "{release}");
        let pairs = get(&simulator, "/api/v3/crypto/certificatekeypairs/?name=elliptic").await;
        assert_eq!(pairs["results"][0]["cert_expiry"], "1970-01-01T00:00:00Z");
        let document = "/application/o/netbird/.well-known/openid-configuration";
        let document = get(&simulator, document).await;
        assert_eq!(document["issuer"], format!("{}/application/o/netbird/", simulator.url()));
        assert_eq!(document["id_token_signing_alg_values_supported"], json!(["HS256"]));
        let version = get(&simulator, "/api/v3/admin/version/").await;
        assert_eq!(version["version_current"], release.version());
    }
}

fn long_ago() -> std::time::SystemTime {
    std::time::SystemTime::UNIX_EPOCH
}

#[tokio::test]
async fn the_clock_can_be_wrong() {
    let simulator = Simulator::start().unwrap();
    simulator.edit(|state| {
        let token = state.add_token("short", 3);
        token.expires = Some(long_ago());
        token.expiring = true;
        token.key = "short".into();
    });
    simulator.set_clock_offset(-3600);
    let response = send(&simulator, &client(), Method::GET, GROUPS, None).await.unwrap();
    let date = response.headers()["date"].to_str().unwrap().to_owned();
    let now = simulator.edit(|state| state.now());
    assert!(date.ends_with("GMT"));
    simulator.set_clock_offset(0);
    let later = simulator.edit(|state| state.now());
    assert!(later.duration_since(now).unwrap() >= Duration::from_secs(3500));
    let expired = client().get(format!("{}{GROUPS}", simulator.url())).bearer_auth("short");
    assert_eq!(expired.send().await.unwrap().status(), 403);
}

#[tokio::test]
async fn device_codes_are_limited_to_twenty_an_hour() {
    let simulator = Simulator::start().unwrap();
    let client = client();
    let mut last = 0;
    for _ in 0..21 {
        let request = client
            .post(format!("{}/application/o/device/", simulator.url()))
            .header("content-type", "application/x-www-form-urlencoded")
            .body("client_id=nobody");
        last = request.send().await.unwrap().status().as_u16();
    }
    assert_eq!(last, 429);
}

#[test]
fn a_taken_port_is_an_error_and_releases_have_names() {
    let simulator = Simulator::start().unwrap();
    let port: u16 = simulator.url().rsplit(':').next().unwrap().parse().unwrap();
    assert!(Simulator::builder().port(port).start().is_err());
    assert_eq!("2024.12".parse::<Release>().expect("a release"), Release::V2024_12);
    assert!("2023.1".parse::<Release>().is_err());
}

#[tokio::test]
async fn a_page_of_another_host_reads_answers_if_its_origin_is_a_redirect_uri() {
    for release in Release::ALL {
        let simulator = Simulator::builder().release(release).start().unwrap();
        simulator.edit(|state| {
            let provider = state.add_provider("NetBird");
            provider.redirect_uris = vec![
                RedirectUri::new("strict", "https://netbird.company"),
                RedirectUri::new("regex", r"https://vpn\.company/.*"),
            ];
            let pk = provider.pk;
            state.add_application("NetBird", "netbird", Some(pk));
        });
        let allowed = async |origin: &str, path: &str| {
            let url = format!("{}/application/o/netbird/{path}", simulator.url());
            let response = client().get(url).header("origin", origin).send().await.unwrap();
            assert_eq!(response.status(), 200);
            let header = response.headers().get("access-control-allow-origin");
            header.map(|value| value.to_str().unwrap().to_owned())
        };
        for path in [".well-known/openid-configuration", "jwks/"] {
            let origin = "https://netbird.company";
            assert_eq!(allowed(origin, path).await.as_deref(), Some(origin), "{release}");
            for origin in ["https://vpn.company", "https://evil.com", "null"] {
                assert_eq!(allowed(origin, path).await, None, "{release} {origin}");
            }
        }
    }
}

/// No recorded response is compressed, and none varies by what the client accepts.
#[tokio::test]
async fn nothing_is_compressed() {
    let simulator = Simulator::start().unwrap();
    let request = client().get(format!("{}{GROUPS}", simulator.url()));
    let request = request.bearer_auth(simulator.token()).header("accept-encoding", "gzip");
    let response = request.send().await.unwrap();
    assert!(response.headers().get("content-encoding").is_none());
    assert_eq!(response.headers()["vary"], "Accept-Language, Cookie");
}
