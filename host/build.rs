//! Links an object file into the program: what Windows shows of it, made by `cargo xtask package`.
//!
//! Named by a variable, since cargo mixes the arguments of `cargo rustc` into the names of what it compiles: the file's folder would
//! change the program's bytes.
#![expect(clippy::disallowed_methods, reason = "the variable is read when the host is built, never when it runs")]

/// The object file's path, if there is one.
const OBJECT: &str = "GMAIL_SYNC_RESOURCES";

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-env-changed={OBJECT}");
    if let Ok(object) = std::env::var(OBJECT) {
        println!("cargo::rerun-if-changed={object}");
        println!("cargo::rustc-link-arg-bins={object}");
    }
}
