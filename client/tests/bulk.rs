//! Many requests, each with its own outcome, and their journal.

use std::collections::{BTreeMap, HashMap};
use std::io;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use bitrix24_client::{
    Bulk, BulkOutcome, Client, FileJournal, Journal, JournalFuture, JournalOutcome, JournalState, NoLimit,
};
use bitrix24_core::retry::RetryPolicy;
use bitrix24_core::{ErrorKind, Executed, Map, RawRequest, Value, json, raw};
use tokio::time::sleep;

use bitrix24_testing::{Call, Fault, MockResponse, MockServer};

/// How many times each record was updated.
type Updates = Arc<Mutex<BTreeMap<u64, u32>>>;

fn client(server: &MockServer) -> Client {
    let retries = RetryPolicy::default().with_max_attempts(2).with_initial_backoff(Duration::from_millis(1));
    Client::builder().limiter(NoLimit).retry_policy(retries).webhook(&server.webhook()).unwrap()
}

/// Counts updates of records. Records that end in 7 do not exist; those that end in 77 do not exist, and the error is unknown.
fn update(updates: &Updates, params: &Map<String, Value>) -> Value {
    let id = params["id"].as_str().map_or_else(|| params["id"].as_u64().unwrap(), |id| id.parse().unwrap());
    match id % 100 {
        77 => json!({"error": "", "error_description": "?"}),
        rest if rest % 10 == 7 => json!({"error": "ERROR_METHOD_NOT_FOUND", "error_description": "no"}),
        _ => {
            *updates.lock().unwrap().entry(id).or_default() += 1;
            json!({"result": true})
        }
    }
}

fn answer(updates: &Updates, call: &Call) -> MockResponse {
    match call.method.as_str() {
        "batch" => MockResponse::result(bitrix24_testing::run_batch(&call.params, |_, params| {
            update(updates, params)
        })),
        _ => {
            let response = update(updates, call.params.as_object().unwrap());
            MockResponse::json(if response.get("error").is_some() { 400 } else { 200 }, &response)
        }
    }
}

async fn start() -> (MockServer, Updates) {
    let updates = Updates::default();
    let state = Arc::clone(&updates);
    (MockServer::start(move |call| answer(&state, call)).await, updates)
}

fn requests(ids: std::ops::Range<u64>) -> impl Iterator<Item = (u64, RawRequest)> {
    ids.map(|id| (id, raw("test.update", json!({"id": id, "fields": {"PRICE": id * 2}}))))
}

async fn collect<I: Iterator<Item = (u64, RawRequest)>>(
    mut bulk: Bulk<u64, RawRequest, I>,
) -> Vec<(u64, BulkOutcome<RawRequest>)> {
    let mut all = Vec::new();
    while let Some(outcome) = bulk.next().await {
        all.push(outcome);
    }
    all
}

/// The keys of the outcomes that are successful, not executed, and uncertain.
fn sorted(outcomes: &[(u64, BulkOutcome<RawRequest>)]) -> [Vec<u64>; 3] {
    let mut sorted: [Vec<u64>; 3] = Default::default();
    for (key, outcome) in outcomes {
        let place = match outcome.as_ref().map_err(|error| error.executed()) {
            Ok(_) | Err(Executed::Yes) => 0,
            Err(Executed::No) => 1,
            Err(_) => 2,
        };
        sorted[place].push(*key);
    }
    sorted.iter_mut().for_each(|keys| keys.sort_unstable());
    sorted
}

