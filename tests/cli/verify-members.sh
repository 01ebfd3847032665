zstd -dc --long=27 "$TESTDATA/corpora/divergence.tar.zst" | tar -xf -
etcdmedic verify divergence/m1 divergence/m2 divergence/m3
