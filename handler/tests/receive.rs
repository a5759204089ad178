//! Which requests are accepted, and which are refused with what status.

mod common;

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use bitrix24_core::json;
use bitrix24_core::oauth::IncomingRequest;
use bitrix24_handler::{
    Incoming, Installation, Installations, MemoryInstallations, Receiver, Refusal, StoreError, StoreFuture,
};
use bitrix24_portal::Outgoing;

use common::{
    APPLICATION_TOKEN, MEMBER_ID, NOW, builder, deal_event, installation, portal, receive, receive_form,
};

#[track_caller]
fn status(result: Result<Incoming, Refusal>) -> (u16, String) {
    let refusal = result.expect_err("a refusal");
    (refusal.status(), format!("{refusal:?}"))
}

#[tokio::test]
async fn an_event_with_the_token_of_its_portal_is_accepted() {
    let portal = portal().await;
    let incoming = receive(&builder().build(), &deal_event(&portal, 7)).await.unwrap();
    let Incoming::Event(event) = incoming else { panic!("{incoming:?}") };
    assert!(event.is("onCrmDealAdd"));
    assert_eq!(event.data()["FIELDS"]["ID"], "7");
    assert!(event.tokens().is_some());
    assert!(receive(&builder().build(), &deal_event(&portal, 7).without_tokens()).await.is_ok());
}

#[tokio::test]
async fn an_event_with_another_token_or_of_another_portal_is_refused() {
    let portal = portal().await;
    let receiver = builder().build();
    let event = deal_event(&portal, 7);
    let shorter = &APPLICATION_TOKEN[..APPLICATION_TOKEN.len() - 1];
    let cases = [
        (event.clone().with("auth[application_token]", format!("{shorter}f")), 403, "ForgedToken"),
        (event.clone().with("auth[application_token]", shorter), 403, "ForgedToken"),
        (event.clone().with("auth[application_token]", ""), 400, "Incomplete(\"auth[application_token]\")"),
        (
            event.clone().with("auth[application_token]", "undefined"),
            400,
            "Incomplete(\"auth[application_token]\")",
        ),
        (
            event.clone().with("auth[application_token]", json!(["x"])),
            400,
            "Incomplete(\"auth[application_token]\")",
        ),
        (
            event.clone().with("auth[application_token]", json!(null)),
            400,
            "Incomplete(\"auth[application_token]\")",
        ),
        (event.clone().with("auth[member_id]", MEMBER_ID.replace('3', "4")), 403, "UnknownPortal"),
        (event.clone().with("auth[member_id]", "undefined"), 400, "Incomplete(\"auth[member_id]\")"),
        (event.clone().with("auth[member_id]", "../../etc/passwd"), 400, "Incomplete(\"auth[member_id]\")"),
        (event.clone().with("auth[member_id]", "x".repeat(65)), 400, "Incomplete(\"auth[member_id]\")"),
        (event.clone().with("auth", "undefined"), 400, "Malformed"),
    ];
    for (request, expected, variant) in cases {
        let (status, shown) = status(receive(&receiver, &request).await);
        assert_eq!(status, expected, "{}", request.body());
        assert!(shown.starts_with(variant), "{shown}");
    }
    assert!(receive(&receiver, &event).await.is_ok(), "refused requests are not remembered");
}

#[tokio::test]
async fn a_response_does_not_tell_whether_a_portal_is_known() {
    let portal = portal().await;
    let receiver = builder().build();
    let forged = deal_event(&portal, 7).with("auth[application_token]", "another");
    let other = forged.clone().with("auth[member_id]", "another");
    let forged = receive(&receiver, &forged).await.unwrap_err();
    let other = receive(&receiver, &other).await.unwrap_err();
    assert_eq!((forged.status(), forged.response_text()), (other.status(), other.response_text()));
    assert_ne!(forged.to_string(), other.to_string(), "but the log does");
}

