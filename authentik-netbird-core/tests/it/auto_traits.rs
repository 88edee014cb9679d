//! Values and futures of the public API can go to another thread: a program on a multi-threaded runtime
//! spawns them. This compiles or it does not.

use std::path::Path;

use authentik_netbird_core::apply::Provisioned;
use authentik_netbird_core::{
    AppPasswordExpiry, Client, ClientBuilder, Error, NetbirdIntegration, NetbirdIntegrationBuilder,
    Outcome, Outputs, Plan, Secret, Snapshot, Verification,
};

fn is_send_and_sync<T: Send + Sync>() {}

fn is_send<T: Send>(_: T) {}

#[test]
fn values_can_be_shared_between_threads() {
    is_send_and_sync::<Client>();
    is_send_and_sync::<ClientBuilder>();
    is_send_and_sync::<Error>();
    is_send_and_sync::<NetbirdIntegration>();
    is_send_and_sync::<NetbirdIntegrationBuilder>();
    is_send_and_sync::<Outcome>();
    is_send_and_sync::<Outputs>();
    is_send_and_sync::<Plan>();
    is_send_and_sync::<Provisioned>();
    is_send_and_sync::<Secret>();
    is_send_and_sync::<Snapshot>();
    is_send_and_sync::<Verification>();
}

#[test]
fn futures_can_be_spawned() {
    fn each(client: &Client, integration: &NetbirdIntegration, plan: &Plan, outputs: &Outputs) {
        is_send(client.plan(integration));
        is_send(client.plan_teardown(integration));
        is_send(client.plan_rotate(integration, AppPasswordExpiry::Keep));
        is_send(client.with_authors(plan.clone()));
        is_send(client.refresh(plan));
        is_send(client.apply(plan));
        is_send(client.apply_with(plan, |_| ()));
        is_send(client.outputs(integration));
        is_send(client.provision(integration, Path::new("setup.env")));
        is_send(client.verify(integration, outputs));
    }
    let _ = each;
}
