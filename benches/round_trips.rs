//! Round trips against the simulator with 50 ms of latency, and what else `target/bench.json` has.
//!
//! Figures are of the guide's setup (`as_in_guide`), those that begin with `default_` of the safer defaults, and those
//! that begin with `connector_` of the connector over two servers.
//!
//! A figure in round trips is wall time over latency, so it counts what is waited for one after
//! the other. `sequential_ratio` sends the requests of a first apply again, one after another, in the
//! same run. `repair` is what one changed field of the provider takes.

use std::time::{Duration, Instant};

use authentik_netbird_benches::{add_figures, fresh, integration, say};
use authentik_netbird_core::integration::{ModeKind, UserApproval};
use authentik_netbird_core::plan::plan;
use authentik_netbird_core::{
    AppPasswordExpiry, Client, Error, NetbirdIntegration, NetbirdIntegrationBuilder, Outcome, Plan,
};
use authentik_simulator::netbird::NetbirdSimulator;
use authentik_simulator::{LoggedRequest, Release, Simulator};
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
    let operations: usize = (0..1_000).map(|_| integration.preview().operations.len()).sum();
    let operations_microseconds = microseconds(start.elapsed(), operations / 6);
    let figures = json!({
        "latency_ms": LATENCY.as_millis(),
        "fresh_round_trips": of(|run| run.fresh.round_trips()),
        "fresh_requests": of(|run| run.fresh.requests()),
        "fresh_reads": of(|run| run.fresh.requests() - run.fresh.writes()),
        "fresh_writes": of(|run| run.fresh.writes()),
        "noop_round_trips": of(|run| run.noop.round_trips()),
        "noop_requests": of(|run| run.noop.requests()),
        "noop_writes": of(|run| run.noop.writes()),
        "repair_round_trips": of(|run| run.repair.round_trips()),
        "repair_requests": of(|run| run.repair.requests()),
        "default_round_trips": of(|run| run.default.round_trips()),
        "default_requests": of(|run| run.default.requests()),
        "default_noop_round_trips": of(|run| run.default_noop.round_trips()),
        "default_noop_requests": of(|run| run.default_noop.requests()),
        "connector_round_trips": of(|run| run.connector.round_trips()),
        "connector_requests": of(|run| run.connector.requests()),
        "connector_groups_round_trips": of(|run| run.connector_groups.round_trips()),
        "connector_noop_round_trips": of(|run| run.connector_noop.round_trips()),
        "connector_noop_requests": of(|run| run.connector_noop.requests()),
        "connector_noop_writes": of(|run| run.connector_noop.writes()),
        "verify_round_trips": of(|run| run.verify.round_trips()),
        "verify_requests": of(|run| run.verify.requests()),
        "sequential_ratio": of(|run| ratio(run.sequential, run.fresh.elapsed)),
        "teardown_round_trips": of(|run| run.teardown.round_trips()),
        "teardown_requests": of(|run| run.teardown.requests()),
        "rotate_round_trips": of(|run| run.rotate.round_trips()),
        "rotate_requests": of(|run| run.rotate.requests()),
        "plan_microseconds": median((0..RUNS).map(|_| per_plan(1_000)).collect()),
        "plan_10000_microseconds": per_plan(10_000),
        "operations_microseconds": operations_microseconds,
    });
    add_figures(&figures)?;
    say(&format!("{figures:#}"));
    Ok(())
}

struct Run {
    fresh: Measured,
    noop: Measured,
    repair: Measured,
    default: Measured,
    default_noop: Measured,
    connector: Measured,
    connector_noop: Measured,
    /// With groups, so that there is a mapping to create before the provider.
    connector_groups: Measured,
    verify: Measured,
    rotate: Measured,
    teardown: Measured,
    sequential: Duration,
}

/// How long something took, and what it sent.
struct Measured {
    elapsed: Duration,
    requests: Vec<LoggedRequest>,
}

impl Measured {
    /// The cost of an operation.
    async fn of<T>(
        simulator: &Simulator,
        operation: impl Future<Output = Result<T, Error>>,
    ) -> Result<Self, Error> {
        simulator.clear_requests();
        let start = Instant::now();
        operation.await?;
        Ok(Self { elapsed: start.elapsed(), requests: simulator.requests() })
    }

    /// The same of authentik and NetBird.
    async fn of_both<T>(
        (authentik, netbird): (&Simulator, &NetbirdSimulator),
        operation: impl Future<Output = Result<T, Error>>,
    ) -> Result<Self, Error> {
        netbird.clear_requests();
        let Self { elapsed, mut requests } = Self::of(authentik, operation).await?;
        requests.extend(netbird.requests());
        Ok(Self { elapsed, requests })
    }

