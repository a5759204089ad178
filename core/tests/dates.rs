//! Dates: their parts, the formats of languages, and the types of libraries.

use bitrix24_core::json;
use bitrix24_core::wire::{DateOrder, DateParts, DateTime, TimeParts, decode_strict};

fn parts(text: &str) -> Result<DateParts, String> {
    DateTime::from(text).parts().map_err(|error| error.to_string())
}

#[test]
fn parts_are_those_of_the_text() {
    let time = |hour, minute, second, nanosecond| Some(TimeParts { hour, minute, second, nanosecond });
    let day = |time, offset_seconds| DateParts { year: 2026, month: 3, day: 16, time, offset_seconds };
    let cases = [
        ("2026-03-16", day(None, None)),
        ("2026-03-16T20:24:38+01:00", day(time(20, 24, 38, 0), Some(3600))),
        ("2026-03-16T20:24:38-03:30", day(time(20, 24, 38, 0), Some(-12_600))),
        ("2026-03-16T20:24:38Z", day(time(20, 24, 38, 0), Some(0))),
        ("2026-03-16T20:24:38+0300", day(time(20, 24, 38, 0), Some(10_800))),
        ("2026-03-16T20:24:38+03", day(time(20, 24, 38, 0), Some(10_800))),
        ("2026-03-16T20:24:38.25+03:00", day(time(20, 24, 38, 250_000_000), Some(10_800))),
        ("2026-03-16 20:24:38", day(time(20, 24, 38, 0), None)),
        ("2026-03-16 20:24:38 +03:00", day(time(20, 24, 38, 0), Some(10_800))),
        ("2026-03-16 20:24", day(time(20, 24, 0, 0), None)),
        (" 2026-03-16 ", day(None, None)),
    ];
    for (text, expected) in cases {
        assert_eq!(parts(text).as_ref(), Ok(&expected), "{text}");
    }
    assert_eq!(parts("2024-02-29").map(|parts| parts.day), Ok(29));
}

#[test]
fn errors_say_what_is_wrong_and_what_to_do() {
    let local = "has the format of the portal's language: convert it with `DateTime::in_order`, which takes the order of day, month and year";
    let form = "is no date: expected YYYY-MM-DD, with or without a time and an offset";
    let calendar = "names no date and time of the calendar";
    let cases = [
        ("16.03.2026", local),
        ("16.03.2026 20:24:38", local),
        ("03/16/2026 08:24 pm", local),
        ("16-03-2026", local),
        ("2026.03.16", local),
        ("", form),
        ("tomorrow", form),
        ("2026-3-16", form),
        ("2026-03-16T", form),
        ("2026-03-16T20", form),
        ("2026-03-16T20:24:38+1", form),
        ("2026-03-16T20:24:38+01:00 and more", form),
        ("2026-03-16 20:24:38.", form),
        ("1773689078", form),
        ("0000-00-00 00:00:00", calendar),
        ("2026-02-29", calendar),
        ("2100-02-29", calendar),
        ("2026-13-01", calendar),
        ("2026-03-16T24:00:00", calendar),
        ("2026-03-16T20:60:00", calendar),
        ("2026-03-16T20:24:38+24:00", calendar),
    ];
    for (text, reason) in cases {
        assert_eq!(parts(text), Err(format!("{text:?} {reason}")), "{text}");
    }
}

#[test]
fn a_date_of_a_language_is_read_in_the_order_that_the_caller_knows() {
    use DateOrder::{DayMonthYear, MonthDayYear, YearMonthDay};
    let cases = [
        ("16.03.2026", DayMonthYear, Some("2026-03-16")),
        ("1.3.2026", DayMonthYear, Some("2026-03-01")),
        ("16.03.2026 20:24:38", DayMonthYear, Some("2026-03-16T20:24:38")),
        ("16-03-2026 20:24", DayMonthYear, Some("2026-03-16T20:24:00")),
        ("03/16/2026 08:24 pm", MonthDayYear, Some("2026-03-16T20:24:00")),
        ("03/16/2026 12:05:00 AM", MonthDayYear, Some("2026-03-16T00:05:00")),
        ("2026/03/16", YearMonthDay, Some("2026-03-16")),
        ("2026-03-16T20:24:38+01:00", DayMonthYear, Some("2026-03-16T20:24:38+01:00")),
        ("03/16/2026", DayMonthYear, None),
        ("16.03.26", DayMonthYear, None),
        ("03/16/2026 13:05 pm", MonthDayYear, None),
    ];
    for (text, order, expected) in cases {
        let read = DateTime::from(text).in_order(order).ok();
        assert_eq!(read.as_ref().map(DateTime::as_str), expected, "{text}");
    }
}

#[test]
fn a_date_is_made_from_any_text_and_keeps_it() {
    let text = "16.03.2026";
    let made =
        [DateTime::from(text), text.to_owned().into(), (&text.to_owned()).into(), text.parse().unwrap()];
    for date in made {
        assert_eq!((date.as_str(), date.to_string()), (text, text.to_owned()));
        assert_eq!(json!(date), json!(text));
    }
    assert!(decode_strict::<DateTime>(json!("")).is_err());
}

