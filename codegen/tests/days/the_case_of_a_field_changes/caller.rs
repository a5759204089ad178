use day::zoo::animal::{Name, NameResult, name};

fn calls(result: NameResult) -> (Name, Option<String>) {
    let request = name(1).pet_name("Rex");
    let _: i64 = request.animal_id;
    (request, result.short_name)
}
