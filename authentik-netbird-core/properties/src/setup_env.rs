//! `setup.env`: whatever is in the file and whatever NetBird is to get.

use authentik_netbird_core::Secret;
use authentik_netbird_core::outputs::{
    AccountOutputs, NetbirdEnv, Outputs, VariableValue, parse_setup_env,
};

use super::{Choices, is_fit_to_show};

/// Outputs of these choices, with all kinds of names and passwords.
fn outputs_of(choices: &mut Choices<'_>) -> Outputs {
    let url =
        choices.pick(&["https://authentik.company", "https://a.b:9443/sso/", "http://[::1]/"]);
    let url = url.parse().expect("a URL");
    let domain = choices.pick(&["netbird.company", "n", "xn--nt-bird-9wa.example"]);
    let client_id = if choices.below(4) == 3 { choices.text(40) } else { "5JXuw0qD".to_owned() };
    let mut outputs = Outputs::new(url, domain, "netbird".into(), client_id.as_str().into());
    outputs.reverse_proxy = choices.below(2) == 1;
    if choices.below(4) > 0 {
        let mut account = AccountOutputs::new(choices.text(30));
        account.app_password =
            (choices.below(4) > 0).then(|| Secret::from(choices.text(60).as_str()));
        outputs.account = Some(account);
    }
    outputs
}

/// Merges what the first bytes choose into the text of the rest. Returns the merged file.
pub fn setup_env(bytes: &[u8]) -> Option<(NetbirdEnv, Secret)> {
    let (chosen, existing) = bytes.split_at(bytes.len().min(24));
    let env = outputs_of(&mut Choices::new(chosen)).netbird_env();
    let existing = String::from_utf8_lossy(existing);
    let before = parse_setup_env(&existing);
    if let Err(error) = &before {
        is_fit_to_show(error);
    }
    let merged = match env.merge_into(&existing) {
        Ok(merged) => merged,
        Err(error) => {
            is_fit_to_show(&error);
            assert!(!error.issues().is_empty(), "{error}");
            assert!(error.issues().iter().all(|issue| !issue.message.is_empty()), "{error}");
            return None;
        }
    };
    // Before it there may be lines that are not read, such as an `if`.
    if let (Ok(before), Ok(after)) = (before, parse_setup_env(merged.expose())) {
        for variable in env.variables() {
            let Some(wanted) = text(&variable.value) else { continue };
            let value = after[variable.name].as_ref().map(Secret::expose);
            assert_eq!(value, Some(wanted.as_str()), "{}", variable.name);
        }
        // What is not ours is as it was, but where it uses ours.
        let names = before.iter().filter(|(name, _)| !name.starts_with("NETBIRD_"));
        for (name, value) in names.filter(|_| !existing.contains('$')) {
            assert_eq!(after.get(name), Some(value), "{name}");
        }
    }
    let again = env.merge_into(merged.expose()).expect("merging again");
    assert_eq!(again, merged, "merging again changes nothing");
    Some((env, merged))
}

fn text(value: &VariableValue) -> Option<String> {
    match value {
        VariableValue::Text(text) => Some(text.clone()),
        VariableValue::Boolean(value) => Some(value.to_string()),
        VariableValue::Number(value) => Some(value.to_string()),
        VariableValue::Secret(secret) => Some(secret.expose().to_owned()),
        _ => None,
    }
}
