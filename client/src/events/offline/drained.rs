//! What became of the events of a stream.

/// What a stream of offline events has acknowledged; see [`OfflineEvents::drain`](super::OfflineEvents::drain).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Drained {
    /// How many events were cleared.
    pub cleared: u64,
    /// How many events were marked as erroneous, or stay so.
    pub failed: u64,
    /// How many events were handled and stay in the queue, since the portal refuses their acknowledgement for ever. The stream has yielded
    /// an error about them.
    pub refused: u64,
}
