//! Results of batches.

use bitrix24::{Batch, Client, Value, json, raw};
use bitrix24_testing::{MockResponse, MockServer};

/// A result of a batch, whether `one` and `two` succeed, and the code of the error of `two`.
type BatchRow = (u32, Value, bool, bool, Option<&'static str>);

#[tokio::test]
async fn results_of_batches() {
    let error = json!({"error": "NOT_FOUND", "error_description": "Gone"});
    let rows: Vec<BatchRow> = vec![
        (
            36,
            json!({"result": [], "result_error": {"c0": error, "c1": error}, "result_time": []}),
            false,
            false,
            Some("NOT_FOUND"),
        ),
        (
            40,
            json!({"result": {"c0": 1, "c1": 2}, "result_error": [], "result_total": [], "result_next": []}),
            true,
            true,
            None,
        ),
        (
            42,
            json!({"result": {"c0": 1}, "result_error": {"c1": error}, "result_time": {"c0": {"start": 1}}}),
            true,
            false,
            Some("NOT_FOUND"),
        ),
        (45, json!({"result": {"c0": null, "c1": 58943}, "result_error": []}), true, true, None),
    ];
    for (fact, result, one_holds, two_holds, code) in rows {
        let body = result.clone();
        let server = MockServer::start(move |call| {
            // The client chooses the names of its commands.
            let names: Vec<&String> = call.params["cmd"].as_object().unwrap().keys().collect();
            let text = body.to_string().replace("\"c0\"", &format!("{:?}", names[0]));
            let text = text.replace("\"c1\"", &format!("{:?}", names[1]));
            MockResponse::result(serde_json::from_str(&text).unwrap())
        })
        .await;
        let client = Client::webhook(&server.webhook()).unwrap();
        let mut batch = Batch::new();
        let one = batch.add(raw("zoo.animal.get", json!({"id": 1})));
        let two = batch.add(raw("zoo.animal.get", json!({"id": 2})));
        let results = client.run(batch).await;
        let (one, two) = (results.get(one), results.get(two));
        assert_eq!((one.is_ok(), two.is_ok()), (one_holds, two_holds), "{fact}: {one:?} {two:?}");
        assert_eq!(two.as_ref().err().and_then(|error| error.code()), code, "{fact}");
    }
}
