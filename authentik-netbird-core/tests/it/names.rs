//! Names with every kind of character: refused by `build()` with field and reason, or carried through
//! the whole story: apply, `setup.env`, bash, verify, teardown.

use std::collections::BTreeSet;

use authentik_netbird_core::integration::ServiceAccount;
use authentik_netbird_core::outputs::VariableValue;
use authentik_netbird_core::{Error, NetbirdIntegration, NetbirdIntegrationBuilder};
use authentik_simulator::Release;
use serde_json::Value;

use crate::support::is_soak;
use crate::support::running::{Running, comparable, start};
use crate::support::sourced::sourced;

/// What people, and worse, call things.
#[expect(clippy::too_many_lines, reason = "a list")]
fn names() -> Vec<String> {
    let mut names: Vec<String> = [
        "",
        " ",
        "Net Bird",
        " NetBird",
        "NetBird ",
        "Net  Bird",
        "netbird",
        "NETBIRD",
        "0",
        "null",
        "true",
        "-n",
        "--help",
        ".",
        "..",
        "../../etc/passwd",
        "a/b",
        "a\\b",
        "a\\",
        "C:\\NetBird",
        "it's",
        "''",
        "\"quoted\"",
        "\"",
        "$HOME",
        "${HOME}",
        "$(id)",
        "`id`",
        "a`",
        "{{ .Env }}",
        "{{",
        "}}",
        "{%if%}",
        "%s%n",
        "%00",
        "%2F",
        "a&b=c",
        "a?b#c",
        "a+b",
        "a=b",
        "a;b",
        "a|b",
        "a<b>c",
        "<script>alert(1)</script>",
        "!history",
        "#comment",
        "~",
        "~root",
        "*",
        "[a]",
        "{a,b}",
        "a:b",
        "a: b",
        "a:",
        "a,b",
        "a@b",
        "Jürgen",
        "Straße",
        "naïve",
        "Ж",
        "漢字",
        "שלום",
        "العربية",
        "\u{202e}drib-ten",
        "\u{200f}rtl",
        "\u{200b}zero",
        "a\u{ad}b",
        "\u{feff}bom",
        "😀",
        "👩‍👩‍👧‍👦",
        "e\u{301}",
        "é",
        "ﬁ",
        "İ",
        "ß",
        "\u{fffd}",
        "\u{10ffff}",
        "a\nb",
        "\n",
        "a\r\nb",
        "a\rb",
        "a\tb",
        "a\0b",
        "\0",
        "\u{1b}[31mred",
        "\u{7f}",
        "\u{85}",
        "\u{a0}",
        "\u{2028}",
        "authentik Admins",
        "akadmin",
        "' OR 1=1 --",
        "Robert'); DROP TABLE users;--",
    ]
    .map(str::to_owned)
    .to_vec();
    for length in [49, 50, 51, 79, 80, 81, 127, 128, 129, 150, 151, 254, 255, 256, 1_000] {
        names.push("x".repeat(length));
        names.push("ü".repeat(length));
    }
    names
}