#[tokio::test]
async fn a_request_is_accepted_only_while_it_is_recent() {
    let portal = portal().await;
    let receiver = builder().max_age(Duration::from_secs(600)).clock_skew(Duration::from_secs(60)).build();
    let event = deal_event(&portal, 7);
    let cases = [
        (json!(NOW - 600), None),
        (json!(NOW - 601), Some((403, "TooOld"))),
        (json!(1), Some((403, "TooOld"))),
        (json!(NOW + 60), None),
        (json!(NOW + 61), Some((403, "FromTheFuture"))),
        (json!(u64::MAX), Some((403, "FromTheFuture"))),
        (json!("undefined"), Some((400, "Incomplete(\"ts\")"))),
        (json!("-5"), Some((400, "Incomplete(\"ts\")"))),
        (json!("99999999999999999999999"), Some((400, "Incomplete(\"ts\")"))),
        (json!(null), Some((400, "Incomplete(\"ts\")"))),
    ];
    for (time, expected) in cases {
        let refusal = receive(&receiver, &event.clone().with("ts", time.clone())).await.err();
        let shown = refusal.as_ref().map(|refusal| (refusal.status(), format!("{refusal:?}")));
        assert_eq!(shown, expected.map(|(status, text)| (status, text.to_owned())), "{time}");
    }
    let receiver = builder().accept_without_time().build();
    for _ in 0..2 {
        assert!(receive(&receiver, &event.clone().with("ts", json!(null))).await.is_ok());
    }
}

#[tokio::test]
async fn a_repeated_request_is_refused() {
    let portal = portal().await;
    let receiver = builder().build();
    let event = deal_event(&portal, 7);
    assert!(receive(&receiver, &event).await.is_ok());
    let again = receive(&receiver, &event).await;
    assert_eq!(status(again), (409, "Repeated".to_owned()));
    assert!(
        receive(&receiver, &event.clone().with("ts", NOW - 1)).await.is_ok(),
        "an event of another second"
    );
    assert!(receive(&receiver, &deal_event(&portal, 8)).await.is_ok());
    let forgetful = builder().remembered(0).build();
    for _ in 0..2 {
        assert!(receive(&forgetful, &event).await.is_ok());
    }
}

#[tokio::test]
async fn equal_events_are_accepted_while_they_may_be_two() {
    let portal = portal().await;
    let receiver = builder().repeat_tolerance(Duration::from_secs(60)).build();
    let event = deal_event(&portal, 7).with("ts", NOW - 60);
    for _ in 0..2 {
        assert!(receive(&receiver, &event).await.is_ok());
    }
    let older = deal_event(&portal, 7).with("ts", NOW - 61);
    assert!(receive(&receiver, &older).await.is_ok());
    assert_eq!(status(receive(&receiver, &older).await), (409, "Repeated".to_owned()));
    let robot = portal.robot_request("robot", &json!({"code": "feed"})).with("ts", NOW);
    assert!(receive(&receiver, &robot).await.is_ok());
    assert_eq!(status(receive(&receiver, &robot).await), (409, "Repeated".to_owned()), "no event");
}

#[tokio::test]
async fn of_the_same_request_at_the_same_time_one_is_accepted() {
    let portal = portal().await;
    let receiver = builder().build();
    let body: Arc<str> = deal_event(&portal, 7).body().into();
    let tasks: Vec<_> = (0..50)
        .map(|_| {
            let (receiver, body) = (receiver.clone(), Arc::clone(&body));
            tokio::spawn(async move { receive_form(&receiver, &body).await.is_ok() })
        })
        .collect();
    let mut accepted = 0;
    for task in tasks {
        accepted += usize::from(task.await.unwrap());
    }
    assert_eq!(accepted, 1);
}

