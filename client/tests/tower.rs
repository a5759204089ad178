//! A client as a service of tower.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use bitrix24_client::{Client, NoLimit};
use bitrix24_core::{json, raw};
use tokio::task::JoinSet;
use tower::{Service, ServiceBuilder, ServiceExt};

use bitrix24_testing::{MockResponse, MockServer};

#[tokio::test]
async fn layers_stand_around_calls() {
    let slow = |_: &_| MockResponse::result(json!(7)).after(Duration::from_millis(100));
    let server = MockServer::start(slow).await;
    let client = Client::builder().limiter(NoLimit).webhook(&server.webhook()).unwrap();
    let (calls, most) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
    let counted = {
        let (calls, most) = (Arc::clone(&calls), Arc::clone(&most));
        tower::service_fn(move |request: bitrix24_core::RawRequest| {
            let mut client = client.clone();
            let (calls, most) = (Arc::clone(&calls), Arc::clone(&most));
            async move {
                most.fetch_max(calls.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
                let response = Service::call(&mut client, request).await;
                calls.fetch_sub(1, Ordering::SeqCst);
                response
            }
        })
    };
    let service = ServiceBuilder::new().concurrency_limit(2).service(counted);
    let mut tasks = JoinSet::new();
    for number in 0..6 {
        let request = raw("test.slow", json!({"id": number})).read_only();
        tasks.spawn(service.clone().oneshot(request));
    }
    for response in tasks.join_all().await {
        assert_eq!(response.unwrap().result, json!(7));
    }
    assert_eq!((server.calls().len(), most.load(Ordering::SeqCst)), (6, 2));
}

#[tokio::test]
async fn a_service_returns_the_errors_of_calls() {
    let server = MockServer::start(|_| MockResponse::error(404, "NOT_FOUND", "No such deal")).await;
    let client = Client::webhook(&server.webhook()).unwrap();
    let error = client.oneshot(raw("crm.deal.get", json!({"id": 1}))).await.unwrap_err();
    assert_eq!(error.code(), Some("NOT_FOUND"));
}
