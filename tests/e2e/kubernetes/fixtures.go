// SPDX-License-Identifier: Apache-2.0

package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"reflect"
	"strings"

	"k8s.io/apimachinery/pkg/runtime"
)

// fixtures are the values that k8s.io/api ships of its own release (HEAD) and of those before (v1.33.0), below `folder`, its testdata.
// What an earlier release wrote prints as the texts beside it when printed as that release did, and as the types of today print it when
// they lose nothing of it.
func fixtures(folder string, each func(object) error) error {
	paths, err := filepath.Glob(filepath.Join(folder, "*", "*.pb"))
	if err != nil {
		return err
	}
	for _, path := range paths {
		name := strings.TrimPrefix(path, folder+"/")
		stored, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		if !cameToEtcd(stored) {
			continue
		}
		// What stands there "after a round trip" is what today's types make of it.
		if version, _, _ := strings.Cut(name, "/"); version != "HEAD" && !strings.Contains(name, ".after_roundtrip.") {
			made, err := besides(name, strings.TrimSuffix(path, ".pb"), stored)
			if err != nil {
				return err
			}
			made.release = strings.TrimSuffix(strings.TrimPrefix(version, "v"), ".0")
			if err := each(made); err != nil {
				return err
			}
		}
		made, err := decoded(name, stored)
		if runtime.IsNotRegisteredError(errors.Unwrap(err)) {
			continue
		}
		if err != nil {
			return err
		}
		if len(made.encoded) != len(stored) {
			continue // fields that today's types lack, or newer ones that are always written
		}
		if err := each(made); err != nil {
			return err
		}
	}
	return nil
}

func cameToEtcd(stored []byte) bool {
	var envelope runtime.Unknown
	if err := envelope.Unmarshal(stored[len("k8s\x00"):]); err != nil || envelope.Kind == "" {
		return false // a watch event has no type of its own
	}
	typed, err := scheme.New(envelope.GroupVersionKind())
	return err != nil || !ofRequests(reflect.TypeOf(typed).Elem())
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
	return object{name: name, stored: stored, yaml: asYAML, json_: compact.Bytes()}, err
}
