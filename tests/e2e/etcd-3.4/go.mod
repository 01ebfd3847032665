module etcdmedic/tests/e2e/etcd-3.4

go 1.26.0

require (
	etcdmedic/tests/e2e/messages v0.0.0
	go.etcd.io/etcd v0.5.0-alpha.5.0.20210428180535-15715dcf1ace
)

require (
	github.com/gogo/protobuf v1.2.1 // indirect
	github.com/golang/protobuf v1.5.0 // indirect
	golang.org/x/net v0.0.0-20201021035429-f5854403a974 // indirect
	golang.org/x/sys v0.0.0-20210119212857-b64e53b001e4 // indirect
	golang.org/x/text v0.3.3 // indirect
	google.golang.org/genproto v0.0.0-20190819201941-24fa4b261c55 // indirect
	google.golang.org/grpc v1.26.0 // indirect
	google.golang.org/protobuf v1.36.11 // indirect
)

replace etcdmedic/tests/e2e/messages => ../messages
