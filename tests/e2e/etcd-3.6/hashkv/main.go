// SPDX-License-Identifier: Apache-2.0

// Command hashkv asks a server for HashKV at each revision named, where the JSON gateway of 3.4 has no path for it.
package main

import (
	"context"
	"fmt"
	"os"
	"strconv"
	"time"

	clientv3 "go.etcd.io/etcd/client/v3"
	"go.uber.org/zap"
)

func main() {
	if err := ask(os.Args[1], os.Args[2:]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func ask(endpoint string, revisions []string) error {
	client, err := clientv3.New(clientv3.Config{Endpoints: []string{endpoint}, DialTimeout: 10 * time.Second, Logger: zap.NewNop()})
	if err != nil {
		return err
	}
	defer client.Close()
	patience, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	for _, text := range revisions {
		revision, err := strconv.ParseInt(text, 10, 64)
		if err != nil {
			return err
		}
		answer, err := client.HashKV(patience, endpoint, revision)
		if err != nil {
			return err
		}
		fmt.Println(revision, answer.Hash, answer.CompactRevision)
	}
	return nil
}
