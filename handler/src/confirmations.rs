//! Places for confirmations, so that forged installations neither overload the program nor keep out genuine ones.

use std::collections::{HashMap, VecDeque};
use std::net::IpAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::oneshot;

/// Gives a bounded number of places to those who wait, fairly by their sources.
///
/// A source has at most half of the places, and sources take turns. If too many wait, the one that has waited longest of the source with the
/// most is sent away: a source that sends many makes only its own wait and fail.
#[derive(Debug)]
pub(crate) struct Confirmations {
    state: Mutex<State>,
    places: usize,
    max_waiting: usize,
}

/// Who has sent a request.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Source {
    /// An address; of IPv6 its network.
    Address(IpAddr),
    /// The `member_id` of the request, if the server does not say who has sent it.
    Portal(Box<str>),
}

#[derive(Debug, Default)]
struct State {
    taken: usize,
    taken_by: HashMap<Source, usize>,
    /// The sources in the order of their turns, with those who wait.
    waiting: VecDeque<(Source, VecDeque<oneshot::Sender<Place>>)>,
    waiting_count: usize,
}

/// A place for one confirmation, until this is dropped.
#[derive(Debug)]
pub(crate) struct Place {
    confirmations: Arc<Confirmations>,
    source: Source,
}

impl Source {
    pub(crate) fn new(address: Option<IpAddr>, member_id: &str) -> Self {
        match address.map(|address| address.to_canonical()) {
            Some(IpAddr::V6(address)) => {
                let [a, b, c, d, ..] = address.segments();
                Self::Address([a, b, c, d, 0, 0, 0, 0].into())
            }
            Some(address) => Self::Address(address),
            None => Self::Portal(member_id.into()),
        }
    }
}

impl Confirmations {
    pub(crate) fn new(places: usize, max_waiting: usize) -> Self {
        Self { state: Mutex::default(), places, max_waiting }
    }

    /// Waits for a place; `None` if there are too many others.
    pub(crate) async fn place(self: &Arc<Self>, source: Source) -> Option<Place> {
        if self.places == 0 {
            return None;
        }
        let place = {
            let mut state = self.lock();
            if self.has_place(&state, &source) {
                return Some(self.take(&mut state, source));
            }
            let (sender, place) = oneshot::channel();
            state.wait(source, sender);
            if state.waiting_count > self.max_waiting {
                state.send_away();
            }
            place
        };
        place.await.ok()
    }

    /// Whether a source may have one more place now.
    fn has_place(&self, state: &State, source: &Source) -> bool {
        let of_source = state.taken_by.get(source).copied().unwrap_or_default();
        state.taken < self.places && of_source < self.places.div_ceil(2)
    }

    fn take(self: &Arc<Self>, state: &mut State, source: Source) -> Place {
        state.taken += 1;
        *state.taken_by.entry(source.clone()).or_default() += 1;
        Place { confirmations: Arc::clone(self), source }
    }

    /// Gives back a place, and takes it for the next one who waits.
    fn release(self: &Arc<Self>, source: &Source) -> Option<(oneshot::Sender<Place>, Place)> {
        let mut state = self.lock();
        state.taken -= 1;
        if let Some(of_source) = state.taken_by.get_mut(source) {
            *of_source -= 1;
            if *of_source == 0 {
                state.taken_by.remove(source);
            }
        }
        state.forget_gone();
        let turn = state.waiting.iter().position(|(source, _)| self.has_place(&state, source))?;
        let (source, mut senders) = state.waiting.remove(turn)?;
        let sender = senders.pop_front()?;
        state.waiting_count -= 1;
        if !senders.is_empty() {
            state.waiting.push_back((source.clone(), senders));
        }
        Some((sender, self.take(&mut state, source)))
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn wait(&mut self, source: Source, sender: oneshot::Sender<Place>) {
        self.waiting_count += 1;
        match self.waiting.iter_mut().find(|(known, _)| *known == source) {
            Some((_, senders)) => senders.push_back(sender),
            None => self.waiting.push_back((source, VecDeque::from([sender]))),
        }
    }

    /// Sends away the one that has waited longest, of the source with the most.
    fn send_away(&mut self) {
        self.forget_gone();
        // Of several, the last maximum is the source whose turn is next.
        let longest = self.waiting.iter_mut().rev().max_by_key(|(_, senders)| senders.len());
        if let Some((_, senders)) = longest {
            senders.pop_front();
        }
        self.forget_gone();
    }

    /// Removes those who wait no longer.
    fn forget_gone(&mut self) {
        self.waiting.retain_mut(|(_, senders)| {
            senders.retain(|sender| !sender.is_closed());
            !senders.is_empty()
        });
        self.waiting_count = self.waiting.iter().map(|(_, senders)| senders.len()).sum();
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        if let Some((sender, place)) = self.confirmations.release(&self.source) {
            // One who has gone meanwhile gives the place back.
            drop(sender.send(place));
        }
    }
}

#[cfg(test)]
mod tests {
    use std::future::Future;
    use std::pin::{Pin, pin};
    use std::task::{Context, Poll, Waker};

