//! Each rule of `cargo spec lint`, with a spec in which it applies and one in which it does not.
#![cfg(feature = "importer")]

use std::collections::BTreeSet;
use std::fs;
use std::path::PathBuf;

use bitrix24_codegen::descriptor::Spec;
use bitrix24_codegen::lint::{LINTS, lint};

/// The findings of one rule in a spec of these methods, without `scope: [zoo]`: subject and text of the key.
fn findings(rule: &str, files: &[(&str, &str)]) -> Vec<String> {
    let folder = tempfile::tempdir().unwrap();
    let mut paths = Vec::new();
    for (name, text) in files {
        let path = PathBuf::from(format!("{name}.yaml"));
        let head = match name.rsplit_once('/') {
            Some(("entities", entity)) => format!("entity: {entity}\n"),
            Some(("events/zoo", event)) => format!("event: {event}\nscope: [zoo]\n"),
            Some(("placements/zoo", code)) => format!("placement: {code}\nscope: [zoo]\nmethod: zoo.bind\n"),
            Some(("handlers", handler)) => {
                format!("handler: {handler}\nmethod: zoo.bind\naddress: HANDLER\nscope: [zoo]\n")
            }
            _ => format!("method: {name}\nscope: [zoo]\n"),
        };
        let full = folder.path().join(&path);
        fs::create_dir_all(full.parent().unwrap()).unwrap();
        fs::write(full, head + text).unwrap();
        paths.push(path);
    }
    let (spec, problems) = Spec::read(folder.path(), &paths);
    assert_eq!(problems, [], "{files:?}");
    let found = lint(&spec, LINTS);
    for finding in &found {
        assert!(finding.diagnostic.position().is_some(), "{finding:?}");
        assert!(finding.diagnostic.message.ends_with(&format!("[{}]", finding.rule)));
    }
    let of_rule = found.into_iter().filter(|finding| finding.rule == rule);
    of_rule.map(|finding| format!("{}: {}", finding.key.subject, finding.key.text)).collect()
}

/// The method that binds placements and registers addresses.
const BINDS: (&str, &str) =
    ("zoo.bind", "params: {type: object, properties: {HANDLER: {type: string}}}\nreturns: {type: boolean}\n");

