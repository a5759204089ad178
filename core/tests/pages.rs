//! Lists page by page: the requests, and the end of a walk.

#[path = "pages/paginations.rs"]
mod paginations;
#[path = "pages/progress.rs"]
mod progress;
#[path = "pages/requests.rs"]
mod requests;
#[path = "pages/totals.rs"]
mod totals;
#[path = "pages/walk.rs"]
mod walk;
