//! authentik as a connector of NetBird's embedded identity provider, on two simulated servers: plan, apply, a login
//! all the way through both, verify, plan again.
//!
//! `cargo run -p authentik-netbird-examples --example connector`

use std::process::ExitCode;

use authentik_netbird_core::integration::{ModeKind, UserApproval};
use authentik_netbird_core::{Client, Error, NetbirdIntegration};
use authentik_netbird_examples as screen;
use authentik_simulator::Simulator;
use authentik_simulator::netbird::{LoginError, NetbirdSimulator, User};

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    let servers = Simulator::start().and_then(|one| Ok((one, NetbirdSimulator::start()?)));
    let (authentik, netbird) = match servers {
        Ok(servers) => servers,
        Err(error) => {
            screen::line(format!("cannot start the simulators: {error}"));
            return ExitCode::FAILURE;
        }
    };
    authentik.edit(|state| {
        let alice = state.add_user("alice");
        "Alice Doe".clone_into(&mut alice.name);
        "alice@netbird.company".clone_into(&mut alice.email);
        let alice = alice.pk;
        for group in ["netbird users", "accounting"] {
            state.add_group(group).users.push(alice);
        }
    });
    match run(&authentik, &netbird).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => screen::failure(&error),
    }
}

async fn run(authentik: &Simulator, netbird: &NetbirdSimulator) -> Result<(), Error> {
    let integration = NetbirdIntegration::builder(authentik.url(), "netbird.company")
        .mode(ModeKind::Connector)
        .claim_groups_prefix("netbird")
        .sync_groups(true)
        .user_approval(UserApproval::NotRequired)
        .build()?;
    let client = Client::builder(integration.authentik_url())
        .token(authentik.token())
        .netbird(netbird.url(), netbird.token())
        .build()?;

    screen::headline("1. Plan: what would be done on both servers (nothing is written yet)");
    let plan = client.plan(&integration).await?;
    screen::plan(&plan);

    screen::headline("2. Apply");
    let outcome = client.apply_with(&plan, screen::event).await?;

    screen::headline("3. Log in: from NetBird to authentik and back");
    match log_in(authentik, netbird) {
        Ok((user, groups)) => {
            screen::good(format!("{} is logged in, {}", user.name, user.email));
            screen::line(format!("groups in NetBird: {}", groups.join(", ")));
        }
        Err(error) => screen::line(error),
    }

    screen::headline("4. Verify: both servers, as NetBird uses them");
    if let Some(outputs) = outcome.outputs() {
        let verification = client.verify(&integration, outputs).await?;
        screen::verification(&verification);
        verification.into_result()?;
    }

    screen::headline("5. Plan again");
    let again = client.plan(&integration).await?;
    if again.has_changes() {
        screen::plan(&again);
    } else {
        screen::good("Nothing to do: both servers are up to date.");
    }
    Ok(())
}

/// Alice, as NetBird knows her, and the names of her groups there.
fn log_in(
    authentik: &Simulator,
    netbird: &NetbirdSimulator,
) -> Result<(User, Vec<String>), LoginError> {
    let connector = netbird.edit(|state| state.connectors.first().map(|one| one.id.clone()));
    let token = netbird.log_in(authentik, &connector.unwrap_or_default(), "alice")?;
    let user = netbird.current_user(&token)?;
    let groups = netbird.edit(|state| {
        let of = state.groups.iter().filter(|group| user.auto_groups.contains(&group.id));
        of.map(|group| group.name.clone()).collect()
    });
    Ok((user, groups))
}