/// A spec, and what is found in it.
type Case = (&'static [(&'static str, &'static str)], &'static [&'static str]);

/// The rules, each with specs.
const CASES: &[(&str, &[Case])] = &[
    (
        "result_without_type",
        &[
            (&[("zoo.a", "")], &["zoo.a: result_without_type /returns"]),
            (
                &[("zoo.a", "api: v3\nreturns: {type: object}\n")],
                &["zoo.a of REST 3: result_without_type /returns"],
            ),
            (&[("zoo.a", "returns: {type: array, items: {}}\n")], &["zoo.a: result_without_type /returns"]),
            (&[("zoo.a", "returns: {type: array, items: {type: string}}\n")], &[]),
            (&[("zoo.a", "returns: {type: object, additionalProperties: {type: string}}\n")], &[]),
        ],
    ),
    (
        "parameter_without_type",
        &[
            (
                &[("zoo.a", "params: {type: object, properties: {X: {}}}\n")],
                &["zoo.a: parameter_without_type /params/properties/X"],
            ),
            (&[("zoo.a", "params: {type: object, properties: {X: {type: object}}}\n")], &[]),
        ],
    ),
    (
        "method_without_errors",
        &[
            (
                &[
                    ("zoo.x.a", ""),
                    ("zoo.x.b", "errors: [{code: B}]\n"),
                    ("zoo.x.c", "errors: [{code: C}]\n"),
                ],
                &["zoo.x.a: method_without_errors /errors"],
            ),
            (&[("zoo.x.a", ""), ("zoo.x.b", ""), ("zoo.x.c", "errors: [{code: C}]\n")], &[]),
            (
                &[
                    ("zoo.x.a", ""),
                    ("zoo.y.b", "errors: [{code: B}]\n"),
                    ("zoo.y.c", "errors: [{code: C}]\n"),
                ],
                &[],
            ),
        ],
    ),
    (
        "error_without_words",
        &[
            (&[("zoo.a", "errors: [{code: \"4711\"}]\n")], &["zoo.a: error_without_words /errors/4711"]),
            (
                &[(
                    "zoo.a",
                    "errors: [{code: \"4711\", name: Closed}, {code: \"0\"}, {code: \"100\"}, {code: A}]\n",
                )],
                &[],
            ),
            (&[("zoo.a", "errors: [{code: \"4711\", message: It is closed}, {code: \"\"}]\n")], &[]),
        ],
    ),
    (
        "list_without_rows",
        &[
            (
                &[("zoo.a", "pagination: start\nreturns: {type: array, items: {type: object}}\n")],
                &["zoo.a: list_without_rows /rows"],
            ),
            (
                &[(
                    "zoo.a",
                    "pagination: page\nreturns: {type: object, properties: {n: {type: integer}, \
                     rows: {type: array, items: {type: object}}}}\n",
                )],
                &["zoo.a: list_without_rows /rows"],
            ),
            (
                &[(
                    "zoo.a",
                    "pagination: start\nrows: \"\"\nreturns: {type: array, items: {type: object}}\n",
                )],
                &[],
            ),
            (&[("zoo.a", "pagination: none\nreturns: {type: array, items: {type: object}}\n")], &[]),
        ],
    ),
    (
        "unknown_replacement",
        &[
            (
                &[
                    ("zoo.a", "deprecated: {replaced_by: [zoo.b, zoo.cage.*, zoo.other.*]}\n"),
                    ("zoo.cage.get", ""),
                ],
                &[
                    "zoo.a: unknown_replacement /deprecated/zoo.b",
                    "zoo.a: unknown_replacement /deprecated/zoo.other.*",
                ],
            ),
            (&[("zoo.a", "deprecated: {replaced_by: [ZOO.b]}\n"), ("zoo.b", "")], &[]),
        ],
    ),
    (
        "copied_code",
        &[
            (
                &[
                    ("zoo.cage.get", "errors: [{code: ANIMAL_ASLEEP}, {code: CAGE_OPEN}]\n"),
                    ("zoo.animal.get", "errors: [{code: ANIMAL_ASLEEP}]\n"),
                ],
                &["zoo.cage.get: copied_code /errors/ANIMAL_ASLEEP"],
            ),
            // The method takes the other thing, no other method has the error, or only an earlier page had it.
            (
                &[
                    (
                        "zoo.cage.get",
                        "errors: [{code: ANIMAL_ASLEEP}]\nparams: {type: object, properties: \
                         {fields: {type: object, properties: {animalId: {type: integer}}}}}\n",
                    ),
                    ("zoo.animal.get", "errors: [{code: ANIMAL_ASLEEP}]\n"),
                ],
                &[],
            ),
            (&[("zoo.cage.get", "errors: [{code: ANIMAL_ASLEEP}]\n"), ("zoo.animal.get", "")], &[]),
            (
                &[
                    ("zoo.cage.get", "errors: [{code: ANIMAL_ASLEEP, historical: true}]\n"),
                    ("zoo.animal.get", "errors: [{code: ANIMAL_ASLEEP}]\n"),
                ],
                &[],
            ),
        ],
    ),
    (
        "copied_enum",
        &[
            (
                &[(
                    "zoo.a",
                    "params: {type: object, properties: {MEAL: {type: string, enum: [HAY, FISH, MEAT]}, \
                     DOOR: {type: string, enum: [FISH, HAY, MEAT]}}}\n",
                )],
                &["zoo.a: copied_enum /params/properties/DOOR"],
            ),
            (
                &[(
                    "zoo.a",
                    "params: {type: object, properties: {FIRST_MEAL: {type: string, enum: [HAY, FISH, MEAT]}, \
                     lastMeal: {type: string, enum: [HAY, FISH, MEAT]}, A: {type: string, enum: [X, Y, Z]}, \
                     B: {type: string, enum: [X, Y, Z]}}}\n",
                )],
                &[],
            ),
        ],
    ),
    (
        "contradictory_types",
        &[
            (
                &[
                    ("entities/zoo.animal", "fields: {LEGS: {type: integer}, WINGS: {type: integer}}\n"),
                    (
                        "zoo.animal.add",
                        "params: {type: object, properties: {fields: {entity: zoo.animal, fields: [LEGS, WINGS], \
                         properties: {LEGS: {type: boolean}, WINGS: {type: number}}}}}\n",
                    ),
                    ("zoo.animal.get", "returns: {entity: zoo.animal}\n"),
                ],
                &["zoo.animal.add: contradictory_types /params/properties/fields/properties/LEGS"],
            ),
            (
                &[
                    ("entities/zoo.animal", "fields: {LEGS: {type: integer}}\n"),
                    (
                        "zoo.animal.add",
                        "params: {type: object, properties: {fields: {entity: zoo.animal}}}\n",
                    ),
                    ("zoo.animal.get", "returns: {entity: zoo.animal}\n"),
                ],
                &[],
            ),
        ],
    ),
    (
        "long_name",
        &[
            (
                &[(
                    "zoo.a",
                    "errors: [{code: \"4711\", name: AAbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb}]\n",
                )],
                &["zoo.a: long_name AError::Abbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb"],
            ),
            (&[("zoo.a", "errors: [{code: THE_DOOR_OF_THE_CAGE_OF_THE_ANIMAL_IS_OPEN}]\n")], &[]),
        ],
    ),
    (
        "placeholder_name",
        &[
            (
                &[(
                    "zoo.feed",
                    "returns: {type: object, properties: {ok: {type: boolean}, at: {type: string}}}\n",
                )],
                &["zoo.feed: placeholder_name FeedResult"],
            ),
            (
                &[(
                    "zoo.animal.list",
                    "returns: {type: object, properties: {animals: {type: array, items: {type: object, \
                     properties: {id: {type: integer}, name: {type: string}}}}}}\n",
                )],
                &[],
            ),
        ],
    ),
    (
        "data_name",
        &[
            (
                &[(
                    "zoo.get",
                    "returns: {type: object, properties: {x: {type: integer, enum: [1, 2]}, y: {}}}\n",
                )],
                &["zoo.get: data_name ZooX"],
            ),
            (
                &[(
                    "zoo.get",
                    "returns: {type: object, properties: {03.1.three: {type: object, properties: {a: {}}}}}\n",
                )],
                &[],
            ),
        ],
    ),
    (
        "undivided_word",
        &[
            (&[("zoo.feedthezebras", "")], &["zoo.feedthezebras: undivided_word feedthezebras"]),
            (&[("zoo.uploadfile", "params: {type: object, properties: {moveAfterItem: {}}}\n")], &[]),
        ],
    ),
    (
        "event_without_payload",
        &[
            (&[("events/zoo/onfeed", "")], &["onfeed: event_without_payload /data"]),
            (&[("events/zoo/onfeed", "data: {type: array}\n")], &[]),
        ],
    ),
    (
        "event_field_without_type",
        &[
            (
                &[(
                    "events/zoo/onfeed",
                    "data: {type: object, properties: {ID: {type: integer}, A: {type: array, items: {type: object, \
                     properties: {B: {}}}}, C: {type: object}}}\n",
                )],
                &[
                    "onfeed: event_field_without_type /data/properties/A/items/properties/B",
                    "onfeed: event_field_without_type /data/properties/C",
                ],
            ),
            (&[("events/zoo/onfeed", "data: {type: object, additionalProperties: {type: string}}\n")], &[]),
        ],
    ),
    (
        "unknown_event_replacement",
        &[
            (
                &[("events/zoo/onfeed", "deprecated: {replaced_by: [onEat]}\n")],
                &["onfeed: unknown_event_replacement /deprecated/onEat"],
            ),
            (
                &[
                    ("events/zoo/onfeed", "deprecated: {replaced_by: [ONEAT_7]}\n"),
                    ("events/zoo/oneat", "pattern: onEat_{id}\n"),
                ],
                &[],
            ),
        ],
    ),
    (
        "placement_without_context",
        &[
            (&[BINDS, ("placements/zoo/ZOO_TAB", "")], &["ZOO_TAB: placement_without_context /receives"]),
            (&[BINDS, ("placements/zoo/ZOO_TAB", "receives: {type: \"null\"}\n")], &[]),
        ],
    ),
    (
        "placement_field_without_type",
        &[
            (
                &[
                    BINDS,
                    (
                        "placements/zoo/ZOO_TAB",
                        "options: {type: object, properties: {icon: {}}}\n\
                         receives: {type: object, properties: {ID: {type: integer}, CAGES: {type: array}}}\n",
                    ),
                ],
                &[
                    "ZOO_TAB: placement_field_without_type /options/properties/icon",
                    "ZOO_TAB: placement_field_without_type /receives/properties/CAGES",
                ],
            ),
            (
                &[
                    BINDS,
                    (
                        "placements/zoo/ZOO_TAB",
                        "receives: {type: object, properties: {ID: {type: integer}}}\n",
                    ),
                ],
                &[],
            ),
        ],
    ),
    (
        "handler_without_fields",
        &[
            (&[BINDS, ("handlers/zoo.feeder", "")], &["zoo.feeder: handler_without_fields /receives"]),
            (
                &[
                    BINDS,
                    (
                        "handlers/zoo.feeder",
                        "receives: {type: object, additionalProperties: {type: string}}\n",
                    ),
                ],
                &[],
            ),
        ],
    ),
    (
        "handler_field_without_type",
        &[
            (
                &[
                    BINDS,
                    (
                        "handlers/zoo.feeder",
                        "receives: {type: object, properties: {FOOD: {type: object}}}\n\
                         response: {type: object, properties: {EATEN: {}}}\n",
                    ),
                ],
                &[
                    "zoo.feeder: handler_field_without_type /receives/properties/FOOD",
                    "zoo.feeder: handler_field_without_type /response/properties/EATEN",
                ],
            ),
            (
                &[
                    BINDS,
                    ("handlers/zoo.feeder", "receives: {type: object, properties: {FOOD: {type: string}}}\n"),
                ],
                &[],
            ),
        ],
    ),
];

#[test]
fn each_rule_reports_what_it_says_and_nothing_else() {
    for (rule, cases) in CASES {
        for (files, expected) in *cases {
            assert_eq!(findings(rule, files), *expected, "{rule}: {files:?}");
        }
    }
}

#[test]
fn each_rule_has_a_case_in_which_it_applies_and_one_in_which_it_does_not() {
    let tested: BTreeSet<&str> = CASES.iter().map(|(rule, _)| *rule).collect();
    let declared: BTreeSet<&str> = LINTS.iter().map(|rule| rule.id).collect();
    assert_eq!(tested, declared);
    for (rule, cases) in CASES {
        assert!(cases.iter().any(|(_, expected)| expected.is_empty()), "{rule}");
        assert!(cases.iter().any(|(_, expected)| !expected.is_empty()), "{rule}");
    }
}

#[test]
fn keys_have_no_line_numbers() {
    let text = "errors: [{code: \"4711\"}]\n";
    let moved = format!("# A comment.\n{text}");
    let files: [&[(&str, &str)]; 2] = [&[("zoo.a", text)], &[("zoo.a", &moved)]];
    assert_eq!(findings("error_without_words", files[0]), findings("error_without_words", files[1]));
}

/// How many findings about names the committed spec may have. A change that needs more of them is looked at by a person, who
/// corrects the rules of `codegen/src/lower/` or accepts the findings with `cargo spec lint --accept`.
const BUDGETS: &[(&str, usize)] =
    &[("long_name", 3), ("placeholder_name", 163), ("data_name", 10), ("undivided_word", 0)];

#[test]
fn the_names_of_the_committed_spec_stay_within_their_budgets() {
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("..");
    let (spec, _) = Spec::load(&root, std::path::Path::new("spec"));
    let rules = || LINTS.iter().filter(|rule| BUDGETS.iter().any(|(id, _)| *id == rule.id));
    let found = lint(&spec, rules());
    for (id, budget) in BUDGETS {
        let of_rule: Vec<_> = found.iter().filter(|finding| finding.rule == *id).collect();
        let listed: Vec<_> =
            of_rule.iter().map(|finding| (&finding.key.subject, &finding.key.text)).collect();
        assert!(of_rule.len() <= *budget, "{} findings of {id}: {listed:#?}", of_rule.len());
    }
}
