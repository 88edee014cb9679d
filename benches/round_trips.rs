//! Round trips against the simulator with 50 ms of latency, and what else `target/bench.json` has.
//!
//! A figure in round trips is wall time over latency, so it counts what is waited for one after
//! the other. `sequential_ratio` sends the very requests of a first apply again, one after another,
//! in the same run.

use std::time::{Duration, Instant};

use authentik_netbird_benches::{add_figures, fresh, integration, say};
use authentik_netbird_core::ids::{ProviderId, UserId};
use authentik_netbird_core::integration::ServiceAccount;
use authentik_netbird_core::plan::{Made, MadeBy, plan};
use authentik_netbird_core::request::{Method, Request, observation, write as write_request};
use authentik_netbird_core::{AppPasswordExpiry, Client, DesiredState, Error, NetbirdIntegration};
use authentik_simulator::{Release, Simulator};
use serde_json::json;

const LATENCY: Duration = Duration::from_millis(50);
const RUNS: usize = 7;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    // `cargo test` runs benchmarks to see that they run; it need not wait for their figures.
    if std::env::args().any(|argument| argument == "--test") {
        return Ok(());
    }
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let runs = (0..RUNS).map(|_| runtime.block_on(run())).collect::<Result<Vec<Run>, _>>()?;
    let of = |pick: fn(&Run) -> f64| median(runs.iter().map(pick).collect());
    let per_plan = |count: usize| {
        let inputs: Vec<_> = (0..count).map(fresh).collect();
        let start = Instant::now();
        let planned = inputs.iter().filter(|(wanted, had)| plan(wanted, had).is_ok()).count();
        assert_eq!(planned, count);
        microseconds(start.elapsed(), count)
    };
    let integration = integration(1);
    let start = Instant::now();
    let operations: usize = (0..1_000).map(|_| integration.operations().len()).sum();
    let operations_microseconds = microseconds(start.elapsed(), operations / 6);
    let figures = json!({
        "latency_ms": LATENCY.as_millis(),
        "fresh_round_trips": of(|run| run.fresh_round_trips),
        "fresh_requests": of(|run| run.fresh_requests),
        "fresh_reads": of(|run| run.fresh_requests - run.fresh_writes),
        "fresh_writes": of(|run| run.fresh_writes),
        "noop_round_trips": of(|run| run.noop_round_trips),
        "noop_requests": of(|run| run.noop_requests),
        "noop_writes": of(|run| run.noop_writes),
        "least_privilege_round_trips": of(|run| run.least_privilege_round_trips),
        "verify_round_trips": of(|run| run.verify_round_trips),
        "verify_requests": of(|run| run.verify_requests),
        "sequential_ratio": of(|run| run.sequential_ratio),
        "teardown_round_trips": of(|run| run.teardown_round_trips),
        "rotate_round_trips": of(|run| run.rotate_round_trips),
        "plan_microseconds": median((0..RUNS).map(|_| per_plan(1_000)).collect()),
        "plan_10000_microseconds": per_plan(10_000),
        "operations_microseconds": operations_microseconds,
    });
    add_figures(&figures)?;
    say(&format!("{figures:#}"));
    Ok(())
}

struct Run {
    fresh_round_trips: f64,
    fresh_requests: f64,
    fresh_writes: f64,
    noop_round_trips: f64,
    noop_requests: f64,
    noop_writes: f64,
    least_privilege_round_trips: f64,
    verify_round_trips: f64,
    verify_requests: f64,
    sequential_ratio: f64,
    teardown_round_trips: f64,
    rotate_round_trips: f64,
}

async fn run() -> Result<Run, Box<dyn std::error::Error>> {
    let simulator = Simulator::builder().release(Release::default()).latency(LATENCY).start()?;
    let integration = NetbirdIntegration::builder(simulator.url(), "netbird.company").build()?;
    let client = connect(&simulator)?;
    let (fresh, fresh_requests, fresh_writes) = apply(&simulator, &client, &integration).await?;
    let (noop, noop_requests, noop_writes) = apply(&simulator, &client, &integration).await?;
    let least = Simulator::builder().release(Release::default()).latency(LATENCY).start()?;
    let reader = NetbirdIntegration::builder(least.url(), "netbird.company")
        .service_account(ServiceAccount::UserReader)
        .build()?;
    let (least_privilege, ..) = apply(&least, &connect(&least)?, &reader).await?;
    let outputs = client.outputs(&integration).await?;
    simulator.clear_requests();
    let start = Instant::now();
    client.verify(&integration, &outputs).await?.into_result()?;
    let verify = start.elapsed();
    let verify_requests = simulator.requests().len();
    let start = Instant::now();
    client.rotate(&integration, AppPasswordExpiry::Keep).await?;
    let rotate = start.elapsed();
    let teardown = tear_down(&client, &integration).await?;
    let sequential = Box::pin(sequential()).await?;
    Ok(Run {
        fresh_round_trips: ratio(fresh, LATENCY),
        fresh_requests: count(fresh_requests),
        fresh_writes: count(fresh_writes),
        noop_round_trips: ratio(noop, LATENCY),
        noop_requests: count(noop_requests),
        noop_writes: count(noop_writes),
        least_privilege_round_trips: ratio(least_privilege, LATENCY),
        verify_round_trips: ratio(verify, LATENCY),
        verify_requests: count(verify_requests),
        sequential_ratio: ratio(sequential, fresh),
        teardown_round_trips: ratio(teardown, LATENCY),
        rotate_round_trips: ratio(rotate, LATENCY),
    })
}

