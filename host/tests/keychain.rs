//! The real keychain of a real session: `cargo xtask test` starts one that is nobody's, and runs these too.

use gmail_sync_host::vault::{SECRET_LIMIT, Vault, VaultError};
use secrecy::ExposeSecret as _;

/// A keychain of this test's own.
fn keychain(test: &str) -> Vault {
    Vault::keychain(Some(format!("test-{test}-{}", std::process::id())))
}

#[tokio::test]
#[ignore = "needs a keychain; cargo xtask test starts one"]
async fn keeps_a_secret_until_it_is_deleted() {
    let vault = keychain("keeps_a_secret");
    assert_eq!(vault.get("acme.bitrix24.com").await.unwrap_err(), VaultError::NoEntry);
    vault.set("acme.bitrix24.com", "ключ \"1\"".into()).await.unwrap();
    assert_eq!(vault.get("acme.bitrix24.com").await.unwrap().expose_secret(), "ключ \"1\"");
    vault.set("acme.bitrix24.com", "2".into()).await.unwrap();
    assert_eq!(vault.get("acme.bitrix24.com").await.unwrap().expose_secret(), "2");
    vault.delete("acme.bitrix24.com").await.unwrap();
    assert_eq!(vault.get("acme.bitrix24.com").await.unwrap_err(), VaultError::NoEntry);
}

#[tokio::test]
#[ignore = "needs a keychain; cargo xtask test starts one"]
async fn state_folders_do_not_see_each_others_secrets() {
    let one = keychain("one_folder");
    let other = keychain("other_folder");
    one.set("acme.bitrix24.com", "one".into()).await.unwrap();
    assert_eq!(other.get("acme.bitrix24.com").await.unwrap_err(), VaultError::NoEntry);
    assert_eq!(other.forget_all().await.unwrap(), [""; 0]);
    one.set("ledger addresses", "key".into()).await.unwrap();
    let mut forgotten = one.forget_all().await.unwrap();
    forgotten.sort();
    assert_eq!(forgotten, ["acme.bitrix24.com", "ledger addresses"]);
    assert_eq!(one.forget_all().await.unwrap(), [""; 0]);
}

#[tokio::test]
#[ignore = "needs a keychain; cargo xtask test starts one"]
async fn holds_the_longest_secret_and_passes_the_probe() {
    let vault = keychain("longest_secret");
    vault.set("acme.bitrix24.com", "x".repeat(SECRET_LIMIT).into()).await.unwrap();
    vault.delete("acme.bitrix24.com").await.unwrap();
    vault.probe().await.unwrap();
}
