//! A real authentik, from AUTHENTIK_URL and AUTHENTIK_TOKEN. Asks before it writes.
//!
//! `cargo run -p authentik-netbird-examples --example provision -- DOMAIN [SETUP_ENV [INTEGRATION]]`
//!
//! DOMAIN is NetBird's host name. SETUP_ENV is the file to write, `setup.env` by default.
//! INTEGRATION is a JSON file with further fields, such as `{"application_slug": "vpn"}`.

use std::collections::BTreeMap;
use std::io::Write as _;
use std::path::Path;
use std::process::ExitCode;

use authentik_netbird_core::outputs::CONFIGURE_COMMANDS;
use authentik_netbird_core::{Client, Error, NetbirdIntegration, NetbirdIntegrationBuilder};
use authentik_netbird_examples as screen;

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let Some(domain) = arguments.first() else {
        screen::line("usage: provision DOMAIN [SETUP_ENV [INTEGRATION]]");
        screen::line("AUTHENTIK_URL and AUTHENTIK_TOKEN say which authentik.");
        return ExitCode::from(2);
    };
    let setup_env = arguments.get(1).map_or("setup.env", String::as_str);
    let mut fields = match arguments.get(2).map(read_fields) {
        None => BTreeMap::new(),
        Some(Ok(fields)) => fields,
        Some(Err(problem)) => {
            screen::line(problem);
            return ExitCode::FAILURE;
        }
    };
    fields.insert("authentik_url".to_owned(), environment("AUTHENTIK_URL").into());
    fields.insert("domain".to_owned(), domain.as_str().into());
    match run(fields, Path::new(setup_env)).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => screen::failure(&error),
    }
}

async fn run(fields: BTreeMap<String, serde_json::Value>, setup_env: &Path) -> Result<(), Error> {
    let integration: NetbirdIntegration = NetbirdIntegrationBuilder::from_fields(fields).build()?;
    let client = Client::builder(integration.authentik_url())
        .token(environment("AUTHENTIK_TOKEN"))
        .build()?;
    let plan = client.plan(&integration).await?;
    screen::plan(&plan);
    if plan.has_changes() && !confirmed() {
        screen::line("Nothing was written.");
        return Ok(());
    }
    let provisioned = client.provision_plan(plan, setup_env, screen::event).await?;
    if !provisioned.file.is_change() {
        screen::good(format!("{} is unchanged.", setup_env.display()));
        return Ok(());
    }
    screen::good(format!(
        "{} is ready. In NetBird's infrastructure_files, run:",
        setup_env.display()
    ));
    screen::line(CONFIGURE_COMMANDS);
    Ok(())
}

fn read_fields(path: &String) -> Result<BTreeMap<String, serde_json::Value>, String> {
    let text =
        std::fs::read_to_string(path).map_err(|error| format!("cannot read {path}: {error}"))?;
    serde_json::from_str(&text).map_err(|error| format!("{path} is not a JSON object: {error}"))
}

#[expect(clippy::disallowed_methods, reason = "a program's edge may read the environment")]
fn environment(name: &str) -> String {
    std::env::var(name).unwrap_or_default()
}

fn confirmed() -> bool {
    let mut answer = String::new();
    let asked = write!(std::io::stdout(), "\nCarry this out? [y/N] ")
        .and_then(|()| std::io::stdout().flush())
        .and_then(|()| std::io::stdin().read_line(&mut answer));
    asked.is_ok() && matches!(answer.trim().to_ascii_lowercase().as_str(), "y" | "yes")
}
