//! What an integration must fulfil as a whole. Every rule adds its issues; none stops the others.

use super::address::base_url;
use super::checks::{self, Check};
use super::options::{ApiClientMigration, Common, ModeKind, ServiceAccount, Standalone};
use super::{Mode, NetbirdIntegration, NetbirdIntegrationBuilder};
use crate::error::{Error, Result};
use crate::ids::ClientId;
use crate::issue::{Issue, excerpt};
use crate::text::{Context, refusal};

impl NetbirdIntegrationBuilder {
    /// Checks everything.
    ///
    /// # Errors
    /// [`Error::InvalidIntegration`] with every problem at once, each with its field.
    pub fn build(self) -> Result<NetbirdIntegration> {
        integration(self).map_err(Error::invalid_integration)
    }
}

fn integration(builder: NetbirdIntegrationBuilder) -> Result<NetbirdIntegration, Vec<Issue>> {
    let NetbirdIntegrationBuilder { authentik_url, domain, mode, common, standalone, issues } =
        builder;
    let mut check = Check { issues };
    let mut url = None;
    if !check.has("authentik_url") {
        match base_url(&authentik_url) {
            Ok(valid) => url = Some(valid),
            Err((message, hint)) => check.add("authentik_url", message, hint),
        }
    }
    if !check.has("domain") {
        check.option("domain", &domain, checks::domain);
    }
    common.check(&mut check);
    access_groups(&mut check, &common);
    let mode = match mode {
        ModeKind::Standalone => {
            standalone.check(&mut check);
            flows(&mut check, &common, &standalone);
            api_client(&mut check, &standalone);
            Mode::Standalone(standalone)
        }
    };
    match url {
        Some(authentik_url) if check.issues.is_empty() => {
            let domain = domain.to_ascii_lowercase();
            check_env_values(NetbirdIntegration { authentik_url, domain, common, mode })
        }
        _ => Err(check.issues),
    }
}

fn access_groups(check: &mut Check, common: &Common) {
    let groups = &common.access_groups;
    for (index, name) in groups.iter().enumerate() {
        let before = groups[..index].iter().filter(|earlier| *earlier == name);
        // Once, however often it is named.
        if before.count() == 1 && !name.trim().is_empty() {
            let message = format!("\"{}\" is listed more than once", excerpt(name, 80));
            check.add(format!("access_groups[{index}]"), message, "List each group once.");
        }
    }
}

fn flows(check: &mut Check, common: &Common, standalone: &Standalone) {
    for (option, flow) in [
        ("authorization_flow", &common.authorization_flow),
        ("invalidation_flow", &common.invalidation_flow),
    ] {
        if flow == standalone.device_flow() {
            let message = format!("must not be the same flow as `{option}`");
            check.add("device_flow", message, "Use a separate flow, or leave it out.");
        }
    }
}

/// One asks for a separate client, the other for none.
fn api_client(check: &mut Check, standalone: &Standalone) {
    if standalone.as_in_guide() && standalone.migrate_api_client() != ApiClientMigration::None {
        check.add(
            "migrate_api_client",
            "contradicts `as_in_guide`, which keeps one client for both",
            "Leave out one of them.",
        );
    }
}

/// Checks that NetBird's files can hold what of it goes into them.
fn check_env_values(integration: NetbirdIntegration) -> Result<NetbirdIntegration, Vec<Issue>> {
    let Mode::Standalone(standalone) = integration.mode();
    let account =
        (standalone.rights() != ServiceAccount::None).then(|| standalone.service_account_name());
    let values = [
        ("public_url", Context::Template, integration.public_url()),
        ("domain", Context::Host, Some(integration.domain())),
        ("authentik_url", Context::Template, Some(integration.authentik_url().as_str())),
        ("client_id", Context::Template, integration.client_id().map(ClientId::as_str)),
        ("service_account_name", Context::Jq, account),
    ];
    let issue = |(field, context, value): (&str, Context, Option<&str>)| {
        let value = value?;
        let (problem, hint) = refusal(context, value)?;
        Some(Issue::new(field, format!("{problem} in {:?}", excerpt(value, 60)), hint))
    };
    let issues: Vec<Issue> = values.into_iter().filter_map(issue).collect();
    if issues.is_empty() { Ok(integration) } else { Err(issues) }
}

/// Slug of the application of NetBird's management API.
pub(crate) fn api_application_slug(application: &str) -> String {
    const SUFFIX: &str = "-api";
    let stem: String = application.chars().take(checks::MAX_SLUG - SUFFIX.len()).collect();
    stem + SUFFIX
}

/// Name of an account's role of least privilege, and of the group that gives it.
pub(crate) fn role_name(account: &str) -> String {
    format!("{account} user reader")
}
