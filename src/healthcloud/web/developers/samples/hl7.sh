#!/usr/bin/env bash
# hl7.sh: ADT^A04 over MLLP, and its ACK. HC_MLLP (port), ORGANISATION, PATIENT, NAME, ID_NUMBER
set -euo pipefail
at=$(TZ=Asia/Shanghai date +%Y%m%d%H%M%S) id=$(openssl rand -hex 8)
exec 3<>"/dev/tcp/127.0.0.1/$HC_MLLP"
printf '\x0b%s\r%s\r%s\r%s\r\x1c\r' \
  "MSH|^~\\&|HIS|$ORGANISATION|HEALTHCLOUD|CITY|$at||ADT^A04|$id|P|2.4||||||UNICODE UTF-8" \
  "EVN|A04|$at" \
  "PID|1||$PATIENT^^^$ORGANISATION^PI~$ID_NUMBER^^^370400^NI||$NAME" \
  "PV1|1|O|0300^^^$ORGANISATION||||||||||||||||V$id|" >&3
IFS= read -r -d $'\x1c' ack <&3
printf '%s\n' "$ack" | tr '\013\r' ' \n'
