//! The provider: keys, scopes, grant types, redirect URIs, client.

use authentik_netbird_core::Client;
use authentik_netbird_core::integration::RedirectUris;
use authentik_netbird_core::verify::{CheckName, CheckStatus};
use authentik_simulator::{KeyType, RedirectUri, Release, ScopeMapping};

use crate::support::applied::{Applied, RELEASES, applied, apply, fails, names, warns};

#[tokio::test]
async fn no_signing_key() {
    for release in RELEASES {
        let applied = applied(release).await.provider(|provider| provider.signing_key = None);
        let texts = ["no signing key", "key set is empty", "Choose an RSA certificate"];
        applied.fails(CheckName::SigningKey, &texts).await;
    }
}

#[tokio::test]
async fn a_signing_key_without_its_private_half() {
    let applied = applied(Release::V2026_5).await.edit(|state| {
        state.certificates.iter_mut().for_each(|pair| pair.has_key = false);
    });
    let texts = ["signing key has no private key", "Choose an RSA certificate"];
    fails(&applied.verify().await, CheckName::SigningKey, &texts);
}

#[tokio::test]
async fn an_ec_signing_key() {
    for release in RELEASES {
        let applied = applied(release).await.edit(|state| {
            let key = state.add_certificate("elliptic", KeyType::Ec).pk.clone();
            state.providers[0].signing_key = Some(key);
        });
        let texts = ["a key of type EC", "reads only RSA", "Choose an RSA certificate"];
        applied.fails(CheckName::SigningKey, &texts).await;
    }
}

#[tokio::test]
async fn an_encryption_key() {
    for release in RELEASES {
        let applied = applied(release).await.edit(|state| {
            state.providers[0].encryption_key = Some(state.certificates[0].pk.clone());
        });
        let texts = ["encrypt", "cannot read", "Remove the provider's Encryption Key"];
        applied.fails(CheckName::Encryption, &texts).await;
    }
}

/// The token request fails, so no response shows that the scope is missing, too.
#[tokio::test]
async fn no_api_scope_and_no_grant_types() {
    let applied = applied(Release::V2026_5).await.edit(|state| {
        let mapping = state.scope_mappings.iter().find(|one| one.scope_name.ends_with("/api"));
        let pk = mapping.unwrap().pk.clone();
        state.providers[0].property_mappings.retain(|mapping| *mapping != pk);
        state.providers[0].grant_types.clear();
    });
    let verification = applied.verify().await;
    let failed = names(&verification, CheckStatus::Fail);
    assert_eq!(failed, [CheckName::GrantTypes, CheckName::Users], "{verification}");
    assert!(verification.to_string().contains("so NetBird cannot read users"), "{verification}");
}

#[tokio::test]
async fn a_missing_scope_mapping() {
    for release in RELEASES {
        for (scope, effect) in
            [("offline_access", "logged out again"), ("email", "less about people")]
        {
            let applied = applied(release).await.edit(|state| {
                let mapping = state.scope_mappings.iter().find(|m| m.scope_name == scope);
                let pk = mapping.unwrap().pk.clone();
                state.providers[0].property_mappings.retain(|mapping| *mapping != pk);
            });
            let hint = format!("Add \"authentik default OAuth Mapping: OpenID '{scope}'\"");
            applied.fails(CheckName::Scopes, &[scope, effect, &hint]).await;
        }
    }
}

#[tokio::test]
async fn all_missing_scope_mappings_are_named() {
    let applied = applied(Release::V2026_5).await.edit(|state| {
        let is_other =
            |one: &&ScopeMapping| !["profile", "email"].contains(&one.scope_name.as_str());
        let others = state.scope_mappings.iter().filter(is_other);
        let others: Vec<String> = others.map(|one| one.pk.clone()).collect();
        state.providers[0].property_mappings.retain(|pk| others.contains(pk));
    });
    let texts =
        ["no scope mapping for profile, email", "OpenID 'profile'\", \"", "OpenID 'email'\" to"];
    applied.fails(CheckName::Scopes, &texts).await;
}

#[tokio::test]
async fn claims_that_are_not_in_tokens() {
    let applied = applied(Release::V2026_5).await;
    let applied = applied.provider(|provider| provider.include_claims_in_id_token = false);
    warns(&applied.verify().await, CheckName::Scopes, &["Include claims in id_token"]);
}

#[tokio::test]
async fn tokens_that_live_for_too_long() {
    let applied = applied(Release::V2026_5).await.provider(|provider| {
        "days=365".clone_into(&mut provider.access_token_validity);
    });
    let texts = ["access tokens are valid for days=365", "Shorten it"];
    warns(&applied.verify().await, CheckName::Client, &texts);
}

#[tokio::test]
async fn no_grant_types() {
    let applied = applied(Release::V2026_5).await;
    let applied = applied.provider(|provider| provider.grant_types.clear());
    let texts = ["grant type", "Allow authorization_code, refresh_token, device_code"];
    applied.fails(CheckName::GrantTypes, &texts).await;
    let verification = applied.verify().await;
    let waiting: Vec<&str> =
        verification.with(CheckStatus::Skipped).map(|check| check.message.as_str()).collect();
    let waits = "skipped because of the check \"grant_types\"";
    assert_eq!(
        waiting,
        [waits, waits, waits, "skipped because of the check \"token\""],
        "{verification}"
    );
}