fn connect(simulator: &Simulator) -> Result<Client, Error> {
    Client::builder(simulator.url()).token(simulator.token()).build()
}

/// Plans and applies; wall time, requests and writes.
async fn apply(
    simulator: &Simulator,
    client: &Client,
    integration: &NetbirdIntegration,
) -> Result<(Duration, usize, usize), Error> {
    simulator.clear_requests();
    let start = Instant::now();
    let plan = client.plan(integration).await?;
    client.apply(&plan).await?;
    let elapsed = start.elapsed();
    let requests = simulator.requests();
    Ok((elapsed, requests.len(), requests.iter().filter(|request| request.is_write()).count()))
}

/// Plans and carries out the removal of all of it; wall time.
async fn tear_down(client: &Client, integration: &NetbirdIntegration) -> Result<Duration, Error> {
    let start = Instant::now();
    let plan = client.plan_teardown(integration).await?;
    client.apply(&plan).await?;
    Ok(start.elapsed())
}

/// The requests of a first apply, the same values, one after another on one warm connection.
async fn sequential() -> Result<Duration, Box<dyn std::error::Error>> {
    let simulator = Simulator::builder().release(Release::default()).latency(LATENCY).start()?;
    let integration = NetbirdIntegration::builder(simulator.url(), "netbird.company").build()?;
    let plan = connect(&simulator)?.plan(&integration).await?;
    let http = reqwest::Client::builder().no_proxy().tls_certs_only([]).build()?;
    let reads = observation(&DesiredState::from(&integration));
    let mut made = MadeBy::new();
    let start = Instant::now();
    let account = reads
        .account
        .iter()
        .flat_map(|account| [&account.users, &account.tokens, &account.tokens_by_identifier]);
    let alone = [
        &reads.version,
        &reads.flows,
        &reads.certificates,
        &reads.scope_mappings,
        &reads.brands,
        &reads.caller,
        &reads.providers,
        &reads.application,
    ];
    for request in alone.into_iter().chain(&reads.groups).chain(account) {
        send(&http, &simulator, request).await?;
    }
    for operation in plan.changes() {
        let Some(write) = &operation.write else { continue };
        let request = write_request(&write.resolve(&made)?, &operation.resource);
        let answer = send(&http, &simulator, &request).await?;
        let number = |field: &str| answer[field].as_i64().unwrap_or_default();
        let text = |field: &str| answer[field].as_str().unwrap_or_default();
        let one = match operation.id.as_str() {
            "provider" => {
                Made::Provider { id: ProviderId(number("pk")), client_id: text("client_id").into() }
            }
            "service-account" => {
                Made::ServiceAccount { id: UserId(number("user_pk")), password: None }
            }
            "device-flow" => Made::Flow { id: text("pk").into() },
            _ => Made::Nothing,
        };
        made.insert(operation.id.clone(), one);
    }
    Ok(start.elapsed())
}

async fn send(
    http: &reqwest::Client,
    simulator: &Simulator,
    request: &Request,
) -> Result<serde_json::Value, Box<dyn std::error::Error>> {
    let method = match request.method {
        Method::Get => reqwest::Method::GET,
        Method::Post => reqwest::Method::POST,
        Method::Patch => reqwest::Method::PATCH,
        Method::Delete => reqwest::Method::DELETE,
    };
    let mut builder = http
        .request(method, format!("{}/api/v3/{}", simulator.url(), request.path))
        .bearer_auth(simulator.token());
    if let Some(body) = &request.body {
        builder = builder.header("content-type", "application/json").body(body.to_string());
    }
    let body = builder.send().await?.bytes().await?;
    Ok(serde_json::from_slice(&body).unwrap_or_default())
}

fn median(mut figures: Vec<f64>) -> f64 {
    figures.sort_by(f64::total_cmp);
    let middle = figures.get(figures.len() / 2).copied().unwrap_or(f64::NAN);
    (middle * 1_000.0).round() / 1_000.0
}

fn ratio(a: Duration, b: Duration) -> f64 {
    a.as_secs_f64() / b.as_secs_f64()
}

fn microseconds(elapsed: Duration, count: usize) -> f64 {
    let each = elapsed.as_secs_f64() * 1e6 / self::count(count);
    (each * 100.0).round() / 100.0
}

fn count(count: usize) -> f64 {
    // Far below where a double loses whole numbers.
    u32::try_from(count).map_or(f64::NAN, f64::from)
}
