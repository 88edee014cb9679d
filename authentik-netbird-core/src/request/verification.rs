//! What a verification reads as an administrator, to tell causes apart.

use super::Request;
use super::paths::{
    APPLICATIONS, GROUPS, PROVIDERS, TOKENS, USERS, VIEW_APPLICATION, VIEW_GROUP, VIEW_PROVIDER,
    VIEW_TOKEN, VIEW_USER, segment,
};
use crate::ids::{Resource, ResourceKind, Slug};

/// The first wave: what can be asked for by the names that NetBird has.
pub(crate) struct VerificationReads {
    pub(crate) version: Request,
    /// The application of the slug; 404 when there is none.
    pub(crate) application: Request,
    /// Providers of NetBird's client id.
    pub(crate) providers: Request,
    /// Users of the account's name, to the letter; users whose name has that name in it, in
    /// whatever case; tokens of the account.
    pub(crate) account: Option<(Request, Request, Request)>,
}

/// The requests that tell why NetBird's own ones fail.
pub(crate) fn verification(
    slug: &Slug,
    client_id: &str,
    username: Option<&str>,
) -> VerificationReads {
    use ResourceKind as Kind;
    let users = |filter, username| {
        let filters = [(filter, username), ("include_groups", "true")];
        super::list(Kind::ServiceAccount, username, VIEW_USER, USERS, &filters)
    };
    VerificationReads {
        version: super::version(),
        application: super::get(
            Resource::new(Kind::Application, slug.as_str()),
            VIEW_APPLICATION,
            format!("{APPLICATIONS}{}/", segment(slug.as_str())),
        ),
        providers: super::list(
            Kind::Provider,
            client_id,
            VIEW_PROVIDER,
            PROVIDERS,
            &[("client_id", client_id)],
        ),
        account: username.map(|username| {
            let filters = [("user__username", username)];
            let tokens = super::list(Kind::AppPassword, username, VIEW_TOKEN, TOKENS, &filters);
            (users("username", username), users("search", username), tokens)
        }),
    }
}

/// All groups, for the question which is inside of which.
pub(crate) fn groups() -> Request {
    let filters = [("include_users", "false")];
    super::list(ResourceKind::Group, "all", VIEW_GROUP, GROUPS, &filters)
}
