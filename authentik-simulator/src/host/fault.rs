//! [`Fault`]: what goes wrong.

use std::time::Duration;

/// The effect of a fault on the requests that it matches.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Effect {
    /// The connection is closed without an answer.
    Cut,
    /// The connection is reset without an answer: TCP's RST, as a server that crashed and a firewall
    /// send it.
    Reset,
    /// New connections are closed before anything is read from them. Method, path and the moment of
    /// commit are ignored; [`Fault::times`] counts connections.
    Refuse,
    /// The answer comes that much later. Without [`Fault::after_commit`] the work is done later, too,
    /// whether or not someone still waits for the answer.
    Delay(Duration),
    /// The answer never comes, and the connection stays open.
    Hang,
    /// Another answer comes.
    Answer(FaultAnswer),
    /// The right answer comes, and breaks off in the middle of its body.
    Truncate,
    /// The right answer comes, its body in pieces; the last one after that time.
    Slow(Duration),
    /// The right answer comes, after that many bytes of white space in its body.
    Flood {
        /// How many.
        bytes: u64,
    },
    /// The right answer comes; of a list always the first page, and it says that there is another one.
    EndlessPages,
    /// The right answer comes with one text of its body replaced, wherever it is: what a proxy
    /// that rewrites does.
    Replace {
        /// The text that is replaced.
        text: String,
        /// The text that replaces it.
        by: String,
    },
}

/// An answer that does not come from the simulated server, but from something in front of it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct FaultAnswer {
    /// HTTP status.
    pub status: u16,
    /// Headers, e.g. `("retry-after", "1")`.
    pub headers: Vec<(String, String)>,
    /// Body.
    pub body: String,
}

impl FaultAnswer {
    /// An empty answer without a content type, as a bare 405 is.
    #[must_use]
    pub fn empty(status: u16) -> Self {
        Self { status, ..Self::default() }
    }

    /// An HTML page, as a proxy sends it.
    #[must_use]
    pub fn html(status: u16, body: &str) -> Self {
        Self::with_body(status, "text/html; charset=utf-8", body)
    }

    /// Any body with its content type.
    #[must_use]
    pub fn with_body(status: u16, content_type: &str, body: &str) -> Self {
        Self { status, headers: Vec::new(), body: body.to_owned() }
            .header("content-type", content_type)
    }

    /// Adds a header.
    #[must_use]
    pub fn header(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }
}

/// A rule: which requests, and what becomes of them.
///
/// A new one matches every request, and acts before the simulated server has done anything.
///
/// ```
/// use authentik_simulator::{Effect, Fault, FaultAnswer, Simulator};
///
/// let simulator = Simulator::start()?;
/// // The first application is made, but nobody hears of it.
/// simulator.add_fault(
///     Fault::new(Effect::Cut).on_method("POST").on_path("/core/applications/").after_commit().times(1),
/// );
/// // Every second request, from the third on, finds the proxy busy.
/// let busy = FaultAnswer::empty(429).header("retry-after", "1");
/// simulator.add_fault(Fault::new(Effect::Answer(busy)).skip(2).every(2));
/// # std::io::Result::Ok(())
/// ```
#[derive(Clone, Debug)]
pub struct Fault {
    effect: Effect,
    method: Option<String>,
    path: Option<String>,
    skip: u64,
    every: u64,
    times: Option<u64>,
    after_commit: bool,
    matched: u64,
    fired: u64,
}

impl Fault {
    /// A rule for every request.
    #[must_use]
    pub fn new(effect: Effect) -> Self {
        Self {
            effect,
            method: None,
            path: None,
            skip: 0,
            every: 1,
            times: None,
            after_commit: false,
            matched: 0,
            fired: 0,
        }
    }

    /// Only requests with this method.
    #[must_use]
    pub fn on_method(mut self, method: &str) -> Self {
        self.method = Some(method.to_ascii_uppercase());
        self
    }

    /// Only requests whose path, with its query, contains this text.
    #[must_use]
    pub fn on_path(mut self, part: &str) -> Self {
        self.path = Some(part.to_owned());
        self
    }

    /// Lets the first so many matching requests pass. Default: none.
    #[must_use]
    pub fn skip(mut self, count: u64) -> Self {
        self.skip = count;
        self
    }

    /// Acts on every n-th matching request only. Default: 1, each of them.
    #[must_use]
    pub fn every(mut self, count: u64) -> Self {
        self.every = count.max(1);
        self
    }

    /// Acts so many times, then never again. Default: without end.
    #[must_use]
    pub fn times(mut self, count: u64) -> Self {
        self.times = Some(count);
        self
    }

    /// Lets the simulated server do its work first: what was written is written.
    #[must_use]
    pub fn after_commit(mut self) -> Self {
        self.after_commit = true;
        self
    }

    fn matches(&self, method: &str, path: &str) -> bool {
        self.effect != Effect::Refuse
            && self.method.as_ref().is_none_or(|wanted| wanted == method)
            && self.path.as_ref().is_none_or(|part| path.contains(part))
    }

    /// Counts a matching request, and says whether it is hit.
    fn fires(&mut self) -> bool {
        let number = self.matched;
        self.matched += 1;
        let due = number >= self.skip && (number - self.skip).is_multiple_of(self.every);
        let hit = due && self.times.is_none_or(|times| self.fired < times);
        self.fired += u64::from(hit);
        hit
    }
}

/// The effect on one request, if any: the first rule that applies wins.
pub(super) fn pick(faults: &mut [Fault], method: &str, path: &str) -> Option<(Effect, bool)> {
    let mut matching = faults.iter_mut().filter(|fault| fault.matches(method, path));
    let hit = matching.find_map(|fault| fault.fires().then_some(fault));
    hit.map(|fault| (fault.effect.clone(), fault.after_commit))
}

/// Whether a new connection is closed at once.
pub(super) fn refuses(faults: &mut [Fault]) -> bool {
    faults.iter_mut().filter(|fault| fault.effect == Effect::Refuse).any(Fault::fires)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rules_count_what_they_match() {
        let mut faults = [Fault::new(Effect::Cut)
            .on_method("post")
            .on_path("/groups/")
            .skip(1)
            .every(2)
            .times(2)];
        let mut hit = |method: &str| pick(&mut faults, method, "/api/v3/core/groups/").is_some();
        assert!(!hit("GET"));
        let hits: Vec<bool> = (0..8).map(|_| hit("POST")).collect();
        assert_eq!(hits, [false, true, false, true, false, false, false, false]);
    }
}
