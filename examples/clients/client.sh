#!/bin/sh
# Ask a server of Olhar's about pictures, with curl 7.76 or newer: sh client.sh ADDRESS PICTURE...
#
# The token, where the server wants one, stands in OLHAR_TOKEN; it comes to curl by a pipe, where nobody sees it who lists
# what runs. Each picture prints a line of JSON.
address=${1%/}
shift
failed=0
for picture in "$@"; do
  {
    [ -z "$OLHAR_TOKEN" ] || printf 'Authorization: Bearer %s\n' "$OLHAR_TOKEN"
  } | curl --silent --show-error --fail-with-body --max-time 30 --header @- --header "Content-Type: application/octet-stream" \
    --data-binary "@$picture" "$address/predict?top=10000" || failed=1
  echo
done
exit $failed
