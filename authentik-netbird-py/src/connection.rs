//! The common part of `Client` and `AsyncClient`: settings, and the core's client of this process.

use std::collections::VecDeque;
use std::process;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};

use authentik_netbird_core::{Client, ClientBuilder, ConnectionOptions, Error};
use pyo3::prelude::*;

use crate::argument::SecretText;
use crate::{errors, log};

/// The most clients of a process that keep connections open for their next call. Each keeps a dozen,
/// and calls under way have as many again: together that stays below the usual limit of 1,024
/// open files, however many clients there are.
const WARM: usize = 32;

/// The clients that keep connections, the one used last at the end.
static IN_USE: Mutex<VecDeque<Weak<Shared>>> = Mutex::new(VecDeque::new());

pub(crate) struct Connection {
    pub(crate) url: String,
    pub(crate) netbird_url: Option<String>,
    shared: Arc<Shared>,
}

/// The resources of calls that are under way or waiting.
struct Shared {
    settings: ClientBuilder,
    state: Mutex<State>,
}

struct State {
    closed: bool,
    /// The process that the core's client was made in, and the client, where there is one now.
    client: Option<(u32, Client)>,
}

impl State {
    /// Takes the client out. One of another process is left as it is: it still has its runtime.
    fn take(&mut self) -> Option<Client> {
        match self.client.take() {
            Some((process, client)) if process == process::id() => Some(client),
            other => {
                std::mem::forget(other);
                None
            }
        }
    }
}

impl Connection {
    pub(crate) fn new(
        py: Python<'_>,
        (authentik_url, token): (&str, SecretText),
        netbird: Option<(&str, SecretText)>,
        options: ConnectionOptions,
    ) -> PyResult<Self> {
        let mut settings = Client::builder(authentik_url).token(token.0).options(options);
        if let Some((url, token)) = netbird {
            settings = settings.netbird(url, token.0);
        }
        // Made once here, so that what is wrong with the settings is known at once.
        let client = log::warned(py, || settings.clone().build())?.map_err(errors::to_python)?;
        let url = client.url().to_string();
        let netbird_url = client.netbird_url().map(ToString::to_string);
        let state = Mutex::new(State { closed: false, client: None });
        Ok(Self { url, netbird_url, shared: Arc::new(Shared { settings, state }) })
    }

    /// A call, which gets the core's client when its turn has come. Raises `ClientClosedError`.
    pub(crate) fn work<T, F>(
        &self,
        verb: impl FnOnce(Client) -> F + Send + 'static,
    ) -> PyResult<impl Future<Output = Result<T, Error>> + Send + 'static>
    where
        T: Send + 'static,
        F: Future<Output = Result<T, Error>> + Send + 'static,
    {
        if self.closed() {
            return Err(errors::raise(
                "ClientClosedError",
                "the client is closed; create a new one",
            ));
        }
        let shared = Arc::clone(&self.shared);
        Ok(async move { verb(shared.client()?).await })
    }

    pub(crate) fn closed(&self) -> bool {
        self.shared.lock().closed
    }

    /// Asks the applies under way to end. A client of another process has none here.
    pub(crate) fn stop(&self) {
        match &self.shared.lock().client {
            Some((process, client)) if *process == process::id() => client.stop(),
            _ => {}
        }
    }

    pub(crate) fn close(&self) {
        let mut state = self.shared.lock();
        state.closed = true;
        drop(state.take());
    }
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The core's client, when a call's turn has come. It is made where there is none: at first,
    /// after a fork, since connections are not shared, and after others were in use for a while.
    fn client(self: Arc<Self>) -> Result<Client, Error> {
        // Locks are taken with the interpreter held: so does a fork, and no child finds one locked.
        if let Some(Some(kept)) = Python::try_attach(|_| self.kept()) {
            return Ok(kept);
        }
        let own = self.settings.clone().build()?;
        Python::try_attach(|_| self.keep(&own));
        Ok(own)
    }

    fn kept(self: &Arc<Self>) -> Option<Client> {
        let state = self.lock();
        let (process, found) = state.client.as_ref()?;
        let found = (*process == process::id()).then(|| found.clone())?;
        drop(state);
        self.is_in_use();
        Some(found)
    }

    fn keep(self: &Arc<Self>, own: &Client) {
        let mut state = self.lock();
        // A call that was begun before the client was closed is completed, and nothing kept of it.
        if !state.closed {
            drop(state.take());
            state.client = Some((process::id(), own.clone()));
            drop(state);
            self.is_in_use();
        }
    }

    /// Puts it last among those in use, and lets go of the connections of the first where there are
    /// too many. Calls that are under way keep theirs.
    fn is_in_use(self: &Arc<Self>) {
        let this = Arc::downgrade(self);
        let mut in_use = IN_USE.lock().unwrap_or_else(PoisonError::into_inner);
        in_use.retain(|one| one.strong_count() > 0 && !one.ptr_eq(&this));
        in_use.push_back(this);
        let left = if in_use.len() > WARM { in_use.pop_front() } else { None };
        drop(in_use);
        if let Some(left) = left.and_then(|left| left.upgrade()) {
            drop(left.lock().take());
        }
    }
}

impl Drop for Connection {
    fn drop(&mut self) {
        self.close();
    }
}
