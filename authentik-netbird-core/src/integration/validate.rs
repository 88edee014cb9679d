//! The rules for an integration as a whole. Every rule adds its issues; none stops the others.

use std::collections::BTreeSet;

use super::address::{base_url, is_plain_http};
use super::checks::{self, Check};
use super::options::{ApiClientMigration, Common, Connector, ModeKind, ServiceAccount, Standalone};
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
    let NetbirdIntegrationBuilder {
        authentik_url,
        domain,
        mode,
        common,
        standalone,
        connector,
        issues,
    } = builder;
    let mut check = Check { issues };
    let mut url = None;
    if !check.has("authentik_url") {
        match base_url(&authentik_url, common.allow_http) {
            Ok(valid) => {
                if is_plain_http(&valid) && common.public_url.is_none() {
                    check.add(
                        "public_url",
                        "missing, while API calls go over plain http".to_owned(),
                        "Set it to the https address at which NetBird and browsers reach authentik."
                            .to_owned(),
                    );
                }
                url = Some(valid);
            }
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
            of_another_mode(&mut check, &connector.asked, "connector");
            standalone.check(&mut check);
            flows(&mut check, &common, &standalone);
            api_client(&mut check, &standalone);
            Mode::Standalone(standalone)
        }
        ModeKind::Connector => {
            of_another_mode(&mut check, &standalone.asked, "standalone");
            connector.check(&mut check);
            groups(&mut check, &connector);
            Mode::Connector(connector)
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

/// Options that the mode does not have.
fn of_another_mode(check: &mut Check, asked: &BTreeSet<&'static str>, mode: &str) {
    for option in asked {
        let hint = format!("Leave it out, or set `mode` to `{mode}`.");
        check.add(*option, format!("is an option of the mode `{mode}`"), hint);
    }
}

/// Which groups authentik reports to NetBird, and whose members may use it.
fn groups(check: &mut Check, connector: &Connector) {
    let (named, prefix) = (connector.claim_groups(), connector.claim_groups_prefix());
    let ways = [
        ("claim_groups", !named.is_empty()),
        ("claim_groups_prefix", prefix.is_some()),
        ("claim_entitlements", connector.claim_entitlements()),
    ];
    let mut given = ways.iter().filter(|(_, is_given)| *is_given);
    if let (Some((first, _)), Some((second, _))) = (given.next(), given.next()) {
        let message = format!("contradicts `{first}`");
        check.add(*second, message, "Leave out one of them: each says which groups NetBird gets.");
    }
    let allowed = connector.allowed_groups();
    if !allowed.is_empty() && !connector.sync_groups() {
        check.add(
            "allowed_groups",
            "needs `sync_groups`: without it NetBird reads no groups",
            "Set `sync_groups`, too.",
        );
    }
    for (index, group) in allowed.iter().enumerate() {
        if !connector.reports_group(group) {
            let message = format!("NetBird is not told of the group \"{}\"", excerpt(group, 80));
            let hint = "Add it to `claim_groups`, or choose another `claim_groups_prefix`.";
            check.add(format!("allowed_groups[{index}]"), message, hint);
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
    let standalone = match integration.mode() {
        Mode::Standalone(standalone) => standalone,
        // Nothing of it goes into a file of NetBird's.
        Mode::Connector(_) => return Ok(integration),
    };
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