#[tokio::test]
async fn each_of_ten_thousand_requests_has_its_own_outcome() {
    let (server, updates) = start().await;
    let read = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&read);
    let counting = requests(0..10_000).inspect(move |_| {
        counted.fetch_add(1, Ordering::Relaxed);
    });
    let mut bulk = client(&server).bulk(counting).concurrency(3);
    let mut outcomes: HashMap<u64, BulkOutcome<RawRequest>> = HashMap::new();
    while let Some((key, outcome)) = bulk.next().await {
        // Requests are read as they are sent, and outcomes do not pile up.
        let ahead = read.load(Ordering::Relaxed) - outcomes.len();
        assert!(ahead <= 1000 + 4 * 50, "{ahead}");
        assert!(outcomes.insert(key, outcome).is_none(), "{key} twice");
    }
    assert_eq!((outcomes.len(), server.calls().len()), (10_000, 200));
    for (key, outcome) in outcomes {
        let executed = outcome.map(|response| response.result).map_err(|error| error.executed());
        let expected = match key % 100 {
            77 => Err(Executed::Unknown),
            rest if rest % 10 == 7 => Err(Executed::No),
            _ => Ok(json!(true)),
        };
        assert_eq!(executed, expected, "{key}");
    }
    let updates = updates.lock().unwrap();
    assert!(updates.len() == 9_000 && updates.values().all(|count| *count == 1));
}

#[tokio::test]
async fn requests_that_a_batch_cannot_express_are_calls_of_their_own() {
    let (server, _) = start().await;
    let mut requests: Vec<_> = requests(0..5).collect();
    requests.push((10, raw("test.update", json!({"id": 10, "fields": {"PRICE": null}}))));
    requests.push((11, raw("test.update", json!({"id": 11, "fields": {"NAME": "$result[x]"}}))));
    requests.push((12, raw("test.update", json!({"id": 12})).v3()));
    let outcomes = collect(client(&server).bulk(requests)).await;
    assert_eq!(sorted(&outcomes), [vec![0, 1, 2, 3, 4, 10, 11, 12], vec![], vec![]]);
    let mut methods: Vec<String> = server.calls().into_iter().map(|call| call.method).collect();
    methods.sort();
    assert_eq!(methods, ["batch", "test.update", "test.update", "test.update"]);
    let fields = |id: u64| server.calls().into_iter().find(|call| call.params["id"] == id).unwrap().params;
    assert_eq!(fields(10)["fields"], json!({"PRICE": null}));
}

#[tokio::test]
async fn a_lost_call_is_uncertain_and_the_others_go_on() {
    let (server, updates) = start().await;
    server.fail("batch", Fault::LoseResponse).skipping(2);
    let outcomes = collect(client(&server).bulk(requests(0..500).filter(|(id, _)| id % 10 != 7))).await;
    let [done, not_executed, uncertain] = sorted(&outcomes);
    assert_eq!((done.len(), not_executed.len(), uncertain.len()), (400, 0, 50));
    assert!(updates.lock().unwrap().values().all(|count| *count == 1), "nothing is repeated");
    assert_eq!(server.calls().len(), 9);
}

#[tokio::test]
async fn nothing_more_is_sent_after_several_failed_calls_in_a_row() {
    for (max, expected) in [(2, 2), (5, 5), (0, 20)] {
        let (server, updates) = start().await;
        server.fail("batch", Fault::Html(403)).always();
        let bulk = client(&server).bulk(requests(0..1000)).concurrency(1).max_failed_calls(max);
        let outcomes = collect(bulk).await;
        let [_, not_executed, uncertain] = sorted(&outcomes);
        assert_eq!(server.calls().len(), expected, "{max}");
        assert_eq!((uncertain.len(), not_executed.len()), (expected * 50, 1000 - expected * 50), "{max}");
        if let Some((_, Err(error))) = outcomes.last().filter(|_| max > 0) {
            assert_eq!((error.kind(), error.executed()), (ErrorKind::NotExecuted, Executed::No));
            assert!(error.to_string().contains(&format!("{max} calls in a row failed")), "{error}");
        }
        assert!(updates.lock().unwrap().is_empty());
    }
}

