use day::zoo::animal::WakeError;

fn calls(error: &WakeError) -> u8 {
    match error {
        WakeError::AnimalIsAsleep => 1,
        WakeError::TooEarly => 2,
        _ => 3,
    }
}
