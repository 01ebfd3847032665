printf '{"apiVersion":"stable.example.com/v1","kind":"CronTab","spec":{"cron":[{"at":1},{"at":2' | etcdmedic decode