    fn round_trips(&self) -> f64 {
        ratio(self.elapsed, LATENCY)
    }

    fn requests(&self) -> f64 {
        count(self.requests.len())
    }

    fn writes(&self) -> f64 {
        count(self.requests.iter().filter(|request| request.is_write()).count())
    }
}

async fn run() -> Result<Run, Box<dyn std::error::Error>> {
    let simulator = Simulator::builder().release(Release::default()).latency(LATENCY).start()?;
    let builder =
        |simulator: &Simulator| NetbirdIntegration::builder(simulator.url(), "netbird.company");
    let integration = builder(&simulator).as_in_guide(true).build()?;
    let client = connect(&simulator)?;
    let fresh = Measured::of(&simulator, apply(&client, client.plan(&integration))).await?;
    let noop = Measured::of(&simulator, apply(&client, client.plan(&integration))).await?;
    simulator.edit(|state| {
        for provider in &mut state.providers {
            "confidential".clone_into(&mut provider.client_type);
        }
    });
    let repair = Measured::of(&simulator, apply(&client, client.plan(&integration))).await?;
    let outputs = client.outputs(&integration).await?;
    let verify = Measured::of(&simulator, async {
        client.verify(&integration, &outputs).await?.into_result()
    });
    let verify = verify.await?;
    let rotation = client.plan_rotate(&integration, AppPasswordExpiry::Keep);
    let rotate = Measured::of(&simulator, apply(&client, rotation)).await?;
    let teardown =
        Measured::of(&simulator, apply(&client, client.plan_teardown(&integration))).await?;
    let sequential = one_by_one(&fresh.requests).await?;

    let safer = Simulator::builder().release(Release::default()).latency(LATENCY).start()?;
    let integration = builder(&safer).build()?;
    let client = connect(&safer)?;
    let default = Measured::of(&safer, apply(&client, client.plan(&integration))).await?;
    let default_noop = Measured::of(&safer, apply(&client, client.plan(&integration))).await?;
    let defaults = |builder: NetbirdIntegrationBuilder| builder;
    let [connector, connector_noop] = Box::pin(connect_netbird(defaults)).await?;
    let groups = |builder: NetbirdIntegrationBuilder| {
        let builder = builder.claim_group("NetBird users").sync_groups(true);
        builder.user_approval(UserApproval::NotRequired)
    };
    let [connector_groups, _] = Box::pin(connect_netbird(groups)).await?;
    Ok(Run {
        fresh,
        noop,
        repair,
        default,
        default_noop,
        connector,
        connector_noop,
        connector_groups,
        verify,
        rotate,
        teardown,
        sequential,
    })
}

/// authentik as a connector of NetBird: a first apply, and the next one.
async fn connect_netbird(
    asking: fn(NetbirdIntegrationBuilder) -> NetbirdIntegrationBuilder,
) -> Result<[Measured; 2], Box<dyn std::error::Error>> {
    let authentik = Simulator::builder().release(Release::default()).latency(LATENCY).start()?;
    let netbird = NetbirdSimulator::builder().latency(LATENCY).start()?;
    let builder = NetbirdIntegration::builder(authentik.url(), "netbird.company");
    let integration = asking(builder.mode(ModeKind::Connector)).build()?;
    let client = Client::builder(authentik.url()).token(authentik.token());
    let client = client.netbird(netbird.url(), netbird.token()).build()?;
    let both = (&authentik, &netbird);
    let measured = || Box::pin(Measured::of_both(both, apply(&client, client.plan(&integration))));
    let connector = measured().await?;
    Ok([connector, measured().await?])
}

/// Plans and applies.
async fn apply(
    client: &Client,
    plan: impl Future<Output = Result<Plan, Error>>,
) -> Result<Outcome, Error> {
    client.apply(&plan.await?).await
}

fn connect(simulator: &Simulator) -> Result<Client, Error> {
    Client::builder(simulator.url()).token(simulator.token()).build()
}

/// Sends requests again, one after another on one warm connection: the same methods and paths, with
/// empty bodies, which take the server as long.
async fn one_by_one(requests: &[LoggedRequest]) -> Result<Duration, Box<dyn std::error::Error>> {
    let simulator = Simulator::builder().release(Release::default()).latency(LATENCY).start()?;
    let http = reqwest::Client::builder().no_proxy().tls_certs_only([]).build()?;
    let start = Instant::now();
    for LoggedRequest { method, path, .. } in requests {
        let mut request = http
            .request(method.parse()?, format!("{}{path}", simulator.url()))
            .bearer_auth(simulator.token());
        if method != "GET" {
            request = request.header("content-type", "application/json").body("{}");
        }
        request.send().await?.bytes().await?;
    }
    Ok(start.elapsed())
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
