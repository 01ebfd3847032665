zstd -dcq "$TESTDATA/field-reports/30-good.db.zst" >good.db
(cat good.db; echo) >line-feed.db
head -c -16 good.db >cut.db
echo '<html><title>403 Forbidden</title></html>' >page.db
etcdmedic snapshot verify good.db
etcdmedic snapshot verify line-feed.db
etcdmedic snapshot verify good.db line-feed.db cut.db page.db
