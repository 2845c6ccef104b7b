cd /srv
export GITHUB_TOKEN=EXAMPLE-token-in-a-history
mysql -u admin -pEXAMPLE-password
