//! Load: two thousand integrations set up by one process on twenty servers with 20 ms of latency, then
//! no-op applies of all of them for some minutes. Fails where memory or open files grow; figures are
//! added to `target/bench.json`.
//!
//! `cargo bench -p authentik-netbird-benches --bench load -- [--minutes MINUTES]`

use std::error::Error;
use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use authentik_netbird_benches::{add_figures, integration_on, say};
use authentik_netbird_core::{Client, NetbirdIntegration};
use authentik_simulator::Simulator;
use futures_util::{TryStreamExt as _, stream};
use serde_json::json;

type Outcome<T> = Result<T, Box<dyn Error>>;

const SERVERS: usize = 20;
const INTEGRATIONS: usize = 2_000;
const AT_ONCE: usize = 64;
const LATENCY: Duration = Duration::from_millis(20);
/// Of the load's memory: what an allocator keeps back differs from run to run.
const NOISE_MB: f64 = 3.0;
/// The files that may be open in the end: idle connections, of which a client keeps 12 at most, and the process's own.
/// One that leaked with each apply would be thousands.
const MOST_FILES: usize = SERVERS * 12 + 32;

fn main() -> Outcome<()> {
    let arguments: Vec<String> = std::env::args().collect();
    let value = |name: &str| arguments.iter().skip_while(|one| *one != name).nth(1);
    if arguments.iter().any(|one| one == "serve") {
        return serve();
    }
    // `cargo test` runs benchmarks to see that they run; it need not wait for their figures.
    if arguments.iter().any(|one| one == "--test") {
        return Ok(());
    }
    if !cfg!(target_os = "linux") {
        say("memory and open files are read from /proc: Linux only");
        return Ok(());
    }
    let minutes: f64 = value("--minutes").map_or(Ok(0.5), |text| text.parse())?;
    let servers = Servers::start()?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let figures = runtime.block_on(run(&servers.urls_and_tokens, minutes))?;
    add_figures(&figures)?;
    say(&format!("{figures:#}"));
    Ok(())
}

async fn run(servers: &[(String, String)], minutes: f64) -> Outcome<serde_json::Value> {
    let clients = servers
        .iter()
        .map(|(url, token)| Client::builder(url).token(token.as_str()).build())
        .collect::<Result<Vec<Client>, _>>()?;
    // The first ones bring what is there for good: connections, buffers, the allocator's pages.
    let start = Instant::now();
    all(&clients, 0..INTEGRATIONS / 10, set_up).await?;
    let warm_memory = memory_mb("VmRSS")?;
    all(&clients, INTEGRATIONS / 10..INTEGRATIONS, set_up).await?;
    let seconds = start.elapsed().as_secs_f64();
    let (memory, files) = (memory_mb("VmRSS")?, open_files()?);
    let peak = memory_mb("VmHWM")?;

    let start = Instant::now();
    let mut rounds = 0_u32;
    let mut first_memory = memory;
    while rounds < 2 || start.elapsed().as_secs_f64() < minutes * 60.0 {
        all(&clients, 0..INTEGRATIONS / 2, nothing_to_do).await?;
        rounds += 1;
        if rounds == 1 {
            first_memory = memory_mb("VmRSS")?;
        }
    }
    let soak = start.elapsed().as_secs_f64();
    let (end_memory, end_files) = (memory_mb("VmRSS")?, open_files()?);
    let growth = end_memory - first_memory;
    let figures = json!({
        "fleet_2000_seconds": rounded(seconds),
        "fleet_2000_rss_mb": rounded(peak),
        "fleet_2000_growth_mb": rounded(memory - warm_memory),
        "fleet_2000_open_files": files,
        "soak_minutes": rounded(soak / 60.0),
        "soak_applies": rounds * u32::try_from(INTEGRATIONS / 2)?,
        "soak_growth_mb": rounded(growth),
        "soak_open_files": end_files,
    });
    if growth > NOISE_MB || end_files > MOST_FILES {
        return Err(format!("something grows: {figures:#}").into());
    }
    Ok(figures)
}

/// Does a job for each number, so many at once, each on the server whose turn it is.
async fn all<F>(
    clients: &[Client],
    numbers: std::ops::Range<usize>,
    job: impl Fn(Client, NetbirdIntegration) -> F,
) -> Outcome<()>
where
    F: Future<Output = Outcome<()>>,
{
    stream::iter(numbers.map(Ok))
        .try_for_each_concurrent(AT_ONCE, |number| {
            let client = clients[number % SERVERS].clone();
            let job = &job;
            async move {
                let integration = integration_on(client.url().as_str(), number)?;
                job(client, integration).await
            }
        })
        .await
}

async fn set_up(client: Client, integration: NetbirdIntegration) -> Outcome<()> {
    let plan = client.plan(&integration).await?;
    client.apply(&plan).await?;
    nothing_to_do(client, integration).await
}

async fn nothing_to_do(client: Client, integration: NetbirdIntegration) -> Outcome<()> {
    let plan = client.plan(&integration).await?;
    if plan.has_changes() {
        return Err(format!("there is left\n{plan}").into());
    }
    client.apply(&plan).await?;
    Ok(())
}

/// Simulators in a process of their own, so that the figures are the client's alone.
struct Servers {
    process: Child,
    urls_and_tokens: Vec<(String, String)>,
}

impl Servers {
    fn start() -> Outcome<Self> {
        let mut command = Command::new(std::env::current_exe()?);
        command.arg("serve").stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut process = command.spawn()?;
        let output = process.stdout.take().ok_or("no output")?;
        let mut urls_and_tokens = Vec::new();
        for line in BufReader::new(output).lines().take(SERVERS) {
            let line = line?;
            let (url, token) = line.split_once(' ').ok_or("no token")?;
            urls_and_tokens.push((url.to_owned(), token.to_owned()));
        }
        Ok(Self { process, urls_and_tokens })
    }
}

impl Drop for Servers {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

fn serve() -> Outcome<()> {
    let mut simulators = Vec::new();
    for _ in 0..SERVERS {
        let simulator = Simulator::builder().latency(LATENCY).start()?;
        say(&format!("{} {}", simulator.url(), simulator.token()));
        simulators.push(simulator);
    }
    loop {
        std::thread::sleep(Duration::from_secs(1));
        simulators.iter().for_each(Simulator::clear_requests);
    }
}

/// A number that Linux says of this process.
fn memory_mb(field: &str) -> Outcome<f64> {
    let status = std::fs::read_to_string("/proc/self/status")?;
    let line = status.lines().find_map(|line| line.strip_prefix(field)?.strip_prefix(':'));
    let kilobytes = line.and_then(|rest| rest.split_whitespace().next()).ok_or("not there")?;
    Ok(f64::from(kilobytes.parse::<u32>()?) / 1024.0)
}

fn open_files() -> Outcome<usize> {
    Ok(std::fs::read_dir("/proc/self/fd")?.count())
}

fn rounded(figure: f64) -> f64 {
    (figure * 100.0).round() / 100.0
}
