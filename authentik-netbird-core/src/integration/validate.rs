//! What an integration must fulfil as a whole. Every rule adds its issues; none stops the others.

use super::address::base_url;
use super::checks::{self, Check, MAX_USERNAME};
use super::options::{Common, ModeKind, ServiceAccount, Standalone};
use super::{Mode, NetbirdIntegration, NetbirdIntegrationBuilder};
use crate::issue::{Issue, excerpt};
use crate::outputs::Outputs;

/// Longest name of a role that authentik accepts before 2026.2.
const MAX_ROLE: usize = 150;

pub(super) fn integration(
    builder: NetbirdIntegrationBuilder,
) -> Result<NetbirdIntegration, Vec<Issue>> {
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
            role(&mut check, &standalone);
            Mode::Standalone(standalone)
        }
    };
    match url {
        Some(authentik_url) if check.issues.is_empty() => {
            let domain = domain.to_ascii_lowercase();
            carried(NetbirdIntegration { authentik_url, domain, common, mode })
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

/// The role of least privilege has the account's name in its own.
fn role(check: &mut Check, standalone: &Standalone) {
    let name = standalone.service_account_name();
    let has_role = match standalone.service_account() {
        ServiceAccount::UserReader | ServiceAccount::UserDeleter => true,
        ServiceAccount::Administrator | ServiceAccount::None => false,
    };
    let (max, length) = (MAX_ROLE + name.len() - role_name(name).len(), name.len());
    if has_role && length > max && length <= MAX_USERNAME {
        check.add(
            "service_account_name",
            format!("is too long for its role: expected at most {max} characters, got {length}"),
            "Shorten it, or choose another `service_account`.",
        );
    }
}

/// Asks whether NetBird's files can carry what of it goes into them.
fn carried(integration: NetbirdIntegration) -> Result<NetbirdIntegration, Vec<Issue>> {
    let client_id = integration.client_id().cloned().unwrap_or_else(|| "client-id".into());
    let outputs = Outputs::of(&integration, client_id);
    let Err(error) = outputs.netbird_env().check() else { return Ok(integration) };
    let issue = |issue: &Issue| {
        let field = match issue.field.as_str() {
            "NETBIRD_DOMAIN" => "domain",
            "NETBIRD_AUTH_OIDC_CONFIGURATION_ENDPOINT" => "authentik_url",
            "NETBIRD_AUTH_CLIENT_ID" => "client_id",
            "NETBIRD_IDP_MGMT_EXTRA_USERNAME" => "service_account_name",
            other => other,
        };
        Issue::new(field, &issue.message, &issue.hint)
    };
    Err(error.issues().iter().map(issue).collect())
}

/// Name of an account's role of least privilege, and of the group that gives it.
pub(crate) fn role_name(account: &str) -> String {
    format!("{account} user reader")
}
