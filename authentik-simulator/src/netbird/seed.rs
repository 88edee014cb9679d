//! A NetBird that its owner has set up.

use super::objects::LocalUser;
use super::state::{LOCAL, State, user_id};

/// The owner's credentials.
const EMAIL: &str = "owner@netbird.company";
const PASSWORD: &str = "simulator-password";

/// The setup without `create_pat`, the owner's first login, and a token of the owner's.
pub(super) fn set_up(state: &mut State, token: &str) {
    let subject = state.new_uuid();
    let owner = LocalUser {
        id: subject.clone(),
        email: EMAIL.to_owned(),
        name: "Owner".to_owned(),
        password: PASSWORD.into(),
    };
    state.local_users.push(owner);
    let id = user_id(&subject, LOCAL);
    state.add_account(&id, true);
    let user = state.add_user(&subject, LOCAL, "owner");
    EMAIL.clone_into(&mut user.email);
    "Owner".clone_into(&mut user.name);
    state.add_token("simulator", &id, 365).token = token.into();
}