type Field = (&'static str, fn(NetbirdIntegrationBuilder, &str) -> NetbirdIntegrationBuilder);

const FIELDS: [Field; 9] = [
    ("application_name", |builder, name| builder.application_name(name)),
    ("application_slug", |builder, name| builder.application_slug(name)),
    ("application_group", |builder, name| builder.application_group(name)),
    ("provider_name", |builder, name| builder.provider_name(name)),
    ("client_id", |builder, name| builder.client_id(name)),
    ("service_account_name", |builder, name| builder.service_account_name(name)),
    ("access_groups", |builder, name| builder.access_group(name).create_access_groups(true)),
    ("device_flow_title", |builder, name| builder.device_flow_title(name)),
    ("device_flow_name", |builder, name| builder.device_flow_name(name)),
];

/// Carries an integration through; returns where it was refused, if it was.
async fn live(running: &Running, wanted: &NetbirdIntegration) -> Result<(), Error> {
    let client = &running.client;
    let before = comparable(&running.simulator);
    let plan = client.plan(wanted).await?;
    let text = plan.to_string();
    assert!(!text.contains(|c: char| c.is_control() && c != '\n'), "{text:?}");
    let outcome = client.apply(&plan).await?;
    let again = client.plan(wanted).await?;
    assert!(!again.has_changes(), "there is left {again}");

    let env = outcome.outputs().unwrap().netbird_env();
    let file = env.to_setup_env()?;
    let names: Vec<&str> = env.variables().iter().map(|variable| variable.name).collect();
    let values = sourced(file.expose(), &names).unwrap_or_else(|error| panic!("{error}"));
    for (variable, value) in env.variables().iter().zip(values) {
        let wanted = match &variable.value {
            VariableValue::Text(text) => text.clone(),
            VariableValue::Secret(secret) => secret.expose().to_owned(),
            VariableValue::Boolean(value) => value.to_string(),
            VariableValue::Number(value) => value.to_string(),
            other => panic!("{other:?}"),
        };
        assert_eq!(value, Some(wanted), "{}", variable.name);
    }
    let report = client.verify(wanted, outcome.outputs().unwrap()).await?;
    report.into_result()?;

    client.apply(&client.plan_teardown(wanted).await?).await?;
    let mut after = comparable(&running.simulator);
    // Access groups are kept, since people are in them.
    let groups = after["groups"].as_array_mut().unwrap();
    groups.retain(|group| before["groups"].as_array().unwrap().contains(group));
    assert_eq!(after["groups"], before["groups"]);
    for list in ["applications", "providers", "users", "tokens", "flows", "brands", "roles"] {
        assert_eq!(after[list], before[list], "{list}");
    }
    Ok(())
}

#[tokio::test]
async fn every_name_is_refused_with_field_and_reason_or_carried_through() {
    let (mut refused, mut carried, mut taken) = (0, 0, 0);
    for (number, (field, set)) in FIELDS.into_iter().enumerate() {
        let names = names();
        for (turn, name) in names.iter().enumerate() {
            let release = Release::ALL[turn % Release::ALL.len()];
            let builder = |url: &str| {
                let rights = [ServiceAccount::Administrator, ServiceAccount::UserReader]
                    [(turn + number) % 2];
                set(
                    crate::support::as_in_guide(url, "netbird.company").service_account(rights),
                    name,
                )
            };
            if let Err(error) = builder("https://authentik.company").build() {
                let issue = error.issues().iter().find(|issue| issue.field.starts_with(field));
                let issue = issue.unwrap_or_else(|| panic!("{field} {name:?}: {error}"));
                assert!(!issue.message.is_empty() && !issue.hint.is_empty(), "{error}");
                let text = error.chain();
                assert!(!text.contains(|c: char| c.is_control() && c != '\n'), "{text:?}");
                assert!(text.len() < 2_000, "{text:.300}");
                refused += 1;
                continue;
            }
            // Where a name is only shown, one in three goes all the way.
            if !is_soak() && field != "service_account_name" && (turn + number) % 3 != 0 {
                continue;
            }
            let running = start(release);
            let wanted = builder(running.simulator.url()).build().unwrap();
            match live(&running, &wanted).await {
                Ok(()) => carried += 1,
                // What is there already under that name.
                Err(error) => {
                    let text = error.chain();
                    let there = ["authentik Admins", "akadmin"].contains(&name.as_str());
                    assert!(there, "{field} {name:?}: {text}");
                    assert_eq!(running.writes(), 0, "{field} {name:?}: {text}");
                    taken += 1;
                }
            }
        }
    }
    println!("names_refused: {refused}");
    println!("names_carried: {carried}");
    println!("names_taken: {taken}");
    assert!(refused > 200 && carried > 100, "{refused} {carried} {taken}");
}

/// Names that authentik keeps apart, although they look alike.
#[tokio::test]
async fn names_that_look_alike_are_not_taken_for_each_other() {
    let pairs = [("é", "e\u{301}"), ("NetBird", "netbird"), ("ﬁ", "fi"), ("İ", "i\u{307}")];
    for (ours, theirs) in pairs {
        let running = start(Release::V2026_5);
        let url = running.simulator.url();
        let builder = |name: &str, slug: &str| {
            let builder = crate::support::as_in_guide(url, "other.company").provider_name(name);
            let builder = builder.application_name(name).application_slug(slug);
            builder.service_account_name(format!("account {slug}")).build().unwrap()
        };
        let (first, second) = (builder(theirs, "theirs"), builder(ours, "ours"));
        for wanted in [&first, &second] {
            let plan = running.client.plan(wanted).await.unwrap();
            running.client.apply(&plan).await.unwrap();
        }
        let dump = running.simulator.dump();
        let names = |list: &str| -> BTreeSet<String> {
            let entries = dump[list].as_array().unwrap().iter();
            entries.filter_map(|one| one["name"].as_str().map(str::to_owned)).collect()
        };
        for list in ["providers", "applications"] {
            assert!(names(list).contains(ours) && names(list).contains(theirs), "{list} {ours}");
        }
        assert_ne!(dump, Value::Null);
    }
}
