//! Recompiles the crate when a file is added to or removed from what it embeds.

fn main() {
    println!("cargo:rerun-if-changed=assets");
    println!("cargo:rerun-if-changed=locales");
}
