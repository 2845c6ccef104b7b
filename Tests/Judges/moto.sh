#!/usr/bin/env bash
# Judges the endpoint by moto's own tests: they ask `ingot serve` what they ask moto's server. Tests of what is about moto and not about AWS
# fail, and count as what they are. Takes some minutes and needs PyPI; not part of `make test`.
#
#   Tests/Judges/moto.sh [SUITE…]     SUITE: a path below moto's tests without .py, such as test_ec2/test_amis; all of the list by default
set -euo pipefail
cd "$(dirname "$0")/../.."
ingot=${INGOT:-$PWD/.build/release/ingot}
folder=${INGOT_MOTO_FOLDER:-${XDG_CACHE_HOME:-$HOME/.cache}/ingot/moto}
version=5.2.5
suites=(test_ec2/test_amis test_ec2/test_availability_zones_and_regions test_ec2/test_key_pairs test_ec2/test_security_groups
  test_ec2/test_elastic_block_store test_ec2/test_instances test_ec2/test_instance_type_offerings test_ec2/test_tags
  test_ec2/test_vpcs test_ec2/test_subnets test_ec2/test_route_tables test_ec2/test_internet_gateways
  test_ec2/test_elastic_network_interfaces test_ec2/test_elastic_ip_addresses test_ec2/test_dhcp_options test_ec2/test_instance_types
  test_ec2/test_launch_templates test_ebs/test_ebs test_sts/test_sts test_ssm/test_ssm test_ssm/test_ssm_docs test_ssm/test_ssm_doc_permissions
  test_ssm/test_ssm_parameterstore test_ssm/test_ssm_secretsmanager test_ssm/test_ssm_defaults test_ssm/test_ssm_default_amis
  test_ssm/test_ssm_utils test_kms/test_kms test_kms/test_kms_encrypt
  test_kms/test_kms_grants test_kms/test_kms_key_rotation test_kms/test_kms_mac test_kms/test_kms_policy_enforcement)
[ $# -gt 0 ] && suites=("$@")

# The tests are in the source distribution alone.
if [ ! -d "$folder/moto-$version/tests" ]; then
  echo "Getting moto $version and its tests, into $folder"
  python3 -m venv "$folder/venv"
  "$folder/venv/bin/pip" install -q "moto[all,server]==$version" pytest freezegun requests
  "$folder/venv/bin/pip" download -q --no-deps --no-binary :all: --no-build-isolation -d "$folder" "moto==$version" ||
    "$folder/venv/bin/pip" download -q --no-deps --no-binary :all: -d "$folder" "moto==$version"
  tar -xzf "$folder/moto-$version.tar.gz" -C "$folder"
fi

work=$(mktemp -d /tmp/ingot-moto.XXXXXX)
trap 'kill "$server" 2> /dev/null || true; rm -rf "$work"' EXIT
mkdir -m 0700 "$work/home"
# The account that moto's tests take for theirs.
printf 'accounts:\n  - {id: "123456789012", name: moto}\n' > "$work/ingot.yaml"
printf '[{"accessKeyId":"FOOBARKEY","secretAccessKey":"FOOBARSECRET","account":"123456789012","created":"2026-01-01T00:00:00Z"}]' \
  > "$work/home/credentials.json"
chmod 0600 "$work/home/credentials.json"
(cd "$work" && exec "$ingot" serve --port 0 --quiet --test-reset --public-images --home "$work/home") > "$work/url" 2> "$work/log" &
server=$!
for _ in $(seq 100); do
  [ -s "$work/url" ] && break
  sleep 0.1
done
url=$(head -1 "$work/url")
[ -n "$url" ] || { cat "$work/log" >&2; exit 1; }

# moto's tests forget everything by moto's own hook; here the hook is Ingot's.
cat > "$work/ingotreset.py" << 'PYTHON'
import os, requests
from moto.core import models
def reset(self):
    answer = requests.post(os.environ["TEST_SERVER_MODE_ENDPOINT"] + "/_ingot/reset")
    assert answer.status_code == 200, answer.text
models.ServerModeMockAWS.reset = reset
PYTHON
export TEST_SERVER_MODE=true TEST_SERVER_MODE_ENDPOINT=$url PYTHONPATH=$work AWS_ACCESS_KEY_ID=FOOBARKEY AWS_SECRET_ACCESS_KEY=FOOBARSECRET
for suite in "${suites[@]}"; do
  report=$folder/$(basename "$suite").txt
  (cd "$folder/moto-$version" && timeout 600 "$folder/venv/bin/python" -m pytest -q --no-header --color=no --tb=line -p no:cacheprovider \
    -p ingotreset -rfE "tests/$suite.py") > "$report" 2>&1 || true
  printf '%-45s %s\n' "$suite" "$(tail -1 "$report")"
done
echo "What failed and why: $folder/*.txt"
