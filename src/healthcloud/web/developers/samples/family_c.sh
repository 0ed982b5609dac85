#!/usr/bin/env bash
# family_c.sh: ehc.ehealthcode.generate, a dynamic code. HC_CITY, APP_ID, APP_SECRET, CARD
set -euo pipefail
day=$(TZ=Asia/Shanghai date +%Y%m%d%H%M%S) at=$(date +%s)000
plain="{\"ehealth_card_id\":\"$CARD\",\"ewmbs\":\"0\",\"generate_no\":\"$day\",\"generate_time\":\"$day\"}"
ends="digest_type=SM3&enc_type=SM4&method=ehc.ehealthcode.generate&term_id=HIS1&timestamp=$at&version=X.M.0.1"
digest=$(printf %s "app_id=$APP_ID&biz_content=$plain&$ends&app_secret=$APP_SECRET" | openssl dgst -sm3 -r | cut -d ' ' -f 1)
key=$(printf %s "$APP_SECRET" | od -An -vtx1 | tr -d ' \n')
sealed=$({ printf %s "$plain"; head -c $(((16 - ${#plain} % 16) % 16)) /dev/zero; } |
  openssl enc -sm4-ecb -nopad -K "$key" | od -An -vtx1 | tr -d ' \n')
curl -sS "$HC_CITY/erhc/ehealthcard/business.do" -H 'Content-Type: application/json' --data-binary @- <<END
{"app_id": "$APP_ID", "biz_content": "$sealed", "digest_type": "SM3", "enc_type": "SM4", "term_id": "HIS1",
 "method": "ehc.ehealthcode.generate", "timestamp": "$at", "version": "X.M.0.1", "digest": "$digest"}
END
