// SPDX-License-Identifier: Apache-2.0

package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strings"

	"k8s.io/apimachinery/pkg/runtime"
)

// fixtures are the values that k8s.io/api ships of its own and of earlier releases, below `folder`, its testdata. What this release
// no longer has prints as the texts beside it.
func fixtures(folder string, each func(object) error) error {
	paths, err := filepath.Glob(filepath.Join(folder, "*", "*.pb"))
	if err != nil {
		return err
	}
	for _, path := range paths {
		if strings.HasSuffix(path, ".WatchEvent.pb") { // goes over the wire, without a type of its own, and never to etcd
			continue
		}
		stored, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		name := strings.TrimPrefix(path, folder+"/")
		made, err := decoded(name, stored)
		if runtime.IsNotRegisteredError(errors.Unwrap(err)) {
			made, err = besides(name, strings.TrimSuffix(path, ".pb"), stored)
		}
		if err != nil {
			return err
		}
		if err := each(made); err != nil {
			return err
		}
	}
	return nil
}

func besides(name, path string, stored []byte) (object, error) {
	asYAML, err := os.ReadFile(path + ".yaml")
	if err != nil {
		return object{}, err
	}
	asJSON, err := os.ReadFile(path + ".json")
	if err != nil {
		return object{}, err
	}
	var compact bytes.Buffer
	err = json.Compact(&compact, asJSON)
	return object{name, stored, asYAML, compact.Bytes(), nil}, err
}
