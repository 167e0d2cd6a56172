//! The crates of a program: from `cargo metadata`, which knows what is needed on which system, and from `Cargo.lock`, which
//! knows the checksums.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Context, Result};
use serde::Deserialize;
use serde_json::{Value, json};

/// What a list is made from.
#[derive(Clone, Copy, Debug)]
pub struct Program<'a> {
    /// The package that the program is built from.
    pub package: &'a str,
    /// What `cargo metadata --format-version 1 --locked --filter-platform TARGET` prints.
    pub metadata: &'a str,
    /// The text of `Cargo.lock`.
    pub lock: &'a str,
}

#[derive(Deserialize)]
struct Metadata {
    packages: Vec<Package>,
    resolve: Resolve,
}

#[derive(Deserialize)]
struct Package {
    id: String,
    name: String,
    version: String,
    license: Option<String>,
    repository: Option<String>,
    source: Option<String>,
}

#[derive(Deserialize)]
struct Resolve {
    nodes: Vec<Node>,
}

#[derive(Deserialize)]
struct Node {
    id: String,
    deps: Vec<Dependency>,
}

#[derive(Deserialize)]
struct Dependency {
    pkg: String,
    dep_kinds: Vec<Kind>,
}

#[derive(Deserialize)]
struct Kind {
    kind: Option<String>,
}

#[derive(Deserialize)]
struct Lock {
    package: Vec<Locked>,
}

#[derive(Deserialize)]
struct Locked {
    name: String,
    version: String,
    checksum: Option<String>,
}

impl Package {
    /// <https://github.com/package-url/purl-spec/blob/main/types-doc/cargo-definition.md>
    fn purl(&self) -> String {
        format!("pkg:cargo/{}@{}", self.name, self.version.replace('+', "%2B"))
    }
}

/// The list of one program: everything but what only its tests need.
pub(super) fn bill(program: &Program<'_>) -> Result<Value> {
    let metadata: Metadata = serde_json::from_str(program.metadata).context("understand cargo's metadata")?;
    let lock: Lock = toml::from_str(program.lock).context("understand Cargo.lock")?;
    let packages: BTreeMap<_, _> = metadata.packages.iter().map(|package| (package.id.as_str(), package)).collect();
    let needs: BTreeMap<_, _> = metadata.resolve.nodes.iter().map(|node| (node.id.as_str(), needs(node))).collect();
    let root = metadata.packages.iter().find(|package| package.source.is_none() && package.name == program.package);
    let root = root.with_context(|| format!("cargo's metadata name no package {}", program.package))?;
    let sums =
        lock.package.iter().filter_map(|it| Some(((it.name.as_str(), it.version.as_str()), it.checksum.as_ref()?)));
    let sums: BTreeMap<_, _> = sums.collect();

    let (mut components, mut dependencies) = (BTreeMap::new(), BTreeMap::new());
    for id in closure(&root.id, &needs)? {
        let package = packages.get(id).with_context(|| format!("cargo's metadata don't describe {id}"))?;
        if id != root.id {
            let mut component = component("library", package);
            let sum = sums.get(&(package.name.as_str(), package.version.as_str()));
            let sum = sum.with_context(|| format!("Cargo.lock has no checksum of {}", package.name))?;
            component["hashes"] = json!([{ "alg": "SHA-256", "content": sum }]);
            components.insert(package.purl(), component);
        }
        let on: BTreeSet<_> = needs[id].iter().filter_map(|id| packages.get(id)).map(|needed| needed.purl()).collect();
        dependencies.insert(package.purl(), json!({ "ref": package.purl(), "dependsOn": on }));
    }
    Ok(json!({
        "bomFormat": "CycloneDX",
        "specVersion": "1.5",
        "version": 1,
        "metadata": { "component": component("application", root) },
        "components": components.into_values().collect::<Vec<_>>(),
        "dependencies": dependencies.into_values().collect::<Vec<_>>(),
    }))
}

/// What a package needs to be built and to run; tests are neither.
fn needs(node: &Node) -> Vec<&str> {
    let shipped = |kind: &Kind| kind.kind.as_deref() != Some("dev");
    let deps = node.deps.iter().filter(|dependency| dependency.dep_kinds.iter().any(shipped));
    deps.map(|dependency| dependency.pkg.as_str()).collect()
}

/// A package and everything that it needs, by whatever way.
fn closure<'a>(root: &'a str, needs: &BTreeMap<&'a str, Vec<&'a str>>) -> Result<BTreeSet<&'a str>> {
    let (mut found, mut open) = (BTreeSet::new(), vec![root]);
    while let Some(id) = open.pop() {
        if found.insert(id) {
            open.extend(needs.get(id).with_context(|| format!("cargo's metadata don't say what {id} needs"))?);
        }
    }
    Ok(found)
}

