//! `/oauth2/auth/local/login`: people with a password in NetBird itself.

use super::authorize::{finish, login_of};
use super::memory::Identity;
use super::{GONE, escape, page};
use crate::host::{Request, Response};
use crate::netbird::state::{LOCAL, State};

pub(super) fn form(state: &State, request: &Request) -> Response {
    match login_of(state, request) {
        Ok(login) if login.connector != LOCAL => page(400, GONE),
        Ok(_) => show(200, request, ""),
        Err(response) => response,
    }
}

pub(super) fn log_in(state: &mut State, request: &Request) -> Response {
    let mut login = match login_of(state, request) {
        Ok(login) if login.connector != LOCAL => return page(400, GONE),
        Ok(login) => login,
        Err(response) => return response,
    };
    let form = request.form();
    let field = |name: &str| {
        let found = form.iter().find(|(key, _)| key == name);
        found.map(|(_, value)| value.as_str()).unwrap_or_default()
    };
    let email = field("login").to_lowercase();
    let user = state.local_users.iter().find(|user| user.email.to_lowercase() == email);
    let Some(user) = user.filter(|user| &*user.password == field("password")) else {
        return show(
            401,
            request,
            "<div class=\"nb-error\">Invalid Email Address or password.</div>\n",
        );
    };
    login.identity = Some(Identity {
        subject: user.id.clone(),
        name: user.name.clone(),
        preferred_username: String::new(),
        email: user.email.clone(),
        email_verified: true,
        groups: None,
    });
    let response = finish(request, &login);
    state.dex.requests.retain(|known| known.id != login.id);
    state.dex.requests.push(login);
    response
}

fn show(status: u16, request: &Request, problem: &str) -> Response {
    let action = escape(&format!("{}{}?{}", request.root, request.path, request.raw_query));
    let html = format!(
        "<!DOCTYPE html>\n<html><body>\n<form method=\"post\" action=\"{action}\">\n{problem}\
         <input type=\"text\" id=\"login\" name=\"login\" required>\n\
         <input type=\"password\" id=\"password\" name=\"password\" required>\n\
         <button type=\"submit\" id=\"submit-login\" class=\"nb-btn\">Sign in</button>\n</form>\n</body></html>\n"
    );
    Response::new(status, "text/html; charset=utf-8", html)
}
