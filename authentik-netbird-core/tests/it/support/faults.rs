//! What goes wrong.

use std::time::Duration;

use authentik_simulator::{Effect, Fault, FaultAnswer};
use serde_json::{Value, json};

/// A fault, and what may be asked of a run that meets it.
#[derive(Clone, Debug)]
pub(crate) struct FaultKind {
    pub(crate) name: &'static str,
    pub(crate) effect: Effect,
    /// Whether authentik had done its work when it struck.
    pub(crate) after: bool,
    /// How long a run that meets it once goes on regardless, if it does.
    pub(crate) passes: bool,
    /// Whether no answer comes: the client must not wait as long as it would.
    pub(crate) silent: bool,
}

/// The time that a silent client waits for one answer.
pub(crate) const IMPATIENCE: Duration = Duration::from_secs(1);
/// When work that comes late is done: nobody waits any more.
pub(crate) const LATE: Duration = Duration::from_millis(1_500);

impl FaultKind {
    /// As a rule: from the `place`-th request on, once or for good; in NetBird's words if it is of NetBird's.
    pub(crate) fn at(&self, place: u64, once: bool, is_netbirds: bool) -> Fault {
        let mut effect = self.effect.clone();
        if let (Effect::Answer(answer), true) = (&mut effect, is_netbirds) {
            let status = answer.status;
            let body: Option<Value> = serde_json::from_str(&answer.body).ok();
            if let Some(detail) = body.as_ref().and_then(|body| body["detail"].as_str()) {
                answer.body = json!({ "message": detail, "code": status }).to_string();
            }
        }
        let fault = Fault::new(effect).skip(place);
        let fault = if self.after { fault.after_commit() } else { fault };
        if once { fault.times(1) } else { fault }
    }

    pub(crate) fn is_late(&self) -> bool {
        matches!(self.effect, Effect::Delay(_))
    }

    /// Whether it says, in authentik's own words, that there is no such thing. Nobody can tell; a
    /// teardown has nothing to do then.
    pub(crate) fn says_gone(&self) -> bool {
        self.says(404)
    }

    /// Whether it says, in authentik's own words, that the token may not do this, or that authentik
    /// cannot. A teardown keeps what it is not shown the uses of.
    pub(crate) fn hides_uses(&self) -> bool {
        self.says(403) || self.says(500)
    }

    fn says(&self, status: u16) -> bool {
        matches!(&self.effect, Effect::Answer(answer)
            if answer.status == status && answer.body.starts_with('{'))
    }

    const fn new(name: &'static str, effect: Effect) -> Self {
        Self { name, effect, after: false, passes: true, silent: false }
    }

    fn answer(name: &'static str, answer: FaultAnswer) -> Self {
        Self::new(name, Effect::Answer(answer))
    }

    fn after(self) -> Self {
        Self { after: true, ..self }
    }

    fn fails(self) -> Self {
        Self { passes: false, ..self }
    }

    fn silent(self) -> Self {
        Self { silent: true, ..self }
    }
}

fn said(status: u16, body: &str) -> FaultAnswer {
    FaultAnswer::with_body(status, "application/json", body)
}

fn page(status: u16, title: &str) -> FaultAnswer {
    FaultAnswer::html(status, &format!("<html><title>{title}</title></html>"))
}

/// Every fault there is.
pub(crate) fn all() -> Vec<FaultKind> {
    let answer = FaultKind::answer;
    let busy = |after: &str| FaultAnswer::empty(429).header("retry-after", after);
    let taken = || said(400, r#"{"name": ["This field must be unique."]}"#);
    let login = || {
        FaultAnswer::empty(302).header("location", "https://login.company/?next=/api/v3/&state=s")
    };
    let gzip = || said(200, "\u{1f}no gzip").header("content-encoding", "gzip");
    let bytes = 200_000_000;
    vec![
        FaultKind::new("refused", Effect::Refuse),
        FaultKind::new("closed before", Effect::Cut),
        FaultKind::new("closed after", Effect::Cut).after(),
        FaultKind::new("reset before", Effect::Reset),
        FaultKind::new("reset after", Effect::Reset).after(),
        FaultKind::new("no answer before", Effect::Hang).silent(),
        FaultKind::new("no answer after", Effect::Hang).after().silent(),
        FaultKind::new("late", Effect::Delay(LATE)).silent(),
        FaultKind::new("slow body", Effect::Slow(LATE)).silent(),
        FaultKind::new("truncated body", Effect::Truncate),
        answer("empty 405 before", FaultAnswer::empty(405)).fails(),
        answer("empty 405 after", FaultAnswer::empty(405)).after().fails(),
        answer("400 before", taken()).fails(),
        answer("400 after", taken()).after().fails(),
        answer("403", said(403, r#"{"detail": "Token invalid/expired"}"#)).fails(),
        answer("404", said(404, r#"{"detail": "No Provider matches the given query."}"#)).fails(),
        answer("404 page", page(404, "Not Found")).fails(),
        answer("409", said(409, r#"{"detail": "Conflict."}"#)).fails(),
        answer("429", FaultAnswer::empty(429)),
        answer("429 at once", busy("0")),
        answer("429 in an hour", busy("3600")).fails(),
        answer("408 after", FaultAnswer::empty(408)).after(),
        answer("500 before", said(500, r#"{"detail": "oops"}"#)),
        answer("500 after", said(500, r#"{"detail": "oops"}"#)).after(),
        answer("502 before", page(502, "502 Bad Gateway")),
        answer("502 after", page(502, "502 Bad Gateway")).after(),
        answer("503 before", page(503, "authentik is starting")),
        answer("504 after", page(504, "504 Gateway Time-out")).after(),
        answer("login page", login()).fails(),
        answer("challenge page", page(200, "Please wait")).fails(),
        answer("challenge page after", page(200, "Please wait")).after().fails(),
        answer("broken gzip before", gzip()).fails(),
        answer("broken gzip after", gzip()).after().fails(),
        answer("half an answer", said(200, r#"{"pk": "#)).fails(),
        answer("half an answer after", said(201, r#"{"pk": "#)).after().fails(),
        FaultKind::new("200 MB", Effect::Flood { bytes }).fails(),
        FaultKind::new("endless pages", Effect::EndlessPages).fails(),
    ]
}
