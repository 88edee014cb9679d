//! The service account: password, name, rights, bindings.

use std::time::Duration;

use authentik_netbird_core::Secret;
use authentik_netbird_core::verify::CheckName;
use authentik_simulator::{Release, State};

use crate::support::applied::{Applied, RELEASES, applied, fails, names, passes, warns};

/// What the likely causes are called where they look the same from outside.
const LIKELY: [&str; 6] = [
    "Check in this order",
    "value of an app password",
    "has not expired",
    "case included",
    "is active",
    "bindings allow it",
];

fn account_of(state: &State) -> u64 {
    state.users.iter().find(|user| user.username == "NetBird").unwrap().pk
}

impl Applied {
    fn with_password(mut self, password: &str) -> Self {
        self.outputs.account.as_mut().unwrap().app_password = Some(Secret::from(password));
        self
    }

    fn with_username(mut self, username: &str) -> Self {
        username.clone_into(&mut self.outputs.account.as_mut().unwrap().username);
        self
    }
}

#[tokio::test]
async fn a_wrong_password() {
    for release in RELEASES {
        let applied = applied(release).await.with_password(&"Xy9".repeat(20));
        let verification = applied.verify().await;
        let texts = ["refused NetBird's password. ", "\"service-account-netbird-password\""];
        fails(&verification, CheckName::Token, &texts);
        fails(&applied.verify_setup_env().await, CheckName::Token, &LIKELY);
    }
}

#[tokio::test]
async fn the_login_password() {
    for release in RELEASES {
        let applied = applied(release)
            .await
            .edit(|state| {
                let pk = account_of(state);
                let user = state.users.iter_mut().find(|user| user.pk == pk).unwrap();
                user.password = Some("Account-Passw0rd".into());
            })
            .with_password("Account-Passw0rd");
        let likeness = "like a login password";
        let texts = [likeness, "does not look like an app password", "value of the app password"];
        fails(&applied.verify().await, CheckName::Token, &texts);
        fails(&applied.verify_setup_env().await, CheckName::Token, &[likeness, LIKELY[1]]);
    }
}

#[tokio::test]
async fn an_app_password_that_has_expired() {
    for release in RELEASES {
        let expired = |state: &mut State| {
            let yesterday = state.now() - Duration::from_secs(86_400);
            let token = state.tokens.iter_mut().find(|token| token.intent == "app_password");
            let token = token.unwrap();
            (token.expiring, token.expires) = (true, Some(yesterday));
        };
        let broken = applied(release).await.edit(expired);
        let texts = ["\"service-account-netbird-password\" expired on 20", "new app password"];
        fails(&broken.verify().await, CheckName::AppPassword, &texts);
        let alone = applied(release).await.edit(expired);
        fails(&alone.verify_setup_env().await, CheckName::Token, &LIKELY);
        if release != Release::V2026_5 {
            // NetBird, or we, have used it, and so it is gone.
            let texts = ["no app password", "deletes an expired one", "new app password"];
            fails(&broken.verify().await, CheckName::AppPassword, &texts);
        }
    }
}

#[tokio::test]
async fn an_old_app_password_beside_a_new_one() {
    let applied = applied(Release::V2026_5).await.edit(|state| {
        let yesterday = state.now() - Duration::from_secs(86_400);
        let account = account_of(state);
        let old = state.add_token("old-password", account);
        "app_password".clone_into(&mut old.intent);
        old.key = "Zz8".repeat(20).into();
        (old.expiring, old.expires) = (true, Some(yesterday));
    });
    let applied = applied.with_password(&"Zz8".repeat(20));
    let texts = ["\"old-password\", which has expired", "\"service-account-netbird-password\""];
    fails(&applied.verify().await, CheckName::Token, &texts);
}

#[tokio::test]
async fn an_app_password_that_expires_soon() {
    for release in RELEASES {
        let applied = applied(release).await.edit(|state| {
            let expires = state.now() + Duration::from_secs(29 * 86_400);
            let token = state.tokens.iter_mut().find(|token| token.intent == "app_password");
            let token = token.unwrap();
            (token.expiring, token.expires) = (true, Some(expires));
        });
        let texts = ["expires on 20", "Rotate it with no expiry"];
        warns(&applied.verify().await, CheckName::AppPassword, &texts);
    }
}

#[tokio::test]
async fn an_api_token_in_place_of_an_app_password() {
    for release in RELEASES {
        let applied = applied(release).await.edit(|state| {
            let token = state.tokens.iter_mut().find(|token| token.intent == "app_password");
            "api".clone_into(&mut token.unwrap().intent);
        });
        let texts = ["only tokens for other uses (\"service-account-netbird-password\")"];
        fails(&applied.verify().await, CheckName::AppPassword, &texts);
        fails(&applied.verify_setup_env().await, CheckName::Token, &LIKELY);
    }
}

#[tokio::test]
async fn a_user_name_in_another_case() {
    for release in RELEASES {
        // As in the guide.
        let applied = applied(release).await.with_username("Netbird");
        let texts =
            ["\"Netbird\" does not exist, but \"NetBird\" does", "case-sensitive", "to 'NetBird'"];
        fails(&applied.verify().await, CheckName::ServiceAccount, &texts);
        fails(&applied.verify_setup_env().await, CheckName::Token, &LIKELY);
    }
}

#[tokio::test]
async fn a_user_name_of_nobody() {
    let applied = applied(Release::V2026_5).await.with_username("nobody");
    let texts = [
        "the account \"nobody\" does not exist",
        "Correct its name (NETBIRD_IDP_MGMT_EXTRA_USERNAME",
    ];
    fails(&applied.verify().await, CheckName::ServiceAccount, &texts);
}