#[tokio::test]
async fn an_installation_is_not_trusted_before_it_is_confirmed() {
    let portal = portal().await;
    let install = portal.install_request().with("ts", NOW);
    let none = Receiver::builder(MemoryInstallations::default()).build();
    assert_eq!(status(receive(&none, &install).await), (403, "NoConfirmation".to_owned()));

    let asked = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&asked);
    let receiver = Receiver::builder(MemoryInstallations::default())
        .confirm(move |candidate| {
            let number = count.fetch_add(1, Ordering::SeqCst);
            async move {
                assert_eq!(candidate.member_id(), MEMBER_ID);
                assert!(candidate.replaces().is_none() && candidate.tokens().is_some());
                match number {
                    0 => Ok(false),
                    1 => Err(StoreError::from("the server is down")),
                    _ => Ok(true),
                }
            }
        })
        .build();
    assert_eq!(status(receive(&receiver, &install).await), (403, "NotConfirmed".to_owned()));
    assert_eq!(status(receive(&receiver, &deal_event(&portal, 7)).await), (403, "UnknownPortal".to_owned()));
    assert_eq!(status(receive(&receiver, &install).await), (503, "ConfirmationFailed".to_owned()));
    let incoming = receive(&receiver, &install).await.unwrap();
    let Incoming::Install(installed) = incoming else { panic!("{incoming:?}") };
    assert!(installed.is_confirmed() && !installed.is_reinstallation());
    assert!(installed.tokens().and_then(|tokens| tokens.refresh_token()).is_some());
    assert!(receive(&receiver, &deal_event(&portal, 7)).await.is_ok());

    // With the known token, nothing has to be confirmed.
    let again = receive(&receiver, &install.with("ts", NOW - 1)).await.unwrap();
    let Incoming::Install(again) = again else { panic!("{again:?}") };
    assert!(again.is_reinstallation() && !again.is_confirmed());
    assert_eq!(asked.load(Ordering::SeqCst), 3);
}

#[tokio::test]
async fn a_new_token_replaces_the_known_one_only_if_it_is_confirmed() {
    let portal = portal().await;
    let genuine = Arc::new(std::sync::atomic::AtomicBool::new(false));
    let answer = Arc::clone(&genuine);
    let webhook = installation().with_webhook_token("webhook-token");
    let receiver = Receiver::builder(MemoryInstallations::from_iter([webhook]))
        .confirm(move |candidate| {
            assert_eq!(
                candidate.replaces().and_then(Installation::application_token),
                Some(APPLICATION_TOKEN)
            );
            let genuine = answer.load(Ordering::SeqCst);
            async move { Ok(genuine) }
        })
        .build();
    let with_new = |request: Outgoing| request.with("auth[application_token]", "new-token");
    let install = with_new(portal.install_request()).with("ts", NOW);
    let update = with_new(portal.event_request("OnAppUpdate", json!({"VERSION": 2}))).with("ts", NOW);
    for forged in [&install, &update] {
        assert_eq!(status(receive(&receiver, forged).await), (403, "NotConfirmed".to_owned()));
    }
    assert!(receive(&receiver, &deal_event(&portal, 1)).await.is_ok(), "the known token stays");
    genuine.store(true, Ordering::SeqCst);
    let updated = receive(&receiver, &update).await.unwrap();
    assert!(matches!(updated, Incoming::Install(install) if install.is_reinstallation()));
    assert_eq!(status(receive(&receiver, &deal_event(&portal, 2)).await), (403, "ForgedToken".to_owned()));
    assert!(receive(&receiver, &with_new(deal_event(&portal, 2))).await.is_ok());
    let of_webhook = deal_event(&portal, 3).with("auth[application_token]", "webhook-token");
    assert!(receive(&receiver, &of_webhook).await.is_ok(), "outgoing webhooks stay");
    // An update with the known token is an event.
    let update = update.with("ts", NOW - 5);
    assert!(matches!(receive(&receiver, &update).await.unwrap(), Incoming::Event(_)));
}

