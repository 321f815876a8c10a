#!/bin/sh
# What the tests need from the system: a Chromium to drive, a Chinese font for its pages, and a
# PostgreSQL to start servers of their own from.
# Installed through apt where that is allowed, else named with the command.
set -eu

missing=""
[ -x /usr/bin/chromium ] || missing="$missing chromium"
fc-list :lang=zh 2>/dev/null | grep -q . || missing="$missing fonts-noto-cjk fontconfig"
ls /usr/lib/postgresql/*/bin/postgres >/dev/null 2>&1 || command -v postgres >/dev/null 2>&1 ||
    missing="$missing postgresql"
[ -n "$missing" ] || exit 0

install="apt-get install --yes --no-install-recommends$missing"
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
    apt-get update -q && DEBIAN_FRONTEND=noninteractive $install
    exit 0
fi
echo "The tests need system packages that are not here:$missing" >&2
echo "Get them with: sudo $install" >&2
exit 1
