etcdmedic get data /registry/pods/ --prefix --keys-only --sort-by version --order descend --limit 3
