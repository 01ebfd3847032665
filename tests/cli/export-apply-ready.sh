etcdmedic export data --output out --apply-ready
cat out/index.tsv
