#!/bin/sh
# Installs the browser the tests drive: Debian's chromium where apt is, else Playwright's own.
set -e
if command -v chromium >/dev/null 2>&1; then exit 0; fi
if command -v apt-get >/dev/null 2>&1 && [ "$(id -u)" = 0 ]; then
    apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq chromium >/dev/null
else
    "$1" -m playwright install chromium
fi