    use super::*;

    fn source(number: u8) -> Source {
        Source::new(Some([10, 0, 0, number].into()), "m")
    }

    fn poll<F: Future>(future: &mut Pin<&mut F>) -> Poll<F::Output> {
        future.as_mut().poll(&mut Context::from_waker(Waker::noop()))
    }

    fn waits<F: Future>(future: &mut Pin<&mut F>) -> bool {
        poll(future).is_pending()
    }

    #[test]
    fn a_source_has_half_of_the_places() {
        let confirmations = Arc::new(Confirmations::new(4, 10));
        let mut taken = Vec::new();
        for (number, expected) in [(1, true), (1, true), (1, false), (2, true), (3, true), (4, false)] {
            let mut place = pin!(confirmations.place(source(number)));
            let place = poll(&mut place);
            assert_eq!(place.is_ready(), expected, "{number}");
            taken.push(place);
        }
        drop(taken);
        assert_eq!(confirmations.lock().taken, 0);
        assert!(confirmations.lock().taken_by.is_empty());
    }

    #[test]
    fn sources_take_turns() {
        let confirmations = Arc::new(Confirmations::new(1, 10));
        let mut first = pin!(confirmations.place(source(1)));
        let Poll::Ready(first) = poll(&mut first) else { panic!("a free place") };
        let mut busy = pin!(confirmations.place(source(1)));
        let mut busy_too = pin!(confirmations.place(source(1)));
        let mut other = pin!(confirmations.place(source(2)));
        assert!(waits(&mut busy) && waits(&mut busy_too) && waits(&mut other));
        drop(first);
        let Poll::Ready(second) = poll(&mut busy) else { panic!("its turn") };
        assert!(waits(&mut busy_too) && waits(&mut other));
        drop(second);
        let Poll::Ready(third) = poll(&mut other) else {
            panic!("its turn, before the second of the busy one")
        };
        drop(third);
        assert!(poll(&mut busy_too).is_ready());
    }

    #[test]
    fn the_source_with_the_most_is_sent_away() {
        let confirmations = Arc::new(Confirmations::new(1, 2));
        let mut held = pin!(confirmations.place(source(1)));
        let Poll::Ready(held) = poll(&mut held) else { panic!("a free place") };
        let mut older = pin!(confirmations.place(source(1)));
        let mut genuine = pin!(confirmations.place(source(2)));
        let mut newer = pin!(confirmations.place(source(1)));
        assert!(waits(&mut older) && waits(&mut genuine) && waits(&mut newer));
        assert!(matches!(poll(&mut older), Poll::Ready(None)), "the oldest of the busy source");
        assert!(waits(&mut genuine) && waits(&mut newer));
        drop(held);
        let Poll::Ready(Some(place)) = poll(&mut newer) else { panic!("its turn") };
        drop(place);
        assert!(matches!(poll(&mut genuine), Poll::Ready(Some(_))));
    }

    #[test]
    fn one_who_is_gone_takes_no_place() {
        let confirmations = Arc::new(Confirmations::new(1, 2));
        let mut held = pin!(confirmations.place(source(1)));
        let Poll::Ready(held) = poll(&mut held) else { panic!("a free place") };
        {
            let mut gone = pin!(confirmations.place(source(2)));
            assert!(waits(&mut gone));
        }
        let mut next = pin!(confirmations.place(source(3)));
        assert!(waits(&mut next));
        drop(held);
        assert!(poll(&mut next).is_ready());
        assert_eq!(confirmations.lock().waiting_count, 0);
    }

    #[test]
    fn addresses_of_a_network_are_one_source() {
        let address = |text: &str| Source::new(Some(text.parse().unwrap()), "m");
        assert_eq!(address("2001:db8::1"), address("2001:db8:0:0:ffff::2"));
        assert_ne!(address("2001:db8::1"), address("2001:db8:0:1::1"));
        assert_eq!(address("::ffff:10.0.0.1"), address("10.0.0.1"));
        assert_ne!(address("10.0.0.1"), address("10.0.0.2"));
        assert_ne!(Source::new(None, "a"), Source::new(None, "b"));
    }
}
