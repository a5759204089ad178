//! Lists that are longer than one answer: which request comes after which page, and what makes a list incomplete.

mod keyset;
mod names;
mod page;
mod pages;
mod rows;
mod seam;
mod turn;
mod within;

pub use keyset::{Ask, ById, Given};
pub use pages::{Pages, Told};
pub use rows::{in_row, take_rows};
pub use seam::Seam;
