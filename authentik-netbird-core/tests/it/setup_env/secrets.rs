//! The password is in the files and nowhere else.

use authentik_netbird_core::outputs::parse_setup_env;

use super::{CANARY, account, env, env_without_password, outputs};

#[test]
fn neither_debug_nor_display_shows_the_password() {
    let env = env();
    let text = env.to_setup_env().unwrap();
    let values = parse_setup_env(text.expose()).unwrap();
    let outputs = outputs();
    for shown in [
        env.to_string(),
        format!("{env:?} {env:#?}"),
        format!("{outputs:?} {outputs:#?}"),
        format!("{text:?} {:?} {:?}", env.to_json(), env.to_compose_env()),
        format!("{values:?} {values:#?}"),
    ] {
        assert!(!shown.contains(CANARY), "{shown}");
        assert!(shown.contains("***"), "{shown}");
    }
    assert!(text.expose().contains(CANARY));
}

#[test]
fn display_is_the_file_but_for_the_password() {
    let shown = env().to_string();
    let file = env().to_setup_env().unwrap();
    assert_eq!(shown.replace("'***'", &format!("'{CANARY}'")), file.expose());
    assert!(env_without_password().to_string().contains("# NETBIRD_IDP_MGMT_EXTRA_PASSWORD stays"));
}

#[test]
fn no_error_shows_the_password_be_it_ours_or_an_existing_one() {
    let mut outputs = outputs();
    let bad = format!("{CANARY}{{{{");
    outputs.account = Some(account("NetBird", Some(&bad)));
    let errors = [
        outputs.netbird_env().to_setup_env(),
        outputs.netbird_env().to_json(),
        outputs.netbird_env().to_compose_env(),
        env().merge_into(&format!("readonly NETBIRD_IDP_MGMT_EXTRA_PASSWORD='{CANARY}'\n")),
        env().merge_into(&format!("NETBIRD_IDP_MGMT_EXTRA_PASSWORD='{CANARY}\n")),
        env().merge_into(&format!("NETBIRD_IDP_MGMT_EXTRA_PASSWORD={CANARY}; X=1\nA = {CANARY}\n")),
    ];
    for result in errors {
        let error = result.unwrap_err();
        let shown = format!("{error} {error:?} {error:#?} {}", error.chain());
        assert!(!shown.contains(CANARY), "{shown}");
    }
}
