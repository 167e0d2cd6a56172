#!/bin/sh
# Removes Gmail Sync for Bitrix24 from this Mac: a package of macOS can't remove itself.
#
#   sudo "/Library/Application Support/gmail-sync-bitrix24/uninstall.sh" [--purge]
#
# --purge also deletes what the person who runs it by sudo has stored, keychain items included. Nobody else's can be reached:
# they run `gmail-sync-host purge` themselves, before this.
set -eu

folder="/Library/Application Support/gmail-sync-bitrix24"
link=/usr/local/bin/gmail-sync-host

if [ "$(id -u)" != 0 ]; then
  echo "This removes files for everybody: run it by sudo." >&2
  exit 1
fi
case "${1-}" in
  "") ;;
  --purge)
    if [ -z "${SUDO_USER-}" ] || [ "$SUDO_USER" = root ]; then
      echo "--purge is for the person whose things these are: run it by sudo from their account." >&2
      exit 1
    fi
    sudo -u "$SUDO_USER" -H "$folder/gmail-sync-host" purge --yes
    ;;
  *)
    echo "usage: uninstall.sh [--purge]" >&2
    exit 1
    ;;
esac

# The folders too, unless something else is in them.
remove() {
  rm -f "$1"
  (cd / && rmdir -p "$(dirname "${1#/}")" 2>/dev/null) || true
}
@MANIFESTS@
if [ "$(readlink "$link")" = "$folder/gmail-sync-host" ]; then
  rm -f "$link"
  # A new Mac has no such folder: the package made it, for the link.
  rmdir "$(dirname "$link")" 2>/dev/null || true
fi
rm -rf "$folder"
pkgutil --forget @IDENTIFIER@ >/dev/null
echo "Gmail Sync for Bitrix24 is removed."
