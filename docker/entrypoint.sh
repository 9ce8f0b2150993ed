#!/bin/sh
# Starts the server in the container. Before that, it reports a mounted folder that it cannot write to.
set -eu

for folder in models embeddings outputs textual_inversion textual_inversion_templates datasets .lexeme; do
  if [ -e "${LEXEME_DATA_DIR}/${folder}" ] && [ ! -w "${LEXEME_DATA_DIR}/${folder}" ]; then
    echo "Cannot write to the folder mounted at ${LEXEME_DATA_DIR}/${folder}: on the host, give it to user $(id -u), for example with chown -R $(id -u):$(id -g) FOLDER" >&2
    exit 1
  fi
done

cd /app
# With exec the server receives the container's signals.
exec node --import tsx apps/server/src/main.ts "$@"