#[cfg(feature = "jiff")]
#[test]
fn jiff() {
    use ::jiff::{Timestamp, Zoned, civil};

    let with_offset = DateTime::from("2026-03-16T20:24:38+01:00");
    let instant: Timestamp = "2026-03-16T19:24:38Z".parse().unwrap();
    assert_eq!(Timestamp::try_from(&with_offset), Ok(instant));
    assert_eq!(Zoned::try_from(&with_offset).unwrap().to_string(), "2026-03-16T20:24:38+01:00[+01:00]");
    let wall: civil::DateTime = "2026-03-16T20:24:38".parse().unwrap();
    assert_eq!(civil::DateTime::try_from(&with_offset), Ok(wall));
    assert_eq!(civil::DateTime::try_from(DateTime::from("2026-03-16 20:24:38")), Ok(wall));
    assert_eq!(civil::Date::try_from(DateTime::from("2026-03-16")), Ok(wall.date()));
    assert_eq!(civil::Date::try_from(&with_offset), Ok(wall.date()));

    assert_eq!(DateTime::from(instant).as_str(), "2026-03-16T19:24:38+00:00");
    assert_eq!(DateTime::from(wall).as_str(), "2026-03-16T20:24:38");
    assert_eq!(DateTime::from(wall.date()).as_str(), "2026-03-16");
    let zoned = Zoned::try_from(&with_offset).unwrap();
    assert_eq!(DateTime::from(&zoned), with_offset);
    assert_eq!(DateTime::from(zoned), with_offset);

    let no_offset = Timestamp::try_from(DateTime::from("2026-03-16 20:24:38")).unwrap_err();
    assert_eq!(
        no_offset.to_string(),
        "\"2026-03-16 20:24:38\" has no offset: convert it to a date and time, and add the time zone of the portal"
    );
    let no_time = civil::DateTime::try_from(DateTime::from("2026-03-16")).unwrap_err();
    assert_eq!(no_time.to_string(), "\"2026-03-16\" has no time: convert it to a date");
    assert!(Zoned::try_from(DateTime::from("2026-03-16")).is_err());
    assert!(civil::Date::try_from(DateTime::from("16.03.2026")).is_err());
}

#[cfg(feature = "chrono")]
#[test]
fn chrono() {
    use ::chrono::{FixedOffset, NaiveDate, NaiveDateTime, TimeZone, Utc};

    let with_offset = DateTime::from("2026-03-16T20:24:38+01:00");
    let instant = Utc.with_ymd_and_hms(2026, 3, 16, 19, 24, 38).unwrap();
    assert_eq!(::chrono::DateTime::<Utc>::try_from(&with_offset), Ok(instant));
    let fixed = ::chrono::DateTime::<FixedOffset>::try_from(&with_offset).unwrap();
    assert_eq!((fixed, fixed.offset().local_minus_utc()), (instant.into(), 3600));
    let day = NaiveDate::from_ymd_opt(2026, 3, 16).unwrap();
    let wall = day.and_hms_opt(20, 24, 38).unwrap();
    assert_eq!(NaiveDateTime::try_from(DateTime::from("2026-03-16 20:24:38")), Ok(wall));
    assert_eq!(NaiveDate::try_from(DateTime::from("2026-03-16")), Ok(day));

    assert_eq!(DateTime::from(fixed), with_offset);
    assert_eq!(DateTime::from(instant).as_str(), "2026-03-16T19:24:38+00:00");
    assert_eq!(DateTime::from(wall).as_str(), "2026-03-16T20:24:38");
    assert_eq!(DateTime::from(day).as_str(), "2026-03-16");
    let with_seconds = FixedOffset::east_opt(3601).unwrap().from_utc_datetime(&instant.naive_utc());
    assert_eq!(DateTime::from(with_seconds).as_str(), "2026-03-16T19:24:38+00:00");

    assert!(::chrono::DateTime::<Utc>::try_from(DateTime::from("2026-03-16 20:24:38")).is_err());
    assert!(NaiveDateTime::try_from(DateTime::from("2026-03-16")).is_err());
    assert!(NaiveDate::try_from(DateTime::from("0000-00-00")).is_err());
}

#[cfg(feature = "time")]
#[test]
fn time() {
    use ::time::{Date, Month, OffsetDateTime, PrimitiveDateTime, Time, UtcDateTime, UtcOffset};

    let with_offset = DateTime::from("2026-03-16T20:24:38+01:00");
    let day = Date::from_calendar_date(2026, Month::March, 16).unwrap();
    let wall = PrimitiveDateTime::new(day, Time::from_hms(20, 24, 38).unwrap());
    let fixed = wall.assume_offset(UtcOffset::from_hms(1, 0, 0).unwrap());
    assert_eq!(OffsetDateTime::try_from(&with_offset), Ok(fixed));
    assert_eq!(UtcDateTime::try_from(&with_offset), Ok(fixed.to_utc()));
    assert_eq!(PrimitiveDateTime::try_from(DateTime::from("2026-03-16 20:24:38")), Ok(wall));
    assert_eq!(Date::try_from(DateTime::from("2026-03-16")), Ok(day));

    assert_eq!(DateTime::from(fixed), with_offset);
    assert_eq!(DateTime::from(fixed.to_utc()).as_str(), "2026-03-16T19:24:38+00:00");
    assert_eq!(DateTime::from(wall).as_str(), "2026-03-16T20:24:38");
    assert_eq!(DateTime::from(day).as_str(), "2026-03-16");
    let with_seconds = fixed.to_offset(UtcOffset::from_hms(-3, -30, -15).unwrap());
    assert_eq!(DateTime::from(with_seconds).as_str(), "2026-03-16T15:54:38-03:30");

    assert!(OffsetDateTime::try_from(DateTime::from("2026-03-16 20:24:38")).is_err());
    assert!(PrimitiveDateTime::try_from(DateTime::from("2026-03-16")).is_err());
    assert!(Date::try_from(DateTime::from("16.03.2026")).is_err());
}