#[tokio::test]
async fn few_installations_are_confirmed_at_the_same_time() {
    let portal = portal().await;
    let [running, most] = [0, 1].map(|_| Arc::new(AtomicUsize::new(0)));
    let counts = (Arc::clone(&running), Arc::clone(&most));
    let receiver = Receiver::builder(MemoryInstallations::default())
        .max_confirmations(3)
        .max_waiting_confirmations(10)
        .confirm(move |_| {
            let (running, most) = counts.clone();
            async move {
                most.fetch_max(running.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
                tokio::time::sleep(Duration::from_millis(20)).await;
                running.fetch_sub(1, Ordering::SeqCst);
                Ok(false)
            }
        })
        .build();
    // Each of another portal, since the server does not say who has sent it.
    let forged = (0..40).map(|at| {
        let install = portal.install_request().with("ts", NOW).with("auth[member_id]", format!("m{at}"));
        let receiver = receiver.clone();
        tokio::spawn(async move { receive(&receiver, &install).await.unwrap_err().status() })
    });
    let mut statuses = Vec::new();
    for task in forged.collect::<Vec<_>>() {
        statuses.push(task.await.unwrap());
    }
    assert!(most.load(Ordering::SeqCst) <= 3);
    let confirmed = statuses.iter().filter(|status| **status == 403).count();
    assert_eq!(
        (confirmed, statuses.len() - confirmed),
        (13, 27),
        "3 at once and 10 that waited; the others 503"
    );
}

/// The address of a sender, as the server knows it.
async fn receive_from(
    receiver: &Receiver,
    address: [u8; 4],
    request: &Outgoing,
) -> Result<Incoming, Refusal> {
    let body = request.body();
    receiver.receive(IncomingRequest::new(body.as_bytes()).with_source(address.into()), NOW).await
}

#[tokio::test]
async fn forged_installations_keep_out_no_genuine_one() {
    let portal = portal().await;
    let receiver = Receiver::builder(MemoryInstallations::default())
        .confirm(|candidate| async move {
            if candidate.member_id() == MEMBER_ID {
                return Ok(true);
            }
            // The forged ones take as long as they can.
            std::future::pending().await
        })
        .build();
    let mut forged = Vec::new();
    for at in 0..200 {
        let (receiver, portal) = (receiver.clone(), portal.install_request().with("ts", NOW));
        let install = portal.with("auth[member_id]", format!("m{at}"));
        forged.push(tokio::spawn(async move { receive_from(&receiver, [10, 0, 0, 1], &install).await }));
        tokio::task::yield_now().await;
    }
    let install = portal.install_request().with("ts", NOW);
    let genuine = receive_from(&receiver, [10, 0, 0, 2], &install);
    let genuine = tokio::time::timeout(Duration::from_secs(10), genuine).await.expect("a place at once");
    assert!(matches!(genuine, Ok(Incoming::Install(_))), "{genuine:?}");
    assert!(receive(&receiver, &deal_event(&portal, 7)).await.is_ok());
    forged.iter().for_each(tokio::task::JoinHandle::abort);
}

#[tokio::test(start_paused = true)]
async fn a_confirmation_that_takes_too_long_gives_up_its_place() {
    let portal = portal().await;
    let receiver = Receiver::builder(MemoryInstallations::default())
        .max_confirmations(1)
        .confirmation_timeout(Duration::from_secs(30))
        .confirm(|candidate| async move {
            if candidate.member_id() == MEMBER_ID { Ok(true) } else { std::future::pending().await }
        })
        .build();
    let forged = portal.install_request().with("ts", NOW).with("auth[member_id]", "another");
    let slow = receive_from(&receiver, [10, 0, 0, 1], &forged);
    let install = portal.install_request().with("ts", NOW);
    let genuine = async {
        tokio::task::yield_now().await;
        tokio::time::sleep(Duration::from_secs(5)).await;
        receive_from(&receiver, [10, 0, 0, 1], &install).await
    };
    let (slow, genuine) = tokio::join!(slow, genuine);
    assert_eq!(status(slow), (503, "ConfirmationFailed".to_owned()));
    assert!(genuine.is_ok(), "{genuine:?}");
}

#[tokio::test]
async fn a_long_request_is_not_kept_until_it_is_confirmed() {
    let portal = portal().await;
    let receiver = Receiver::builder(MemoryInstallations::default())
        .confirm(|_| async { panic!("it is refused before") })
        .build();
    let long = portal.install_request().with("ts", NOW).with("data[text]", "x".repeat(100_000));
    assert_eq!(status(receive(&receiver, &long).await), (413, "TooLarge".to_owned()));
}

#[tokio::test]
async fn a_removal_needs_the_token_and_ends_the_installation() {
    let portal = portal().await;
    let receiver = builder().build();
    let uninstall = portal.uninstall_request(true).with("ts", NOW);
    let forged = uninstall.clone().with("auth[application_token]", "another");
    assert_eq!(status(receive(&receiver, &forged).await), (403, "ForgedToken".to_owned()));
    let delayed = uninstall.clone().with("ts", 1_699_999_999);
    let patient = builder().max_age(Duration::MAX).build();
    assert_eq!(
        status(receive(&patient, &delayed).await),
        (403, "TooOld".to_owned()),
        "before the installation"
    );
    let removed = receive(&receiver, &uninstall).await.unwrap();
    let Incoming::Uninstall(removed) = removed else { panic!("{removed:?}") };
    assert!(removed.is_clean() && removed.member_id() == MEMBER_ID);
    assert_eq!(status(receive(&receiver, &deal_event(&portal, 7)).await), (403, "UnknownPortal".to_owned()));
    let kept = receive(&builder().build(), &portal.uninstall_request(false).with("ts", NOW)).await.unwrap();
    assert!(matches!(kept, Incoming::Uninstall(removed) if !removed.is_clean()));
}

/// A store of several processes: before this process changes an installation, another one does.
struct Raced {
    stored: MemoryInstallations,
    other: std::sync::Mutex<Vec<Option<Installation>>>,
}

impl Raced {
    fn receiver(others: impl IntoIterator<Item = Option<Installation>>) -> (Receiver, Arc<Self>) {
        let stored = MemoryInstallations::from_iter([installation()]);
        let raced = Arc::new(Self { stored, other: std::sync::Mutex::new(others.into_iter().collect()) });
        (Receiver::builder(Arc::clone(&raced)).confirm(|_| async { Ok(true) }).build(), raced)
    }
}

impl Installations for Raced {
    fn load<'a>(&'a self, member_id: &'a str) -> StoreFuture<'a, Option<Installation>> {
        self.stored.load(member_id)
    }

    fn replace<'a>(
        &'a self,
        member_id: &'a str,
        expected: Option<&'a Installation>,
        new: Option<&'a Installation>,
    ) -> StoreFuture<'a, bool> {
        Box::pin(async move {
            let other = self.other.lock().unwrap().pop();
            if let Some(other) = other {
                let known = self.stored.load(member_id).await?;
                assert!(self.stored.replace(member_id, known.as_ref(), other.as_ref()).await?);
            }
            self.stored.replace(member_id, expected, new).await
        })
    }
}

