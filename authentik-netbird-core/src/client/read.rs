//! Reading: one wave of requests after another, until a goal knows everything.

use futures_util::future::join_all;
use url::Url;

use super::Client;
use crate::authentik::reads::{Goal, next_wave};
use crate::authentik::{Read, Snapshot, Source, Version};
use crate::error::{Error, ErrorKind, Result};
use crate::http::{Response, now};
use crate::ids::Server;
use crate::plan::unsupported;

/// More waves than these are not a server that we know: groups that inherit without end.
const MAX_WAVES: usize = 12;

impl Client {
    /// Reads what a goal depends on. Nothing is written, and no secret is read.
    ///
    /// If a later wave asks for something that was deleted since an earlier one found it, all is read again.
    pub(crate) async fn snapshot(&self, goal: &Goal) -> Result<Snapshot> {
        let mut is_overtaken = false;
        let snapshot = self.read_waves(goal, &mut is_overtaken).await;
        if is_overtaken { self.read_waves(goal, &mut false).await } else { snapshot }
    }

    async fn read_waves(&self, goal: &Goal, is_overtaken: &mut bool) -> Result<Snapshot> {
        let mut snapshot = self.empty_snapshot();
        for number in 0..MAX_WAVES {
            let wave = next_wave(goal, &snapshot);
            if wave.is_empty() {
                break;
            }
            let mut failures = Failures::default();
            for (read, error) in self.read_wave(&wave, &mut snapshot).await {
                if !(read.tolerates)(&error) {
                    *is_overtaken |= number > 0 && is_unknown_object(&error);
                    failures.add(error);
                }
            }
            // The version first: a response that cannot be read may be that of a server too old.
            if let Some(version) = snapshot.version.filter(|one| *one < Version::MIN_SUPPORTED) {
                return Err(Error::Blocked { blockers: vec![unsupported(version)] });
            }
            failures.finish()?;
        }
        Ok(snapshot)
    }

    /// Reads as much of what a goal depends on as can be read, and why the rest cannot.
    pub(crate) async fn snapshot_with_errors(&self, goal: &Goal) -> (Snapshot, Vec<Error>) {
        let mut snapshot = self.empty_snapshot();
        let failed = self.extend(&mut snapshot, goal).await;
        (snapshot, failed.into_iter().map(|(_, error)| error).collect())
    }

    /// Reads what a snapshot does not have yet of what a goal depends on. Returns why something could not be
    /// read, with whether a plan can do without it.
    pub(crate) async fn extend(&self, snapshot: &mut Snapshot, goal: &Goal) -> Vec<(bool, Error)> {
        let mut errors = Vec::new();
        for _ in 0..MAX_WAVES {
            let wave = next_wave(goal, snapshot);
            if wave.is_empty() {
                break;
            }
            let failed = self.read_wave(&wave, snapshot).await;
            errors
                .extend(failed.into_iter().map(|(read, error)| ((read.tolerates)(&error), error)));
        }
        errors
    }

    pub(crate) fn empty_snapshot(&self) -> Snapshot {
        let mut snapshot = Snapshot::empty(Source::Server, None);
        snapshot.taken_at = Some(now());
        snapshot.netbird.host = self.netbird_url().and_then(Url::host_str).map(str::to_owned);
        snapshot
    }

    /// Sends a wave of reads at once; returns those that failed.
    async fn read_wave<'a>(
        &self,
        wave: &'a [Read],
        snapshot: &mut Snapshot,
    ) -> Vec<(&'a Read, Error)> {
        let is_limited = snapshot.is_limited();
        let pages = join_all(wave.iter().map(|read| self.pages(read, is_limited))).await;
        let mut failed = Vec::new();
        for (read, pages) in wave.iter().zip(pages) {
            snapshot.read.insert(read.request.path.clone());
            if let Err(error) = pages.and_then(|pages| store(read, &pages, snapshot)) {
                tracing::debug!(%error, path = read.request.path, "cannot read");
                if read.request.server == Server::Netbird {
                    snapshot.netbird.is_without_token = error.kind() == ErrorKind::InvalidClient;
                    snapshot.netbird.unread = Some(error.message_with_sources());
                }
                snapshot.refused.insert(read.request.resource.clone());
                failed.push((read, error));
            }
        }
        failed
    }

    /// All pages of a read; none where there is no such object.
    async fn pages(&self, read: &Read, is_limited: bool) -> Result<Vec<Response>> {
        if read.is_one_page || (is_limited && read.is_of_uses()) {
            match self.send(&read.request, 1).await {
                Ok(response) => return Ok(vec![response]),
                // What authentik hides it hides each time.
                Err(refusal) if read.is_one_page || refusal.error.hides_uses() => {
                    return Err(refusal.error);
                }
                Err(_) => {}
            }
        }
        match self.read_pages(&read.request).await {
            // authentik reports that in JSON; a web page would be a wrong URL.
            Err(Error::Api(error)) if error.status == 404 && read.may_be_absent => Ok(Vec::new()),
            pages => pages,
        }
    }
}

/// Whether the server does not know an object that a request names: in its path, or as the value of a filter.
fn is_unknown_object(error: &Error) -> bool {
    matches!(error, Error::Api(error) if matches!(error.status, 400 | 404))
}

fn store(read: &Read, pages: &[Response], snapshot: &mut Snapshot) -> Result<()> {
    for page in pages {
        read.store(snapshot, &page.body).map_err(|error| page.decode_error(error))?;
    }
    Ok(())
}

/// The errors that a wave of reads met.
#[derive(Default)]
struct Failures {
    denied: Vec<Error>,
    first: Option<Error>,
}

impl Failures {
    fn add(&mut self, error: Error) {
        if error.is_permission_denied() {
            self.denied.push(error);
        } else {
            self.first.get_or_insert(error);
        }
    }

    /// The first failure; all permissions at once where the token is missing several.
    fn finish(mut self) -> Result<()> {
        if let Some(error) = self.first {
            return Err(error);
        }
        let needed = |error: &Error| match error {
            Error::Api(error) => error.permissions.clone(),
            _ => Vec::new(),
        };
        let wanted: Vec<Vec<String>> = self.denied.iter().map(needed).collect();
        // A read that needs no permission is refused to a wrong token only.
        let is_wrong_token = wanted.iter().any(Vec::is_empty);
        let mut permissions: Vec<String> = Vec::new();
        for permission in wanted.into_iter().flatten() {
            if !permissions.contains(&permission) {
                permissions.push(permission);
            }
        }
        if permissions.len() > 1 && !is_wrong_token {
            return Err(Error::MissingPermissions { permissions });
        }
        if self.denied.is_empty() { Ok(()) } else { Err(self.denied.swap_remove(0)) }
    }
}
