#!/usr/bin/env bash
# hc1.sh METHOD TARGET [JSON] [IDEMPOTENCY-KEY]    HC_CITY, HC_KEY, HC_SECRET, HC_DIGEST (sha256, sm3)
set -euo pipefail
digest_by=${HC_DIGEST:-sha256}
method=$1 target=$2 body=${3-} once=${4-}
at=$(date +%s)
nonce=$(openssl rand -hex 16)
secret=$(printf %s "$HC_SECRET" | base64 -d | od -An -vtx1 | tr -d ' \n')
digest=$(printf %s "$body" | openssl dgst "-$digest_by" -r | cut -d ' ' -f 1)
signature=$(printf '%s\n' "$method" "$target" "$at" "$nonce" "$digest" |
  openssl dgst "-$digest_by" -mac HMAC -macopt "hexkey:$secret" -binary | base64)
curl -sS -X "$method" "$HC_CITY$target" -H "Content-Type: application/json" \
  -H "Authorization: HC1-HMAC-${digest_by^^} key=\"$HC_KEY\",timestamp=\"$at\",nonce=\"$nonce\",signature=\"$signature\"" \
  ${once:+-H "Idempotency-Key: $once"} ${body:+--data-binary "$body"}
