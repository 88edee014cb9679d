//! Whose change a drift was: authentik's event log, as far as it may be read.

use futures_util::future::join_all;

use crate::client::Client;
use crate::model::{Event, Page};
use crate::plan::{Drifted, Plan, drifted};
use crate::request;
use crate::snapshot::Snapshot;

impl Client {
    /// Notes in the plan who changed what it puts right. One more wave where there is drift, and none
    /// otherwise. That the log can't be read is no failure.
    pub(super) async fn note_authors(&self, plan: &mut Plan, snapshot: &Snapshot) {
        let drifted = drifted(plan, snapshot);
        let read = drifted.iter().map(async |one| (one, self.events(one).await));
        for (one, events) in join_all(read).await {
            let operation = plan.operations.iter_mut().find(|found| found.id == one.operation);
            if let Some(operation) = operation {
                operation.changed_by = one.changed_by(&events);
            }
        }
    }

    async fn events(&self, drifted: &Drifted) -> Vec<Event> {
        let request = request::events_of(drifted.app, drifted.model);
        match self.send(&request).await.map(|answer| answer.decode::<Page<Event>>()) {
            Ok(Ok(page)) => page.results,
            Ok(Err(error)) | Err(crate::client::RequestError { error, .. }) => {
                tracing::debug!(error = %error, "can't read the event log");
                Vec::new()
            }
        }
    }
}