fn component(kind: &str, package: &Package) -> Value {
    let purl = package.purl();
    let mut component =
        json!({ "type": kind, "bom-ref": purl, "name": package.name, "version": package.version, "purl": purl });
    if let Some(license) = &package.license {
        // Older manifests separate alternatives by a slash.
        let expression = license.split('/').map(str::trim).collect::<Vec<_>>().join(" OR ");
        component["licenses"] = json!([{ "expression": expression }]);
    }
    if let Some(repository) = &package.repository {
        component["externalReferences"] = json!([{ "type": "vcs", "url": repository }]);
    }
    component
}

#[cfg(test)]
mod tests {
    use super::*;

    const METADATA: &str = r#"{
        "packages": [
            {"id": "host", "name": "host", "version": "0.1.0", "license": "MIT", "repository": null, "source": null},
            {"id": "a", "name": "a", "version": "1.0.0+x", "license": "MIT/Apache-2.0", "repository": "https://a.example", "source": "registry"},
            {"id": "b", "name": "b", "version": "2.0.0", "license": null, "repository": null, "source": "registry"},
            {"id": "test", "name": "test", "version": "3.0.0", "license": "MIT", "repository": null, "source": "registry"}
        ],
        "resolve": {"nodes": [
            {"id": "host", "deps": [
                {"pkg": "a", "dep_kinds": [{"kind": null}]},
                {"pkg": "test", "dep_kinds": [{"kind": "dev"}]}
            ]},
            {"id": "a", "deps": [{"pkg": "b", "dep_kinds": [{"kind": "dev"}, {"kind": "build"}]}]},
            {"id": "b", "deps": []},
            {"id": "test", "deps": []}
        ]}
    }"#;

    const LOCK: &str = r#"
        version = 4
        [[package]]
        name = "host"
        version = "0.1.0"
        [[package]]
        name = "a"
        version = "1.0.0+x"
        checksum = "aa"
        [[package]]
        name = "b"
        version = "2.0.0"
        checksum = "bb"
    "#;

    fn of(metadata: &str, lock: &str) -> Result<Value> {
        bill(&Program { package: "host", metadata, lock })
    }

    #[test]
    fn what_is_built_in_is_listed_with_licence_and_checksum() {
        let bill = of(METADATA, LOCK).unwrap();
        assert_eq!(bill["metadata"]["component"]["purl"], "pkg:cargo/host@0.1.0");
        assert_eq!(
            bill["components"],
            json!([
                {
                    "type": "library",
                    "bom-ref": "pkg:cargo/a@1.0.0%2Bx",
                    "name": "a",
                    "version": "1.0.0+x",
                    "purl": "pkg:cargo/a@1.0.0%2Bx",
                    "licenses": [{ "expression": "MIT OR Apache-2.0" }],
                    "externalReferences": [{ "type": "vcs", "url": "https://a.example" }],
                    "hashes": [{ "alg": "SHA-256", "content": "aa" }],
                },
                {
                    "type": "library",
                    "bom-ref": "pkg:cargo/b@2.0.0",
                    "name": "b",
                    "version": "2.0.0",
                    "purl": "pkg:cargo/b@2.0.0",
                    "hashes": [{ "alg": "SHA-256", "content": "bb" }],
                },
            ])
        );
        assert_eq!(
            bill["dependencies"],
            json!([
                { "ref": "pkg:cargo/a@1.0.0%2Bx", "dependsOn": ["pkg:cargo/b@2.0.0"] },
                { "ref": "pkg:cargo/b@2.0.0", "dependsOn": [] },
                { "ref": "pkg:cargo/host@0.1.0", "dependsOn": ["pkg:cargo/a@1.0.0%2Bx"] },
            ])
        );
    }

    #[test]
    fn what_does_not_fit_together_is_told() {
        let without = |text: &str| METADATA.replace(text, "");
        for (metadata, lock, told) in [
            ("", LOCK, "cargo's metadata"),
            (&METADATA.replace("\"host\"", "\"else\""), LOCK, "no package host"),
            (&without(r#"{"id": "b", "deps": []},"#), LOCK, "what b needs"),
            (METADATA, "version = 4\npackage = 1", "Cargo.lock"),
            (METADATA, &LOCK.replace("checksum = \"bb\"", ""), "no checksum of b"),
        ] {
            let error = format!("{:#}", of(metadata, lock).unwrap_err());
            assert!(error.contains(told), "{error}");
        }
    }
}
