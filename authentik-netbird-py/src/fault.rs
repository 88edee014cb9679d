//! `Fault`, `Effect` and `FaultAnswer`: what shall go wrong on a simulator.

use pyo3::prelude::*;
use pyo3::types::PyTuple;

use crate::argument::{Arg, arg};
use crate::convert;
use crate::value_object::{Tuple, methods};

/// A rule: which requests to a simulator, and what becomes of them.
///
/// Args:
///     effect: The effect on the requests.
///     on_method: Only requests with this method. Default: all.
///     on_path: Only requests whose path, with its query, contains this text. Default: all.
///     skip: Lets the first so many matching requests pass. Default: none.
///     every: Acts on every n-th matching request only. Default: 1, each of them.
///     times: Acts so many times, then never again. Default: without end.
///     after_commit: Lets the simulated authentik do its work first: what was written is written.
///         Default: no.
///
/// >>> from authentik_netbird.testing import AuthentikSimulator, Effect, Fault, FaultAnswer
/// >>> with AuthentikSimulator() as authentik:
/// ...     # The first application is made, but nobody hears of it.
/// ...     authentik.add_fault(Fault(
/// ...         Effect.cut(), on_method="POST", on_path="/core/applications/", times=1,
/// ...         after_commit=True,
/// ...     ))
/// ...     # Every second request, from the third on, finds the proxy busy.
/// ...     busy = FaultAnswer.empty(429).header("retry-after", "1")
/// ...     authentik.add_fault(Fault(Effect.answer(busy), skip=2, every=2))
#[pyclass(frozen, module = "authentik_netbird.testing")]
pub(crate) struct Fault(pub(crate) authentik_simulator::Fault);

#[pymethods]
impl Fault {
    #[new]
    #[pyo3(
        signature = (
            effect, *, on_method = None, on_path = None, skip = arg(0), every = arg(1),
            times = None, after_commit = arg(false)
        ),
        text_signature = "(effect, *, on_method=None, on_path=None, skip=0, every=1, times=None, \
            after_commit=False)"
    )]
    fn new(
        effect: Arg<PyRef<'_, Effect>>,
        on_method: Option<Arg<&str>>,
        on_path: Option<Arg<&str>>,
        skip: Arg<u64>,
        every: Arg<u64>,
        times: Option<Arg<u64>>,
        after_commit: Arg<bool>,
    ) -> Self {
        let mut fault = authentik_simulator::Fault::new(effect.0.clone()).skip(*skip).every(*every);
        if let Some(method) = on_method {
            fault = fault.on_method(*method);
        }
        if let Some(part) = on_path {
            fault = fault.on_path(*part);
        }
        if let Some(count) = times {
            fault = fault.times(*count);
        }
        Self(if *after_commit { fault.after_commit() } else { fault })
    }

    fn __repr__(&self) -> String {
        format!("<{:?}>", self.0)
    }
}

/// The effect of a fault on the requests that it matches.
///
/// >>> from authentik_netbird.testing import Effect
/// >>> Effect.cut() == Effect.hang()
/// False
#[pyclass(frozen, eq, module = "authentik_netbird.testing")]
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Effect(authentik_simulator::Effect);

#[pymethods]
impl Effect {
    /// The connection is closed without an answer.
    #[staticmethod]
    fn cut() -> Self {
        Self(authentik_simulator::Effect::Cut)
    }

    /// The connection is reset without an answer: TCP's RST, as a server that crashed and a firewall
    /// send it.
    #[staticmethod]
    fn reset() -> Self {
        Self(authentik_simulator::Effect::Reset)
    }

    /// New connections are closed before anything is read from them.
    #[staticmethod]
    fn refuse() -> Self {
        Self(authentik_simulator::Effect::Refuse)
    }

    /// The answer comes that many seconds later. Without `after_commit` the work is done later, too,
    /// whether or not someone still waits for the answer.
    #[staticmethod]
    fn delay(seconds: Arg<f64>) -> PyResult<Self> {
        convert::seconds("seconds", *seconds)
            .map(|delay| Self(authentik_simulator::Effect::Delay(delay)))
    }

