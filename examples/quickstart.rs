//! The main job in one go, on the built-in simulator: plan, apply, `setup.env`, verify, plan again.
//!
//! `cargo run -p authentik-netbird-examples --example quickstart -- [--show-secrets] [VERSION]`

use std::process::ExitCode;

use authentik_netbird_core::{Client, Error, NetbirdIntegration};
use authentik_netbird_examples as screen;
use authentik_simulator::{Release, Simulator};

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    let show_secrets = std::env::args().any(|argument| argument == "--show-secrets");
    let release = match std::env::args().skip(1).find(|argument| !argument.starts_with('-')) {
        None => Release::default(),
        Some(text) => match text.parse() {
            Ok(release) => release,
            Err(error) => {
                screen::line(error);
                return ExitCode::FAILURE;
            }
        },
    };
    let simulator = match Simulator::builder().release(release).start() {
        Ok(simulator) => simulator,
        Err(error) => {
            screen::line(format!("cannot start the simulator: {error}"));
            return ExitCode::FAILURE;
        }
    };
    match run(&simulator, show_secrets).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => screen::failure(&error),
    }
}

async fn run(simulator: &Simulator, show_secrets: bool) -> Result<(), Error> {
    let integration = NetbirdIntegration::builder(simulator.url(), "netbird.company").build()?;
    let client = Client::builder(integration.authentik_url()).token(simulator.token()).build()?;

    screen::headline("1. Plan: what would be done, and why (nothing is written yet)");
    let plan = client.plan(&integration).await?;
    screen::plan(&plan);

    screen::headline("2. Apply");
    let outcome = client.apply_with(&plan, screen::event).await?;

    screen::headline("3. setup.env for NetBird's configure.sh");
    let Some(outputs) = outcome.outputs() else { return Ok(()) };
    let env = outputs.netbird_env();
    if show_secrets {
        screen::line(env.to_setup_env()?.expose());
    } else {
        screen::line(&env);
        screen::line("(the password is hidden; --show-secrets shows it)");
    }

    screen::headline("4. Verify: ask what NetBird will ask");
    let verification = client.verify(&integration, outputs).await?;
    screen::verification(&verification);
    verification.into_result()?;

    screen::headline("5. Plan again");
    let again = client.plan(&integration).await?;
    if again.has_changes() {
        screen::plan(&again);
    } else {
        screen::good("Nothing to do: authentik is up to date.");
    }
    let writes = simulator.requests().iter().filter(|request| request.is_write()).count();
    screen::line(format!("{writes} writes in all, on a simulated authentik."));
    Ok(())
}
