//! Blueprints and Terraform's HCL as texts.

use authentik_netbird_core::authentik::Version;
use authentik_netbird_core::integration::ModeKind;
use authentik_netbird_core::outputs::export::{
    SecretSource, ansible_tasks, blueprint, curl_script, terraform,
};
use authentik_netbird_core::{ErrorKind, NetbirdIntegration, NetbirdIntegrationBuilder};
use yaml_rust2::YamlLoader;

const RELEASE: Version = Version::new(2026, 5, 0);

fn builder() -> NetbirdIntegrationBuilder {
    NetbirdIntegration::builder("https://authentik.company", "netbird.company")
}

#[test]
fn a_blueprint_of_the_defaults() {
    let wanted = builder().access_group("VPN: \"all\"").build().unwrap();
    insta::assert_snapshot!(blueprint(&wanted, RELEASE, &SecretSource::Environment).unwrap());
}

#[test]
fn a_blueprint_of_the_connector() {
    let wanted = builder().mode(ModeKind::Connector).build().unwrap();
    let files = SecretSource::Files("/run/secrets/".to_owned());
    insta::assert_snapshot!(blueprint(&wanted, RELEASE, &files).unwrap());
}

#[test]
fn a_blueprint_of_an_older_release_has_what_it_knows() {
    let wanted = builder().as_in_guide(true).build().unwrap();
    let yaml = blueprint(&wanted, Version::new(2025, 10, 0), &SecretSource::Environment).unwrap();
    assert!(!yaml.contains("grant_types") && !yaml.contains("redirect_uri_type"), "{yaml}");
    let group = "!Find [authentik_core.group, [name, \"authentik Admins\"]]";
    assert!(yaml.contains(group) && !yaml.contains("authentik_rbac"), "{yaml}");
}

/// Neither authentik's importer nor Terraform's provider can set it; a password without an expiry is not what was
/// asked for.
#[test]
fn an_expiry_that_a_form_cannot_set_is_refused() {
    let expiring = builder().app_password_expires("2030-01-31T00:00:00Z").build().unwrap();
    for refused in [
        blueprint(&expiring, RELEASE, &SecretSource::Environment),
        terraform(&expiring, RELEASE, None),
    ] {
        let error = refused.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidIntegration);
        assert_eq!(error.issues()[0].field, "app_password_expires", "{error}");
    }
    for text in [curl_script(&expiring.preview()), ansible_tasks(&expiring.preview())] {
        assert!(text.unwrap().contains("2030-01-31T00:00:00Z"));
    }
}

/// YAML ends a line at some characters that JSON does not escape, and refuses others.
#[test]
fn a_blueprint_escapes_what_yaml_would_change() {
    let name = "a \u{2028} b \u{2029} c \u{ffff}☃";
    let wanted = builder().application_name(name).access_group(name).build().unwrap();
    let yaml = blueprint(&wanted, RELEASE, &SecretSource::Environment).unwrap();
    let read = YamlLoader::load_from_str(&yaml).unwrap();
    let entries = read[0]["entries"].as_vec().unwrap();
    assert!(entries.iter().any(|one| one["attrs"]["name"].as_str() == Some(name)), "{yaml}");
    assert!(!yaml.contains(['\u{2028}', '\u{2029}', '\u{ffff}']), "{yaml}");
}

#[test]
fn terraform_of_the_defaults() {
    let wanted = builder().application_name("Net${Bird}").access_group("vpn").build().unwrap();
    insta::assert_snapshot!(terraform(&wanted, RELEASE, None).unwrap());
}

#[test]
fn terraform_of_the_connector() {
    let wanted = builder().mode(ModeKind::Connector).claim_group("\"vpn\"").sync_groups(true);
    let hcl = terraform(&wanted.build().unwrap(), RELEASE, None).unwrap();
    for line in [
        "resource \"netbird_identity_provider\" \"identity_provider\" {",
        "  client_id = authentik_provider_oauth2.provider.client_id",
        "  client_secret = authentik_provider_oauth2.provider.client_secret",
        "  depends_on = [authentik_application.application]",
        "resource \"authentik_property_mapping_provider_scope\" \"groups_claim\" {",
        "    authentik_property_mapping_provider_scope.groups_claim.id,",
        "# Left out: the settings of NetBird's account",
    ] {
        assert!(hcl.contains(line), "{line}\n{hcl}");
    }
}

#[test]
fn what_has_to_be_read_first_is_refused() {
    let plain = builder().mode(ModeKind::Connector).build().unwrap().preview();
    assert!(ansible_tasks(&plain).is_ok());
    // NetBird has got what it needs by the last call; there is no setup.env.
    assert!(!curl_script(&plain).unwrap().contains("setup.env"));
    let settings = builder().mode(ModeKind::Connector).sync_groups(true).build().unwrap();
    for error in [curl_script(&settings.preview()), ansible_tasks(&settings.preview())] {
        let error = error.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidPlan);
        assert!(error.to_string().contains("has to read the server first"), "{error}");
    }
}

/// Ansible takes a task's name for a template, too.
#[test]
fn no_name_of_a_task_is_a_template() {
    let group = "{{{ 1 }}} {% raw %} {#";
    let wanted = builder().access_group(group).build().unwrap();
    let tasks = ansible_tasks(&wanted.preview()).unwrap();
    let is_named = |line: &&str| line.starts_with("- name: ") && line.contains("raw");
    let lines: Vec<&str> = tasks.lines().filter(is_named).collect();
    assert_eq!(lines.len(), 3, "{lines:?}");
    for start in ["{{", "{%", "{#"] {
        assert!(!lines.iter().any(|line| line.contains(start)), "{start}: {lines:?}");
    }
}

/// Each reference of a form names something in it.
#[test]
fn no_reference_is_open() {
    for asked in [
        builder(),
        builder().as_in_guide(true),
        builder().access_group("vpn").create_access_groups(true),
        builder().mode(ModeKind::Connector).claim_group("vpn").sync_groups(true),
    ] {
        let wanted = asked.build().unwrap();
        for release in [Version::new(2025, 10, 0), RELEASE] {
            let hcl = terraform(&wanted, release, None).unwrap();
            assert!(!hcl.contains("has no resource") && !hcl.contains("null /*"), "{hcl}");
            // A permission's name looks like a reference, but it is in quotes.
            let plain = hcl.replace("\"authentik_core.", "");
            let references =
                plain.split(|c: char| !(c.is_ascii_alphanumeric() || "_.".contains(c)));
            for one in references.filter(|one| one.starts_with("authentik_") && one.contains('.')) {
                let parts: Vec<&str> = one.split('.').collect();
                let block = format!("resource \"{}\" \"{}\" {{", parts[0], parts[1]);
                assert!(hcl.contains(&block), "{one}\n{hcl}");
            }
            let yaml = blueprint(&wanted, release, &SecretSource::Environment).unwrap();
            for one in yaml.split("!KeyOf ").skip(1) {
                let id = one.lines().next().unwrap();
                assert!(yaml.contains(&format!("  - id: {id}\n")), "{id}\n{yaml}");
            }
        }
    }
}