#[tokio::test]
async fn one_grant_type_too_few() {
    for kind in ["authorization_code", "refresh_token", "client_credentials"] {
        let applied = applied(Release::V2026_5).await;
        let applied = applied.provider(|provider| provider.grant_types.retain(|has| has != kind));
        fails(&applied.verify().await, CheckName::GrantTypes, &[kind]);
    }
    let device = "urn:ietf:params:oauth:grant-type:device_code";
    let applied = applied(Release::V2026_5).await;
    let applied = applied.provider(|provider| provider.grant_types.retain(|has| has != device));
    applied.fails(CheckName::GrantTypes, &["device_code"]).await;
}

#[tokio::test]
async fn an_older_release_has_no_grant_types() {
    for release in RELEASES.into_iter().filter(|release| *release < Release::V2026_5) {
        let applied = applied(release).await;
        let applied = applied.provider(|provider| provider.grant_types.clear());
        assert!(applied.verify().await.is_success());
    }
}

#[tokio::test]
async fn another_subject_mode() {
    for release in RELEASES {
        for mode in ["hashed_user_id", "user_username", "user_uuid"] {
            let applied = applied(release).await;
            let applied = applied.provider(|provider| mode.clone_into(&mut provider.sub_mode));
            applied.fails(CheckName::SubjectMode, &["Based on the User's ID"]).await;
        }
    }
}

#[tokio::test]
async fn an_empty_list_of_redirect_uris() {
    for release in RELEASES {
        let applied = applied(release).await.provider(|provider| provider.redirect_uris.clear());
        let texts = ["no redirect URIs", "the first login sets one", "recommended redirect URIs"];
        fails(&applied.verify().await, CheckName::RedirectUris, &texts);
        // Asking for one would have filled the list.
        applied.verify_setup_env().await;
        assert!(applied.simulator().edit(|state| state.providers[0].redirect_uris.is_empty()));
    }
}

#[tokio::test]
async fn redirect_uris_that_let_other_hosts_in() {
    for release in RELEASES {
        for open in ["https://netbird.company.*", ".*", r"https://.*\.company/.*"] {
            let applied = applied(release).await.provider(|provider| {
                provider.redirect_uris.push(RedirectUri::new("regex", open));
            });
            let texts = [open, "also allows other hosts", "escaped dots"];
            fails(&applied.verify().await, CheckName::RedirectUris, &texts);
        }
    }
}

#[tokio::test]
async fn the_guides_own_pattern_is_a_warning_where_it_was_asked_for() {
    let applied = applied(Release::V2026_5).await;
    let wanted = crate::support::as_in_guide(applied.simulator().url(), "netbird.company")
        .redirect_uris(RedirectUris::AsInGuide)
        .build()
        .unwrap();
    let client = Client::builder(wanted.authentik_url()).token(applied.simulator().token());
    let client = client.build().unwrap();
    apply(&client, &wanted).await;
    let verification = client.verify(&wanted, &applied.outputs).await.unwrap();
    warns(
        &verification,
        CheckName::RedirectUris,
        &["https://netbird.company.*", "the recommended redirect URIs"],
    );
    // Someone who did not ask for it has a hole.
    fails(&applied.verify().await, CheckName::RedirectUris, &["https://netbird.company.*"]);
}

#[tokio::test]
async fn a_redirect_uri_that_is_not_let_in() {
    for (gone, uri) in [
        ("http://localhost:53000", "not allow http://localhost:53000"),
        (r"https://netbird\.company(/.*)?", "not allow https://netbird.company/auth"),
    ] {
        let applied = applied(Release::V2026_5).await.provider(|provider| {
            provider.redirect_uris.retain(|has| has.url != gone);
        });
        let texts = [uri, "Redirect URI Error"];
        // It comes before what else is allowed.
        let applied = applied.provider(|provider| {
            provider.redirect_uris.push(RedirectUri::new("strict", "https://vpn.example/auth"));
        });
        fails(&applied.verify().await, CheckName::RedirectUris, &texts);
    }
}

#[tokio::test]
async fn a_confidential_client() {
    for release in RELEASES {
        let applied = applied(release).await;
        let applied =
            applied.provider(|provider| "confidential".clone_into(&mut provider.client_type));
        fails(&applied.verify().await, CheckName::Client, &["confidential client", "to Public"]);
    }
}

impl Applied {
    fn with_client_id(mut self, client_id: &str) -> Self {
        self.outputs.client_id = client_id.into();
        self
    }
}

#[tokio::test]
async fn a_client_id_of_nobody() {
    for release in RELEASES {
        let applied = applied(release).await.with_client_id("5JXuw0qD");
        let texts = ["no provider with the client id 5JXuw0qD", "Client ID of the provider"];
        applied.fails(CheckName::Client, &texts).await;
    }
}

#[tokio::test]
async fn a_client_id_of_another_application() {
    for release in RELEASES {
        let applied = applied(release).await.edit(|state| {
            let mut other = state.providers[0].clone();
            let made = state.add_provider("Grafana");
            (other.pk, other.name) = (made.pk, made.name.clone());
            "grafana-id".clone_into(&mut other.client_id);
            *made = other;
            let pk = made.pk;
            state.add_application("Grafana", "grafana", Some(pk));
        });
        let applied = applied.with_client_id("grafana-id");
        let texts = ["grafana-id belongs to another application", "application \"netbird\""];
        applied.fails(CheckName::Client, &texts).await;
        let verification = applied.verify().await;
        assert_eq!(names(&verification, CheckStatus::Fail), [CheckName::Client]);
        assert!(verification.to_string().contains("by the provider \"Grafana\""));
    }
}
