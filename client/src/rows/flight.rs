//! A request of a listing that is under way.

use std::pin::Pin;
use std::task::{Context, Poll};

use bitrix24_core::batch::Commands;
use bitrix24_core::list::Ask;
use bitrix24_core::{Answer, Failure, MethodInfo};

use crate::batch::mark;
use crate::call::Underway;
use crate::client::Client;

/// A request that is under way, and what it asks for.
pub(crate) enum Flight {
    /// The next page.
    Page(Underway),
    /// Pages by identifier.
    ById(Ask, Answers),
}

/// The answers to all pages of a request.
pub(crate) type Answers = Pin<Box<dyn Future<Output = Vec<Result<Answer, Failure>>> + Send>>;

/// What has come of a request.
pub(crate) enum Landed {
    Page(Box<Result<Answer, Failure>>),
    ById(Ask, Vec<Result<Answer, Failure>>),
}

impl Flight {
    /// Sends pages by identifier: one as a call, several as a batch.
    pub(crate) fn by_id(client: &Client, info: MethodInfo<'_>, ask: Ask) -> Self {
        let answers: Answers = match ask.page() {
            Some(params) => {
                let answer = client.send(info, &params);
                Box::pin(async move { vec![answer.await] })
            }
            None => Box::pin(carry(client.clone(), ask.commands(mark(), info))),
        };
        Self::ById(ask, answers)
    }

    pub(crate) fn poll(self, cx: &mut Context<'_>) -> Result<Landed, Self> {
        match self {
            Self::Page(mut underway) => match underway.as_mut().poll(cx) {
                Poll::Ready(answer) => Ok(Landed::Page(Box::new(answer))),
                Poll::Pending => Err(Self::Page(underway)),
            },
            Self::ById(ask, mut answers) => match answers.as_mut().poll(cx) {
                Poll::Ready(answers) => Ok(Landed::ById(ask, answers)),
                Poll::Pending => Err(Self::ById(ask, answers)),
            },
        }
    }
}

async fn carry(client: Client, commands: Commands) -> Vec<Result<Answer, Failure>> {
    let mut run = commands.run();
    client.advance_to_end(&mut run).await;
    Ask::answers(run.finish())
}