#[tokio::test]
async fn a_removal_ends_no_installation_that_another_process_has_saved_meanwhile() {
    let portal = portal().await;
    let newer = installation().with_application_token("new-token", NOW);
    let uninstall = portal.uninstall_request(false).with("ts", NOW);
    let (receiver, raced) = Raced::receiver([Some(newer.clone())]);
    assert_eq!(status(receive(&receiver, &uninstall).await), (403, "TooOld".to_owned()));
    assert_eq!(raced.load(MEMBER_ID).await.unwrap(), Some(newer.clone()));
    // What changes without another token is taken over.
    let with_webhook = installation().with_webhook_token("webhook-token");
    let (receiver, raced) = Raced::receiver([Some(with_webhook)]);
    assert!(receive(&receiver, &uninstall).await.is_ok());
    let left = raced.load(MEMBER_ID).await.unwrap().unwrap();
    assert!(left.application_token().is_none() && left.verify("webhook-token"));
    let (receiver, raced) = Raced::receiver([None]);
    assert!(receive(&receiver, &uninstall).await.is_ok(), "another process has removed it");
    assert_eq!(raced.load(MEMBER_ID).await.unwrap(), None);
    let many = (0..20).map(|at| Some(installation().with_webhook_token(at.to_string())));
    let (receiver, _) = Raced::receiver(many);
    assert_eq!(status(receive(&receiver, &uninstall).await), (503, "Store".to_owned()), "it is bounded");
}

