//! `cargo spec explain` and `cargo spec rules`: who said what about a leaf of a descriptor, and how often rules fire.
#![cfg(feature = "importer")]

mod common;

use common::{assert_transcript, project, run, write};
use serde_json::Value;

/// A page on which the table, the TypeScript and the example disagree.
const PAGE: &str = r#"# Weigh an Animal zoo.animal.weigh

> Scope: [`zoo`](scopes.md)
>
> Who can execute the method: any keeper

## Method Parameters

#|
|| **Name**
`type` | **Description** ||
|| **id***
[`integer`](types.md) | The animal ||
|| **unit**
[`string`](types.md) | The unit. Possible values: `kg`, `lb`. By default `kg` ||
|#

## Code Examples

```bash
curl -d '{"id":7,"unit":"kg"}' https://portal.example/rest/1/key/zoo.animal.weigh
```

```ts
await call.make<{ WEIGHT: string, SCALE: string }>({ method: 'zoo.animal.weigh' })
```

## Response Handling

```json
{
    "result": {
        "WEIGHT": "12.50",
        "SCALE": "north gate"
    }
}
```

### Returned Data

#|
|| **Name**
`type` | **Description** ||
|| **WEIGHT**
`double` | The weight ||
|| **SCALE**
`integer` | The scale ||
|#
"#;

#[test]
fn a_leaf_is_explained_by_all_evidence_on_it() {
    let project = project();
    write(project.path(), "docs/zoo-animal-weigh.md", PAGE);
    assert_transcript!(
        &project,
        &[
            &["spec", "explain", "zoo.animal.weigh", "/returns/properties/WEIGHT", "--docs", "docs"],
            &["spec", "explain", "zoo.animal.weigh", "/returns/properties/SCALE", "--docs", "docs"],
            &["spec", "explain", "ZOO.ANIMAL.WEIGH", "/params/properties/unit", "--docs", "docs"],
            &["spec", "explain", "zoo.animal.weigh", "/params/properties/unit/default", "--docs", "docs"],
            &["spec", "explain", "zoo.animal.weigh", "/scope", "--docs", "docs"],
        ]
    );
}

#[test]
fn a_field_of_an_entity_is_explained_by_the_pages_of_all_its_methods() {
    let project = project();
    write(project.path(), "docs/zoo-animal-weigh.md", PAGE);
    let get = PAGE.replace("zoo.animal.weigh", "zoo.animal.get").replace("\"12.50\"", "12");
    write(project.path(), "docs/zoo-animal-get.md", &get);
    assert_transcript!(
        &project,
        &[
            &["spec", "explain", "zoo.animal.get", "/returns/properties/WEIGHT", "--docs", "docs"],
            &["spec", "explain", "zoo.animal.get", "/scope", "--docs", "docs"],
        ]
    );
}

#[test]
fn a_patch_outranks_every_document() {
    let project = project();
    write(project.path(), "docs/zoo-animal-weigh.md", PAGE);
    let patch = "- method: zoo.animal.weigh\n  why: The scale is a name.\n  set:\n    \
        returns/properties/SCALE: {type: string, maxLength: 20}\n";
    write(project.path(), "spec/patches/returns.yaml", patch);
    assert_transcript!(
        &project,
        &[&["spec", "explain", "zoo.animal.weigh", "/returns/properties/SCALE", "--docs", "docs"]]
    );
}

#[test]
fn a_placement_is_explained_by_its_documents() {
    let project = project();
    let page = "# Tab of a Cage ZOO_CAGE_TAB\n\n> Scope: [`zoo`](scopes.md)\n\n#|\n|| **Widget Code** | **Location** ||\n\
        || `ZOO_CAGE_TAB` | Tab of a cage ||\n|#\n\n### PLACEMENT_OPTIONS\n\n#|\n|| **Parameter** | **Description** ||\n\
        || **CODE**\n`string` | Kind of the cage ||\n|#\n";
    write(project.path(), "docs/widgets/cage-tab.md", page);
    write(project.path(), "docs/zoo-animal-weigh.md", PAGE);
    let patch = "- placement: ZOO_CAGE_TAB\n  why: The code is the number of the kind.\n  set:\n    \
        receives/properties/CODE: {type: integer}\n";
    write(project.path(), "spec/patches/placements.yaml", patch);
    assert_transcript!(
        &project,
        &[
            &["spec", "explain", "zoo_cage_tab", "/receives/properties/CODE", "--docs", "docs"],
            &["spec", "explain", "ZOO_CAGE_TAB", "/receives/properties/HOUSE", "--docs", "docs"],
        ]
    );
}

#[test]
fn the_documentation_of_the_last_import_is_explained() {
    let project = project();
    write(project.path(), "docs/zoo-animal-weigh.md", PAGE);
    let explain = ["spec", "explain", "zoo.animal.weigh", "/returns/properties/WEIGHT"];
    assert_eq!(run(project.path(), &explain).status.code(), Some(1), "nothing has been imported yet");
    assert!(run(project.path(), &["spec", "import", "docs"]).status.success());
    assert!(run(project.path(), &explain).status.success());
}

#[test]
fn what_does_not_exist_is_an_error_that_names_what_does() {
    let project = project();
    write(project.path(), "docs/zoo-animal-weigh.md", PAGE);
    assert_transcript!(
        &project,
        &[
            &["spec", "explain", "zoo.animal.weigh", "/scope"],
            &["spec", "explain", "zoo.animal.weigh", "/returns/properties/HEIGHT", "--docs", "docs"],
            &["spec", "explain", "zoo.animal.measure", "/scope", "--docs", "docs"],
            &["spec", "explain", "zoo.animal.weigh", "/scope", "--docs", "docs", "--api", "v3"],
            &["spec", "explain", "zoo.animal.weigh", "/scope", "--docs", "nowhere"],
        ]
    );
}

#[test]
fn rules_are_counted_in_the_last_import() {
    let project = project();
    write(project.path(), "docs/zoo-animal-weigh.md", PAGE);
    let fired = |id: &str| {
        let output = run(project.path(), &["spec", "rules", "--format", "json"]);
        let printed: Value = serde_json::from_slice(&output.stdout).unwrap();
        let rules = printed["result"]["rules"].as_array().unwrap().clone();
        rules.into_iter().find(|rule| rule["id"] == id).unwrap()["fired"].clone()
    };
    assert_eq!(fired("enum_values_in_line"), Value::Null, "nothing has been imported yet");
    assert!(run(project.path(), &["spec", "import", "docs"]).status.success());
    assert_eq!(fired("enum_values_in_line"), 1);
    assert_eq!(fired("historical_error"), 0);
}
