//! What real portals return where it differs from the documentation: each row is a reported fact, with a small response in the
//! reported form. It must decode into the generated type without a mismatch, and to the right value.

#[path = "reported/batches.rs"]
mod batches;
#[path = "reported/crm.rs"]
mod crm;
#[path = "reported/descriptors.rs"]
mod descriptors;
#[path = "reported/envelopes.rs"]
mod envelopes;
#[path = "reported/fact.rs"]
mod fact;
#[path = "reported/other_modules.rs"]
mod other_modules;
#[path = "reported/tasks.rs"]
mod tasks;
