#!/usr/bin/env bash
# tencent.sh: getAppToken, then getDynamicQRCode. HC_CITY, APP_ID, APP_SECRET, ORGANISATION, CARD, ID_NUMBER
set -euo pipefail
ask() { # PATH TOKEN REQ-AS-JSON REQ-AS-PAIRS...
  local path=$1 token=$2 req=$3 at id text sign
  shift 3
  at=$(date +%s) id=$(openssl rand -hex 16)
  text=$(printf '%s\n' "appToken=$token" channelNum=4 "hospitalId=$ORGANISATION" "requestId=$id" "timestamp=$at" "$@" |
    grep -v '=$' | LC_ALL=C sort | paste -sd '&' -)
  sign=$(printf %s "$text$APP_SECRET" | openssl dgst -sha256 -binary | base64)
  curl -sS "$HC_CITY/rest/auth/HealthCard/$path" -H 'Content-Type: application/json' --data-binary @- <<END
{"commonIn": {"appToken": "$token", "channelNum": 4, "hospitalId": "$ORGANISATION", "requestId": "$id",
 "timestamp": "$at", "sign": "$sign"}, "req": $req}
END
}
token=$(ask HealthOpenAuth/AuthObj/getAppToken "" "{\"appId\": \"$APP_ID\"}" "appId=$APP_ID" |
  sed -nE 's/.*"appToken": ?"([^"]*)".*/\1/p')
ask HealthOpenPlatform/ISVOpenObj/getDynamicQRCode "$token" \
  "{\"healthCardId\": \"$CARD\", \"idType\": \"01\", \"idNumber\": \"$ID_NUMBER\", \"codeType\": \"0\"}" \
  "healthCardId=$CARD" idType=01 "idNumber=$ID_NUMBER" codeType=0
