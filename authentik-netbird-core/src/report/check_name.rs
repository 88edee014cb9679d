//! [`CheckName`]: what is checked.

use crate::ids::text_enum;

text_enum! {
    /// The checks, in the order of a report: causes before what follows from them. In JSON and as
    /// text it is [`as_str`](Self::as_str), which stays the same.
    CheckName {
        /// NetBird's `setup.env` or `management.json` is one that NetBird reads as it is meant.
        Environment = "environment",
        /// The application's discovery document exists.
        Discovery = "discovery",
        /// The issuer in it is exactly the expected one.
        Issuer = "issuer",
        /// The endpoints in it exist, and are on that server.
        Endpoints = "endpoints",
        /// authentik's clock and this machine's agree.
        Clock = "clock",
        /// The administrator's token may read what is checked, and the release is supported.
        Administration = "administration",
        /// NetBird's client id is that of the application's provider, a public client.
        Client = "client",
        /// NetBird expects the audience that authentik's tokens have.
        Audience = "audience",
        /// Tokens are signed with an RSA key.
        SigningKey = "signing_key",
        /// Tokens are not encrypted.
        Encryption = "encryption",
        /// The subject in tokens is the user's id, by which NetBird looks users up.
        SubjectMode = "subject_mode",
        /// The provider has the scopes that NetBird requests, `offline_access` among them.
        Scopes = "scopes",
        /// The provider allows the grant types that NetBird uses (authentik 2026.5 and later).
        GrantTypes = "grant_types",
        /// The provider allows NetBird's redirect URIs, and no other host's.
        RedirectUris = "redirect_uris",
        /// People are not asked to log in twice.
        PromptLogin = "prompt_login",
        /// authentik issues device codes.
        DeviceAuthorization = "device_authorization",
        /// The page where people type device codes exists: the brand has a device-code flow.
        DevicePage = "device_page",
        /// The client of NetBird's management is right, and it alone has the scope of authentik's API.
        ApiClient = "api_client",
        /// The service account exists, with exactly that name, and is active.
        ServiceAccount = "service_account",
        /// It has an app password that is still valid.
        AppPassword = "app_password",
        /// The application's bindings allow it.
        ApplicationAccess = "application_access",
        /// NetBird's token request succeeds.
        Token = "token",
        /// NetBird's request for users, with that token, succeeds.
        Users = "users",
        /// Connector mode: a logout leads back to NetBird.
        Logout = "logout",
        /// Connector mode: tokens have the claims that NetBird requires.
        Claims = "claims",
        /// Connector mode: authentik accepts the client secret.
        ClientSecret = "client_secret",
        /// Connector mode: NetBird's identity provider is that of authentik's provider.
        IdentityProvider = "identity_provider",
        /// Connector mode: NetBird synchronizes the groups that authentik emits.
        GroupSync = "group_sync",
        /// Connector mode: whether a first login waits for an approval.
        UserApproval = "user_approval",
    }
}
