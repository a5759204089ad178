//! The examples in the documentation of methods. With the feature `full`, all of them are compiled; nothing is called.

#[cfg(feature = "full")]
#[rustfmt::skip]
#[path = "generated/examples.rs"]
#[allow(dead_code, clippy::all, clippy::print_stdout, reason = "only compiled, never called")]
mod examples;

#[test]
fn the_main_methods_have_examples() {
    let text = include_str!("generated/examples.rs");
    for name in
        ["crm_item_list", "tasks_task_add", "tasks_task_update", "crm_status_delete", "sale_order_add"]
    {
        assert!(text.contains(&format!("pub(crate) async fn {name}(")), "{name} has no example");
    }
}
