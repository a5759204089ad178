//! Generates the methods of `spec/`.

fn main() -> Result<(), bitrix24_codegen::BuildError> {
    bitrix24_codegen::Builder::new().extern_path("warehouse.shelf", "crate::shelf::Shelf").compile()
}