#[tokio::test]
async fn of_two_installations_the_later_one_stays() {
    let portal = portal().await;
    let newer = installation().with_application_token("newest", NOW);
    let install = portal.install_request().with("auth[application_token]", "new");
    let (receiver, raced) = Raced::receiver([Some(newer.clone())]);
    assert_eq!(
        status(receive(&receiver, &install.clone().with("ts", NOW - 9)).await),
        (403, "TooOld".to_owned())
    );
    assert_eq!(raced.load(MEMBER_ID).await.unwrap(), Some(newer.clone()));
    let (receiver, raced) = Raced::receiver([Some(newer)]);
    assert!(receive(&receiver, &install.with("ts", NOW + 9)).await.is_ok());
    let stored = raced.load(MEMBER_ID).await.unwrap().unwrap();
    assert_eq!((stored.application_token(), stored.installed_at()), (Some("new"), NOW + 9));
    // A repetition of the known one does not bring it back after its removal.
    let (receiver, raced) = Raced::receiver([None]);
    let again = portal.install_request().with("ts", NOW);
    assert_eq!(status(receive(&receiver, &again).await), (403, "TooOld".to_owned()));
    assert_eq!(raced.load(MEMBER_ID).await.unwrap(), None);
}

#[tokio::test]
async fn a_removal_leaves_outgoing_webhooks() {
    let portal = portal().await;
    let both = installation().with_webhook_token("webhook-token");
    let receiver = Receiver::builder(MemoryInstallations::from_iter([both])).build();
    for request in [portal.uninstall_request(false), portal.install_request()] {
        let by_webhook = request.with("ts", NOW).with("auth[application_token]", "webhook-token");
        assert_eq!(receive(&receiver, &by_webhook).await.unwrap_err().status(), 403, "not by a webhook");
    }
    assert!(receive(&receiver, &portal.uninstall_request(false).with("ts", NOW)).await.is_ok());
    assert_eq!(status(receive(&receiver, &deal_event(&portal, 7)).await), (403, "ForgedToken".to_owned()));
    let of_webhook = deal_event(&portal, 7).with("auth[application_token]", "webhook-token");
    assert!(receive(&receiver, &of_webhook).await.is_ok());
}

#[tokio::test]
async fn robots_and_settings_forms_are_distinguished_from_events() {
    let portal = portal().await;
    let receiver = builder().build();
    let robot =
        receive(&receiver, &portal.robot_request("robot", &json!({"text": "Call Ann"})).with("ts", NOW))
            .await
            .unwrap();
    let Incoming::Handler(robot) = robot else { panic!("{robot:?}") };
    assert_eq!(robot.fields()["properties"]["text"], "Call Ann");
    assert_eq!(robot.fields()["document_id"], json!(["crm", "CCrmDocumentDeal", "DEAL_1"]));
    // A form of settings has no time, and is opened as often as the user likes.
    let form = portal.event_request("OnAppSettingsDisplay", json!(null)).with("ts", json!(null));
    let saved = form.clone().with("event", json!(null)).with("saveform", "Y");
    for request in [&form, &form, &saved] {
        assert!(matches!(receive(&receiver, request).await.unwrap(), Incoming::Settings(_)));
    }
    let forged = form.with("auth[application_token]", "another");
    assert_eq!(status(receive(&receiver, &forged).await), (403, "ForgedToken".to_owned()));
}