#[tokio::test]
async fn a_dropped_bulk_sends_nothing_more_and_continues_with_its_journal() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.journal");
    let (server, updates) = start().await;
    let mut bulk = client(&server).bulk(requests(0..2000)).journal(FileJournal::open(&path).unwrap());
    let mut handled = 0;
    while handled < 500 {
        handled += usize::from(bulk.next().await.unwrap().1.is_ok());
    }
    drop(bulk);
    sleep(Duration::from_millis(200)).await;
    let calls = server.calls().len();
    sleep(Duration::from_millis(200)).await;
    assert_eq!(server.calls().len(), calls);

    let journal = FileJournal::open(&path).unwrap();
    let (finished, uncertain) = (journal.finished(), journal.uncertain());
    assert!(finished >= 500 && uncertain <= 100 + 40, "{finished} {uncertain}");
    let outcomes = collect(client(&server).bulk(requests(0..2000)).journal(journal)).await;
    let open: Vec<u64> = sorted(&outcomes)[2].iter().copied().filter(|id| id % 100 != 77).collect();
    assert!(open.len() <= 100, "{open:?}");
    let updates = updates.lock().unwrap().clone();
    for id in (0..2000).filter(|id| id % 10 != 7) {
        let count = updates.get(&id).copied().unwrap_or_default();
        assert!(count == 1 || (count == 0 && open.contains(&id)), "{id}: {count}");
    }
    // What ran is not yielded again, what did not run is sent again, what is uncertain is reported again.
    drop(outcomes);
    let outcomes = collect(client(&server).bulk(requests(0..2000)).journal(reopen(&path).await)).await;
    let [done, not_executed, uncertain] = sorted(&outcomes);
    assert_eq!(done, Vec::<u64>::new());
    assert_eq!(
        not_executed.len() + uncertain.iter().filter(|id| *id % 10 == 7 && *id % 100 != 77).count(),
        180
    );
    assert_eq!(uncertain.iter().filter(|id| *id % 100 == 77).count(), 20);
    let (_, error) = outcomes.iter().find(|(id, _)| id % 100 == 77).unwrap();
    assert!(error.as_ref().unwrap_err().to_string().contains("an earlier run"), "{error:?}");
}

/// Opens a journal whose last write may not have ended yet.
async fn reopen(path: &std::path::Path) -> FileJournal {
    loop {
        match FileJournal::open(path) {
            Ok(journal) => return journal,
            Err(error) => assert_eq!(error.kind(), io::ErrorKind::WouldBlock, "{error}"),
        }
        sleep(Duration::from_millis(5)).await;
    }
}

/// A journal in memory that fails from some operation on.
#[derive(Default)]
struct FailingJournal {
    states: Mutex<HashMap<String, JournalState>>,
    results: Mutex<HashMap<String, Value>>,
    starts: AtomicUsize,
    finishes: AtomicUsize,
    fails_to_start: Option<usize>,
    fails_to_finish: Option<usize>,
    fails_to_read: bool,
}

impl FailingJournal {
    fn fail<T: Send + 'static>(text: &'static str) -> JournalFuture<'static, T> {
        Box::pin(std::future::ready(Err(text.into())))
    }
}

impl Journal for FailingJournal {
    fn states<'a>(&'a self, keys: &'a [String]) -> JournalFuture<'a, Vec<JournalState>> {
        if self.fails_to_read {
            return Self::fail("no connection to the database");
        }
        let states = self.states.lock().unwrap();
        let states = keys.iter().map(|key| states.get(key).copied().unwrap_or(JournalState::New)).collect();
        Box::pin(std::future::ready(Ok(states)))
    }

    fn start<'a>(&'a self, keys: &'a [String]) -> JournalFuture<'a, ()> {
        if Some(self.starts.fetch_add(1, Ordering::SeqCst)) == self.fails_to_start {
            return Self::fail("disk full");
        }
        self.states.lock().unwrap().extend(keys.iter().map(|key| (key.clone(), JournalState::Started)));
        Box::pin(std::future::ready(Ok(())))
    }

    fn finish<'a>(&'a self, outcomes: &'a [JournalOutcome<'a>]) -> JournalFuture<'a, ()> {
        if Some(self.finishes.fetch_add(1, Ordering::SeqCst)) == self.fails_to_finish {
            return Self::fail("disk full");
        }
        for outcome in outcomes {
            let state = match outcome.executed() {
                Executed::Yes => JournalState::Finished,
                Executed::No => JournalState::New,
                _ => JournalState::Started,
            };
            self.states.lock().unwrap().insert(outcome.key().to_owned(), state);
            if let Some(result) = outcome.result() {
                self.results.lock().unwrap().insert(outcome.key().to_owned(), result.to_value());
            }
        }
        Box::pin(std::future::ready(Ok(())))
    }
}

