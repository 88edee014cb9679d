//! Durations as authentik writes them.

/// The length of a time span as authentik writes it, `hours=1;minutes=30`, in seconds.
pub(crate) fn duration_seconds(text: &str) -> Option<f64> {
    let mut seconds = 0.0;
    for part in text.split(';').filter(|part| !part.trim().is_empty()) {
        let (unit, count) = part.split_once('=')?;
        let count: f64 = count.trim().parse().ok().filter(|count: &f64| count.is_finite())?;
        seconds += count
            * match unit.trim().to_ascii_lowercase().as_str() {
                "weeks" => 604_800.0,
                "days" => 86_400.0,
                "hours" => 3_600.0,
                "minutes" => 60.0,
                "seconds" => 1.0,
                "milliseconds" => 0.001,
                "microseconds" => 0.000_001,
                _ => return None,
            };
    }
    (!text.trim().is_empty()).then_some(seconds)
}
