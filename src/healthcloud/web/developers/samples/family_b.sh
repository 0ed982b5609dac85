#!/usr/bin/env bash
# family_b.sh: activateVmcardQRcode, the code of a card. HC_CITY, APP_ID, APP_SECRET, ORGANISATION, CARD
set -euo pipefail
sm3() { openssl dgst -sm3 -r | cut -d ' ' -f 1 | tr a-f A-F; }
at=$(date +%s) nonce=$(openssl rand -hex 16) record=$(openssl rand -hex 8)
head="appId=$APP_ID&nonceStr=$nonce&timestamp=$at&version=V2.0.0"
body="appRecordNo=$record&erhcCardNo=$CARD&orgCode=$ORGANISATION"
head_sign=$(printf %s "$head&key=$APP_SECRET" | sm3)
body_sign=$(printf %s "$body&key=$APP_SECRET" | sm3)
curl -sS "$HC_CITY/api/do" -H 'Content-Type: application/json' --data-binary @- <<END
{"method": "activateVmcardQRcode", "appId": "$APP_ID", "nonceStr": "$nonce", "timestamp": "$at",
 "version": "V2.0.0", "signMode": "SM3", "encryptMode": "SM4/ECB/ZeroBytePadding",
 "headSign": "$head_sign", "bodySign": "$body_sign",
 "body": {"appRecordNo": "$record", "erhcCardNo": "$CARD", "orgCode": "$ORGANISATION"}}
END
