#!/bin/sh
# Writes the secrets of docker-compose.yml to .env at the root of the repository and prints the sign-in link. Existing values
# stay, except the code of the link, which works once and is recreated each time.
set -eu
umask 077
cd "$(dirname "$0")/../.."

random() {
  od -An -N24 -tx1 /dev/urandom | tr -d ' \n'
}
has() {
  grep -q "^$1=." .env
}

touch .env
code=$(random)
{
  grep -v '^SIGN_IN_CODE=' .env || true
  has ACCESS_TOKEN || echo "ACCESS_TOKEN=$(random)"
  has POSTGRES_PASSWORD || echo "POSTGRES_PASSWORD=$(random)"
  echo "SIGN_IN_CODE=$code"
} > .env.new
mv .env.new .env

port=$(sed -n 's/^WEB_PORT=\([0-9][0-9]*\).*$/\1/p' .env | tail -n 1)
echo "http://127.0.0.1:${port:-8080}/sign-in?code=$code"