#[tokio::test]
async fn nothing_is_sent_that_the_journal_cannot_record() {
    let (server, updates) = start().await;
    let journal = Arc::new(FailingJournal { fails_to_start: Some(2), ..FailingJournal::default() });
    let run = || client(&server).bulk(requests(0..1000)).concurrency(1).journal(Arc::clone(&journal));
    let outcomes = collect(run()).await;
    assert_eq!((server.calls().len(), outcomes.len()), (2, 1000));
    let (key, failed) = &outcomes[100];
    let error = failed.as_ref().unwrap_err();
    assert_eq!((*key, error.kind(), error.executed()), (100, ErrorKind::NotExecuted, Executed::No));
    assert!(error.to_string().contains("the journal cannot be written: disk full"), "{error}");
    // The journal works again.
    assert_eq!(journal.results.lock().unwrap().len(), 90);
    collect(run()).await;
    assert_eq!(journal.results.lock().unwrap().len(), 900);
    assert!(
        updates.lock().unwrap().len() == 900 && updates.lock().unwrap().values().all(|count| *count == 1)
    );
}

#[tokio::test]
async fn outcomes_that_the_journal_cannot_record_are_yielded_and_uncertain_later() {
    let (server, updates) = start().await;
    let journal = Arc::new(FailingJournal { fails_to_finish: Some(1), ..FailingJournal::default() });
    let run = || {
        let requests = requests(0..1000).filter(|(id, _)| id % 10 != 7);
        client(&server).bulk(requests).concurrency(1).journal(Arc::clone(&journal))
    };
    let [done, not_executed, uncertain] = sorted(&collect(run()).await);
    assert_eq!((done.len(), not_executed.len(), uncertain.len()), (100, 800, 0));
    assert_eq!(server.calls().len(), 2);
    let [done, not_executed, uncertain] = sorted(&collect(run()).await);
    assert_eq!((done.len(), not_executed.len(), uncertain.len()), (800, 0, 50));
    assert!(updates.lock().unwrap().values().all(|count| *count == 1));
}

#[tokio::test]
async fn nothing_is_sent_if_the_journal_cannot_be_read() {
    let (server, _) = start().await;
    let journal = FailingJournal { fails_to_read: true, ..FailingJournal::default() };
    let outcomes = collect(client(&server).bulk(requests(0..200)).journal(journal)).await;
    assert_eq!((server.calls().len(), outcomes.len()), (0, 200));
    for (key, outcome) in &outcomes {
        let error = outcome.as_ref().unwrap_err();
        // An earlier run may have executed it; only the journal knows.
        assert_eq!((error.kind(), error.executed()), (ErrorKind::NotExecuted, Executed::Unknown), "{key}");
        let text = error.to_string();
        assert!(
            text.contains("an earlier run may have executed it: the journal cannot be read: no conn"),
            "{text}"
        );
    }
}

#[tokio::test]
async fn a_journal_that_was_cut_off_is_read_and_one_that_is_none_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("b.journal");
    let (server, _) = start().await;
    let journal = FileJournal::open(&path).unwrap();
    collect(client(&server).bulk(requests(0..60)).concurrency(1).journal(journal)).await;
    drop(reopen(&path).await);
    let whole = std::fs::read(&path).unwrap();
    for length in (0..=whole.len()).step_by(7) {
        std::fs::write(&path, &whole[..length]).unwrap();
        let journal = reopen(&path).await;
        let lines = whole[..length].iter().filter(|byte| **byte == b'\n').count();
        let known = journal.finished() + journal.uncertain();
        // Two calls, each with a line before and one after; those that did not run are new again.
        let expected = [0, 50, 45, 55, 54][lines];
        assert_eq!(known, expected, "{length}");
        drop(journal);
        assert!(std::fs::read(&path).unwrap().len() <= length);
    }
    std::fs::write(&path, "{\"started\":[\"1\"]}\nprices\n").unwrap();
    let error = FileJournal::open(&path).unwrap_err();
    assert_eq!(error.kind(), io::ErrorKind::InvalidData);
    assert!(error.to_string().contains("line 2"), "{error}");
}