    /// The answer never comes, and the connection stays open.
    #[staticmethod]
    fn hang() -> Self {
        Self(authentik_simulator::Effect::Hang)
    }

    /// Another answer comes.
    #[staticmethod]
    fn answer(answer: Arg<PyRef<'_, FaultAnswer>>) -> Self {
        Self(authentik_simulator::Effect::Answer(answer.0.clone()))
    }

    /// The right answer comes, and breaks off in the middle of its body.
    #[staticmethod]
    fn truncate() -> Self {
        Self(authentik_simulator::Effect::Truncate)
    }

    /// The right answer comes, its body in pieces; the last one after that many seconds.
    #[staticmethod]
    fn slow(seconds: Arg<f64>) -> PyResult<Self> {
        convert::seconds("seconds", *seconds)
            .map(|time| Self(authentik_simulator::Effect::Slow(time)))
    }

    /// The right answer comes, after that many bytes of white space in its body.
    #[staticmethod]
    fn flood(size: Arg<u64>) -> Self {
        Self(authentik_simulator::Effect::Flood { bytes: *size })
    }

    /// The right answer comes; of a list always the first page, and it says that there is another
    /// one.
    #[staticmethod]
    fn endless_pages() -> Self {
        Self(authentik_simulator::Effect::EndlessPages)
    }

    /// The right answer comes with one text of its body replaced, wherever it is: what a proxy that
    /// rewrites does.
    #[staticmethod]
    fn replace(text: Arg<String>, by: Arg<String>) -> Self {
        Self(authentik_simulator::Effect::Replace { text: text.into_inner(), by: by.into_inner() })
    }

    fn __repr__(&self) -> String {
        format!("<Effect {:?}>", self.0)
    }
}

/// An answer that does not come from the simulated authentik, but from something in front of it.
///
/// Args:
///     status: HTTP status.
///     headers: Pairs of name and value. Default: none.
///     body: Body. Default: empty.
///
/// >>> from authentik_netbird.testing import FaultAnswer
/// >>> FaultAnswer.html(502, "<h1>Bad Gateway</h1>").headers
/// (('content-type', 'text/html; charset=utf-8'),)
#[pyclass(frozen, eq, module = "authentik_netbird.testing")]
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct FaultAnswer(authentik_simulator::FaultAnswer);

methods! { [] FaultAnswer(it, py) {
    get {
        /// HTTP status.
        status: u16 = it.status;
        /// Pairs of name and value.
        headers: Tuple<'py> = PyTuple::new(py, it.headers.clone());
        /// Body.
        body: &str = &it.body;
    }

    #[new]
    #[pyo3(
        signature = (status, *, headers = None, body = arg("")),
        text_signature = "(status, *, headers=None, body='')"
    )]
    fn new(status: Arg<u16>, headers: Option<Arg<Vec<(String, String)>>>, body: Arg<&str>) -> Self {
        let mut answer = authentik_simulator::FaultAnswer::empty(*status);
        answer.headers = headers.map(Arg::into_inner).unwrap_or_default();
        body.clone_into(&mut answer.body);
        Self(answer)
    }

    /// An empty answer without a content type, as a bare 405 is.
    #[staticmethod]
    fn empty(status: Arg<u16>) -> Self {
        Self(authentik_simulator::FaultAnswer::empty(*status))
    }

    /// An HTML page, as a proxy sends it.
    #[staticmethod]
    fn html(status: Arg<u16>, body: Arg<&str>) -> Self {
        Self(authentik_simulator::FaultAnswer::html(*status, *body))
    }

    /// Any body with its content type.
    #[staticmethod]
    fn with_body(status: Arg<u16>, content_type: Arg<&str>, body: Arg<&str>) -> Self {
        Self(authentik_simulator::FaultAnswer::with_body(*status, *content_type, *body))
    }

    /// The same with one more header.
    fn header(&self, name: Arg<&str>, value: Arg<&str>) -> Self {
        Self(self.0.clone().header(*name, *value))
    }

    fn __repr__(&self) -> String {
        format!("<FaultAnswer {}>", self.0.status)
    }
} }
