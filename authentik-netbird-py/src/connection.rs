//! What `Client` and `AsyncClient` have in common: settings, and the core's client of this process.

use std::process;
use std::sync::{Mutex, PoisonError};

use authentik_netbird_core::{Client, ClientBuilder};
use pyo3::prelude::*;

use crate::argument::{Arg, Pem, SecretText};
use crate::{convert, errors};

pub(crate) struct Connection {
    settings: ClientBuilder,
    pub(crate) url: String,
    /// The process that the client was made in, and the client until it is closed.
    client: Mutex<Option<(u32, Client)>>,
}

impl Connection {
    pub(crate) fn new(
        authentik_url: Arg<&str>,
        token: Arg<SecretText>,
        ca_certificates: Option<Arg<Pem>>,
        timeout: Arg<f64>,
        connect_timeout: Arg<f64>,
        retry_for: Arg<f64>,
    ) -> PyResult<Self> {
        let mut settings = Client::builder(*authentik_url)
            .token(token.into_inner().0)
            .timeout(convert::seconds("timeout", *timeout)?)
            .connect_timeout(convert::seconds("connect_timeout", *connect_timeout)?)
            .retry_for(convert::seconds("retry_for", *retry_for)?);
        if let Some(pem) = ca_certificates {
            settings = settings.ca_certificates(pem.into_inner().0);
        }
        let client = settings.clone().build().map_err(errors::to_python)?;
        let url = client.url().to_string();
        Ok(Self { settings, url, client: Mutex::new(Some((process::id(), client))) })
    }

    /// The core's client. A forked process gets one of its own: connections are not shared.
    pub(crate) fn client(&self) -> PyResult<Client> {
        let mut client = self.client.lock().unwrap_or_else(PoisonError::into_inner);
        match &*client {
            None => Err(errors::raise("ClientClosedError", "the client is closed; make a new one")),
            Some((process, found)) if *process == process::id() => Ok(found.clone()),
            Some(_) => {
                let own = self.settings.clone().build().map_err(errors::to_python)?;
                std::mem::forget(client.replace((process::id(), own.clone())));
                Ok(own)
            }
        }
    }

    pub(crate) fn closed(&self) -> bool {
        self.client.lock().unwrap_or_else(PoisonError::into_inner).is_none()
    }

    pub(crate) fn close(&self) {
        let client = self.client.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some((process, client)) = client
            && process != process::id()
        {
            // Its runtime is in another process.
            std::mem::forget(client);
        }
    }
}

impl Drop for Connection {
    fn drop(&mut self) {
        self.close();
    }
}
