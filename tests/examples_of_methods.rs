//! The examples in the documentation of methods compile. Nothing is called: the portals of these programs do not exist.
#![cfg(feature = "full")]

#[rustfmt::skip]
#[path = "generated/examples.rs"]
#[allow(dead_code, clippy::print_stdout, reason = "only compiled, never called")]
mod examples;

#[test]
fn the_main_methods_have_examples() {
    let text = include_str!("generated/examples.rs");
    for name in ["crm_item_list", "crm_item_add", "tasks_task_add", "tasks_task_update", "crm_status_delete"] {
        assert!(text.contains(&format!("pub(crate) async fn {name}(")), "{name} has no example");
    }
}