#[tokio::test]
async fn a_page_is_parsed_and_not_verified() {
    let portal = portal().await;
    let receiver = Receiver::builder(MemoryInstallations::default()).build();
    let page = portal.page_request("CRM_DEAL_DETAIL_TAB", &json!({"ID": "7"}));
    for _ in 0..2 {
        let incoming = receive(&receiver, &page).await.unwrap();
        let Incoming::Page(opened) = incoming else { panic!("{incoming:?}") };
        assert_eq!(opened.placement().id(), Some(7));
        assert_eq!(opened.tokens().client_endpoint(), portal.client_endpoint());
    }
    let start = receive(&receiver, &portal.page_request("DEFAULT", &json!(null))).await.unwrap();
    assert!(matches!(start, Incoming::Page(page) if page.placement().options().is_null()));
    let body = page.body().replace(MEMBER_ID, "undefined");
    let request = IncomingRequest::new(body.as_bytes()).with_query("DOMAIN=undefined&PROTOCOL=undefined");
    assert_eq!(status(receiver.receive(request, NOW).await).0, 400);
}

/// A store that fails.
struct Broken;

impl Installations for Broken {
    fn load<'a>(&'a self, _: &'a str) -> StoreFuture<'a, Option<Installation>> {
        Box::pin(async { Ok(Some(installation())) })
    }

    fn replace<'a>(
        &'a self,
        _: &'a str,
        _: Option<&'a Installation>,
        _: Option<&'a Installation>,
    ) -> StoreFuture<'a, bool> {
        Box::pin(async { Err("the password s3cret is wrong".into()) })
    }
}

#[tokio::test]
async fn a_store_that_fails_costs_the_request_and_shows_nothing() {
    let portal = portal().await;
    let receiver = Receiver::builder(Broken).build();
    for request in [portal.install_request().with("ts", NOW), portal.uninstall_request(false).with("ts", NOW)]
    {
        for _ in 0..2 {
            let refusal = receive(&receiver, &request).await.unwrap_err();
            assert_eq!(refusal.status(), 503, "it may be sent again");
            let shown = format!("{refusal} {refusal:?} {}", refusal.response_text());
            assert!(!shown.contains("s3cret"), "{shown}");
            assert!(
                std::error::Error::source(&refusal)
                    .is_some_and(|source| source.to_string().contains("s3cret"))
            );
        }
    }
}

/// The sender may end the connection while the confirmation spends the token of the installation.
#[tokio::test]
async fn an_installation_is_finished_though_its_sender_is_gone() {
    let portal = portal().await;
    let (confirm, confirmed) = tokio::sync::watch::channel(false);
    let receiver = Receiver::builder(MemoryInstallations::default())
        .confirm(move |_| {
            let mut confirmed = confirmed.clone();
            async move { Ok(confirmed.wait_for(|confirmed| *confirmed).await.is_ok()) }
        })
        .build();
    let install = portal.install_request().with("ts", NOW);
    let gone = tokio::time::timeout(Duration::from_millis(20), receive(&receiver, &install)).await;
    assert!(gone.is_err(), "the future is dropped");
    confirm.send(true).unwrap();
    let wait = async {
        while receive(&receiver, &deal_event(&portal, 7)).await.is_err() {
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(10), wait).await.expect("the installation is saved");
}

#[tokio::test]
async fn a_full_inbox_confirms_no_installation() {
    let portal = portal().await;
    let receiver = Receiver::builder(MemoryInstallations::from_iter([installation()]))
        .confirm(|_| async { panic!("nothing is confirmed that has no place") })
        .build();
    let (inbox, _worker) = receiver.inbox(1);
    let body = deal_event(&portal, 7).body();
    inbox.receive(IncomingRequest::new(body.as_bytes()), NOW).await.unwrap();
    let body = portal.install_request().with("auth[member_id]", "another").with("ts", NOW).body();
    let refusal = inbox.receive(IncomingRequest::new(body.as_bytes()), NOW).await.unwrap_err();
    assert_eq!((refusal.status(), format!("{refusal:?}")), (503, "Overloaded".to_owned()));
}
