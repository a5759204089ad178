//! The shape of a text.

/// The shape of a text without any known form.
const TEXT: &str = "text";

/// Texts that are their own shape: flags, and the forms of nothing.
const KEPT: [&str; 9] = ["", "Y", "N", "y", "n", "0", "1", "true", "false"];

/// More digits than this are no number that fits 64 bits.
const MAX_DIGITS: usize = 18;

/// The shape of a text: flags stay, numbers and dates keep their form, everything else is `text`.
pub(super) fn shape(text: &str) -> String {
    if KEPT.contains(&text) {
        return text.to_owned();
    }
    number(text).or_else(|| moment(text)).unwrap_or_else(|| TEXT.to_owned())
}

/// The shape of digits and of decimals. A leading zero is kept, since a number would lose it.
fn number(text: &str) -> Option<String> {
    let (sign, digits) = text.strip_prefix('-').map_or(("", text), |digits| ("-", digits));
    let is_number = |digits: &str| {
        (1..=MAX_DIGITS).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit())
    };
    let shape = match digits.split_once('.') {
        None if !is_number(digits) => return None,
        None if digits.len() > 1 && digits.starts_with('0') => "01",
        None => "1",
        Some((whole, fraction)) if is_number(whole) && is_number(fraction) => "1.50",
        Some(_) => return None,
    };
    Some(format!("{sign}{shape}"))
}

/// The forms of dates, with `0` for each digit, and their shapes.
const DATES: [(&str, &str); 5] = [
    ("0000-00-00", "2000-01-01"),
    ("00.00.0000", "20.01.2000"),
    ("00/00/0000", "01/20/2000"),
    ("0000/00/00", "2000/01/01"),
    ("0000.00.00", "2000.01.01"),
];

/// The shape of a date, of a time, or of both.
fn moment(text: &str) -> Option<String> {
    let form: String = text.chars().map(|c| if c.is_ascii_digit() { '0' } else { c }).collect();
    let date = DATES.iter().find(|(form_of_date, _)| form.starts_with(form_of_date));
    let Some((form_of_date, shape)) = date else {
        return time(&form).filter(|(_, rest)| rest.is_empty()).map(|(shape, _)| shape);
    };
    // MySQL writes "no date" in zeros.
    let shape = if text.starts_with("0000-00-00") { "0000-00-00" } else { shape };
    let rest = form.get(form_of_date.len()..)?;
    if rest.is_empty() {
        return Some(shape.to_owned());
    }
    let separator = rest.get(..1).filter(|separator| matches!(*separator, "T" | " "))?;
    let (time, rest) = time(rest.get(1..)?)?;
    let zone = zone(rest)?;
    Some(format!("{shape}{separator}{time}{zone}"))
}

/// The shape of a time in zeros, and the rest: `00:00`, `00:00:00`, `00:00:00.000`, perhaps with `am` or `pm`.
fn time(form: &str) -> Option<(String, &str)> {
    let clock = ["00:00:00", "00:00"].into_iter().find(|clock| form.starts_with(clock))?;
    let mut rest = form.get(clock.len()..)?;
    let mut shape = clock.to_owned();
    if let Some(fraction) = rest.strip_prefix('.') {
        let digits = fraction.len() - fraction.trim_start_matches('0').len();
        if !(1..=9).contains(&digits) {
            return None;
        }
        shape.push('.');
        shape.push_str(fraction.get(..digits)?);
        rest = fraction.get(digits..)?;
    }
    for half in [" am", " pm", " AM", " PM"] {
        if let Some(after) = rest.strip_prefix(half) {
            shape.push_str(half);
            rest = after;
        }
    }
    Some((shape, rest))
}

/// The shape of a time zone in zeros.
fn zone(form: &str) -> Option<&'static str> {
    Some(match form {
        "" => "",
        "Z" => "Z",
        "+00:00" => "+03:00",
        "-00:00" => "-03:00",
        "+0000" => "+0300",
        "-0000" => "-0300",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_has_the_shape_of_its_form() {
        for (text, expected) in [
            ("", ""),
            ("Y", "Y"),
            ("N", "N"),
            ("0", "0"),
            ("1", "1"),
            ("false", "false"),
            ("35943", "1"),
            ("-12", "-1"),
            ("007701001", "01"),
            ("40702810000000000001", "text"),
            ("1500.00", "1.50"),
            ("-0.5", "-1.50"),
            ("1.2.3", "text"),
            ("+74950000000", "text"),
            ("2024-05-06", "2000-01-01"),
            ("0000-00-00", "0000-00-00"),
            ("0000-00-00 00:00:00", "0000-00-00 00:00:00"),
            ("2024-05-06T07:08:09+05:00", "2000-01-01T00:00:00+03:00"),
            ("2024-05-06T07:08:09-05:00", "2000-01-01T00:00:00-03:00"),
            ("2024-05-06T07:08:09.123Z", "2000-01-01T00:00:00.000Z"),
            ("2024-05-06 07:08:09", "2000-01-01 00:00:00"),
            ("06.05.2024", "20.01.2000"),
            ("06.05.2024 07:08", "20.01.2000 00:00"),
            ("05/06/2024 07:08:09 am", "01/20/2000 00:00:00 am"),
            ("07:08", "00:00"),
            ("2024-05-06 and more", "text"),
            ("2024-05-06T", "text"),
            ("2024-05-06T07:08:09+5", "text"),
            ("X", "text"),
            ("Иван", "text"),
            ("0é:00", "text"),
        ] {
            assert_eq!(shape(text), expected, "{text:?}");
            assert_eq!(shape(expected), expected, "{text:?} a second time");
        }
    }
}
