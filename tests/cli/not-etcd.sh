mkdir other && echo text > other/notes.txt && etcdmedic verify other
etcdmedic verify missing
echo text > notes.txt; etcdmedic info notes.txt
