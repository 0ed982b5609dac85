#!/usr/bin/env bash
# shandong.sh: GetQrCodeByIdCard. HC_CITY, APP_ID, APP_SECRET, ID_NUMBER
set -euo pipefail
curl -sS "$HC_CITY/hospital/GetQrCodeByIdCard" -u "$APP_ID:$APP_SECRET" \
  -H 'Content-Type: application/json' --data-binary "{\"idNo\": \"$ID_NUMBER\"}"
