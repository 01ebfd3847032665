etcdmedic db check data/member/snap/db
cp data/member/snap/db damaged
printf '\xff' | dd of=damaged bs=1 seek=$((4096 * 3)) conv=notrunc status=none
etcdmedic db check damaged
