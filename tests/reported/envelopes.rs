//! Envelopes and errors.

use bitrix24::{ErrorKind, Failure, RawResponse};

use super::fact::{assert_all, response};

#[test]
fn envelopes_and_errors() {
    fn code<'a>(parsed: Result<&'a RawResponse, &'a Failure>) -> Option<&'a str> {
        parsed.err().and_then(Failure::code)
    }
    fn kind(parsed: Result<&RawResponse, &Failure>) -> Option<ErrorKind> {
        parsed.err().map(Failure::kind)
    }
    assert_all(vec![
        response(2, "any", 400, r#"{"error": "", "error_description": "Not found"}"#, |parsed| {
            code(parsed) == Some("")
        }),
        response(2, "any", 400, r#"{"error": 100, "error_description": "No field"}"#, |parsed| {
            code(parsed) == Some("100")
        }),
        response(3, "any", 400, r#"{"error": "0", "error_description": "Broken"}"#, |parsed| {
            code(parsed) == Some("0")
        }),
        response(5, "any", 400, r#"{"error": "wrong_client"}"#, |parsed| {
            code(parsed) == Some("wrong_client")
        }),
        response(5, "any", 400, r#"{"error": "X", "error_description": "No<br>cage<br>"}"#, |parsed| {
            code(parsed) == Some("X")
        }),
        response(7, "any", 403, "<html>Forbidden</html>", |parsed| kind(parsed) == Some(ErrorKind::NotJson)),
        response(7, "any", 502, "<html>Bad gateway</html>", |parsed| {
            kind(parsed) == Some(ErrorKind::NotJson)
        }),
        response(9, "any", 200, r#"{"result": 1, "time": {"start": 1.5}}"#, |parsed| {
            parsed.is_ok_and(|parsed| parsed.time.start == Some(1.5) && parsed.time.operating.is_none())
        }),
        response(10, "any", 200, r#"{"result": 1, "time": {"start": 17, "processing": 0}}"#, |parsed| {
            parsed.is_ok_and(|parsed| parsed.time.start == Some(17.0) && parsed.time.processing == Some(0.0))
        }),
        response(13, "crm.deal.get", 400, r#"{"error": "", "error_description": "Not found"}"#, |parsed| {
            parsed.is_err_and(|failure| failure.status() == Some(400))
        }),
        response(32, "tasks.task.pause", 400, r#"{"error": 1048582}"#, |parsed| {
            code(parsed) == Some("1048582")
        }),
        response(49, "any list", 200, r#"{"result": [], "total": "60", "next": 50}"#, |parsed| {
            parsed.is_ok_and(|parsed| parsed.total == Some(60) && parsed.next == Some(50))
        }),
        response(50, "any list", 200, r#"{"result": []}"#, |parsed| {
            parsed.is_ok_and(|parsed| parsed.total.is_none() && parsed.next.is_none())
        }),
        response(
            195,
            "any of REST 3",
            400,
            r#"{"error": {"code": "ZOO_INVALID", "message": "No", "validation": [{"message": "No", "field": "cage"}]}}"#,
            |parsed| parsed.is_err_and(|failure| failure.code() == Some("ZOO_INVALID")),
        ),
        response(
            198,
            "any of REST 3",
            409,
            r#"{"error": {"code": "NOTE_SHORT", "message": "No"}}"#,
            |parsed| code(parsed) == Some("NOTE_SHORT"),
        ),
    ]);
}
