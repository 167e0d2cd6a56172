#!/usr/bin/env bash
# Makes the package on a Mac, with Apple's tools: universal, signed and notarized if there is something to sign with.
#
#   installer/macos/build.sh [FOLDER]         FOLDER is where it goes; dist/ without one
#
#   APPLICATION_IDENTITY   signs the program: "Developer ID Application: NAME (TEAM)"
#   INSTALLER_IDENTITY     signs the package: "Developer ID Installer: NAME (TEAM)"
#   NOTARY_PROFILE         a profile that `xcrun notarytool store-credentials` made
set -euo pipefail
cd "$(dirname "$0")/../.."
out=${1:-dist}
mkdir -p "$out"

# Programs, manifests and papers come out as for the portable package; what is used of it is the tree.
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cargo xtask package pkg --out "$work/portable"
version=$(sed -n 's/^version = "\(.*\)"$/\1/p' Cargo.toml | head -n 1)
pkgutil --expand-full "$work/portable/gmail-sync-bitrix24-$version.pkg" "$work/expanded"
root=$work/expanded/component.pkg/Payload
program="$root/Library/Application Support/gmail-sync-bitrix24/gmail-sync-host"

if [ -n "${APPLICATION_IDENTITY-}" ]; then
  # The keychain gives an item to whom this signature names: without it, every update asks the person again.
  codesign --force --options runtime --timestamp --identifier local.gmail-sync-bitrix24 --sign "$APPLICATION_IDENTITY" "$program"
  codesign --verify --strict --verbose=2 "$program"
fi

pkgbuild --root "$root" --scripts "$work/expanded/component.pkg/Scripts" --identifier local.gmail-sync-bitrix24 \
  --version "$version" --install-location / --ownership recommended "$work/component.pkg"
package=$out/gmail-sync-bitrix24-$version.pkg
sign=()
[ -z "${INSTALLER_IDENTITY-}" ] || sign=(--sign "$INSTALLER_IDENTITY" --timestamp)
productbuild --distribution "$work/expanded/Distribution" --package-path "$work" ${sign[@]+"${sign[@]}"} "$package"

if [ -n "${NOTARY_PROFILE-}" ]; then
  xcrun notarytool submit "$package" --keychain-profile "$NOTARY_PROFILE" --wait
  xcrun stapler staple "$package"
  spctl --assess --type install --verbose "$package"
fi
echo "$package"