#[tokio::test]
async fn a_deactivated_account() {
    for release in RELEASES {
        let applied = applied(release).await.edit(|state| {
            state.users.iter_mut().find(|user| user.username == "NetBird").unwrap().is_active =
                false;
        });
        let texts = ["\"NetBird\" is deactivated", "Activate it"];
        fails(&applied.verify().await, CheckName::ServiceAccount, &texts);
        let alone = applied.verify_setup_env().await;
        if release >= Release::V2025_10 {
            fails(&alone, CheckName::Token, &LIKELY);
        } else {
            // It issues a token, and then does not accept it.
            fails(&alone, CheckName::Users, &["is deactivated", "check the account"]);
        }
    }
}

#[tokio::test]
async fn missing_rights() {
    for release in RELEASES {
        let applied = applied(release).await.edit(|state| {
            let account = account_of(state);
            state.groups.iter_mut().for_each(|group| group.users.retain(|user| *user != account));
        });
        let texts = ["\"NetBird\" may not read users", "view_user"];
        applied.fails(CheckName::Users, &texts).await;
    }
}

fn bind(state: &mut State, group: &str, members: Vec<u64>) {
    let application = state.applications[0].pk.clone();
    let group = state.add_group(group);
    group.users = members;
    let pk = group.pk.clone();
    state.add_policy_binding(&application).group = Some(pk);
}

#[tokio::test]
async fn an_unbound_account() {
    for release in RELEASES {
        let applied = applied(release).await.edit(|state| bind(state, "VPN users", Vec::new()));
        let texts =
            ["\"netbird\" is bound to groups or users", "not one of them", "Bind the account"];
        fails(&applied.verify().await, CheckName::ApplicationAccess, &texts);
        fails(&applied.verify_setup_env().await, CheckName::Token, &LIKELY);
    }
}

/// The account gets in, and nobody else does.
#[tokio::test]
async fn an_application_that_nobody_can_log_in_to() {
    for release in RELEASES {
        let with = |members: fn(&mut State) -> Vec<u64>| async move {
            let applied = applied(release).await.edit(|state| {
                let (mut all, account) = (members(state), account_of(state));
                all.push(account);
                bind(state, "VPN users", all);
            });
            applied.verify().await
        };
        let text = "\"netbird\" is bound to groups that no active person is a direct member of";
        warns(&with(|_| Vec::new()).await, CheckName::ApplicationAccess, &[text, "Add people"]);
        let inactive = |state: &mut State| {
            let jane = state.add_user("jane");
            jane.is_active = false;
            vec![jane.pk]
        };
        warns(&with(inactive).await, CheckName::ApplicationAccess, &[text]);
        passes(&with(|state| vec![state.add_user("jane").pk]).await, &[]);
        let alone = applied(release).await.edit(|state| {
            let (account, target) = (account_of(state), state.applications[0].pk.clone());
            state.add_policy_binding(&target).user = Some(account);
        });
        let text = "bound to NetBird's account alone, so nobody can log in";
        warns(&alone.verify().await, CheckName::ApplicationAccess, &[text]);
    }
}

/// Where all bindings have to allow a user, one more keeps everyone else out.
#[tokio::test]
async fn an_account_that_not_all_bindings_allow() {
    let applied = applied(Release::V2026_5).await.edit(|state| {
        bind(state, "VPN users", Vec::new());
        "all".clone_into(&mut state.applications[0].policy_engine_mode);
    });
    let texts = ["is \"all\"", "Add the account to every group that is bound"];
    fails(&applied.verify().await, CheckName::ApplicationAccess, &texts);
}

#[tokio::test]
async fn an_account_that_a_group_of_its_group_lets_in() {
    for release in RELEASES {
        let applied = applied(release).await.edit(|state| {
            let person = state.add_user("jane").pk;
            bind(state, "VPN users", vec![person]);
            let (account, parent) = (account_of(state), state.groups.last().unwrap().pk.clone());
            let group = state.add_group("machines");
            (group.users, group.parents) = (vec![account], vec![parent]);
        });
        passes(&applied.verify().await, &[]);
        // Nor is a binding blamed for a wrong password then.
        let wrong = applied.with_password(&"Xy9".repeat(20));
        fails(&wrong.verify().await, CheckName::Token, &["refused NetBird's password"]);
    }
}

#[tokio::test]
async fn a_binding_that_is_switched_off_keeps_nobody_out() {
    let applied = applied(Release::V2026_5).await.edit(|state| {
        bind(state, "VPN users", Vec::new());
        state.policy_bindings[0].enabled = false;
    });
    passes(&applied.verify().await, &[]);
}

#[tokio::test]
async fn the_missing_mapping_for_the_api() {
    for release in RELEASES {
        let applied = applied(release).await.edit(|state| {
            let mapping =
                state.scope_mappings.iter().find(|m| m.scope_name == "goauthentik.io/api");
            let pk = mapping.unwrap().pk.clone();
            state.providers[0].property_mappings.retain(|mapping| *mapping != pk);
        });
        let texts = ["no scope mapping for goauthentik.io/api", "authentik API access\""];
        applied.fails(CheckName::Users, &texts).await;
    }
}

#[tokio::test]
async fn what_waits_for_a_cause_says_so() {
    let applied = applied(Release::V2026_5).await.with_username("Netbird");
    let verification = applied.verify().await;
    for name in [CheckName::AppPassword, CheckName::ApplicationAccess, CheckName::Token] {
        assert_eq!(
            verification.get(name).unwrap().message,
            "skipped because of the check \"service_account\""
        );
    }
    assert_eq!(
        verification.get(CheckName::Users).unwrap().message,
        "skipped because of the check \"token\""
    );
    let skipped = names(&verification, authentik_netbird_core::verify::CheckStatus::Skipped);
    assert_eq!(skipped.len(), 4, "{verification}");
}
