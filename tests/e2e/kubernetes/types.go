// SPDX-License-Identifier: Apache-2.0

package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"reflect"
	"sort"
	"strings"

	admissionv1 "k8s.io/api/admission/v1"
	admissionv1beta1 "k8s.io/api/admission/v1beta1"
	apidiscoveryv2 "k8s.io/api/apidiscovery/v2"
	apidiscoveryv2beta1 "k8s.io/api/apidiscovery/v2beta1"
	imagepolicyv1alpha1 "k8s.io/api/imagepolicy/v1alpha1"
	apiextensionsv1 "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1"
	apiextensionsv1beta1 "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1beta1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/runtime/serializer/protobuf"
	clientscheme "k8s.io/client-go/kubernetes/scheme"
	apiregistrationv1 "k8s.io/kube-aggregator/pkg/apis/apiregistration/v1"
	apiregistrationv1beta1 "k8s.io/kube-aggregator/pkg/apis/apiregistration/v1beta1"
	"sigs.k8s.io/yaml"
)

// scheme knows every type that a server of this release can store or be asked with.
var scheme = func() *runtime.Scheme {
	all := runtime.NewScheme()
	for _, add := range []func(*runtime.Scheme) error{
		clientscheme.AddToScheme, admissionv1.AddToScheme, admissionv1beta1.AddToScheme, apidiscoveryv2.AddToScheme,
		apidiscoveryv2beta1.AddToScheme, imagepolicyv1alpha1.AddToScheme, apiextensionsv1.AddToScheme,
		apiextensionsv1beta1.AddToScheme, apiregistrationv1.AddToScheme, apiregistrationv1beta1.AddToScheme,
	} {
		if err := add(all); err != nil {
			panic(err)
		}
	}
	return all
}()

var storage = protobuf.NewSerializer(scheme, scheme)

// ofRequests tells the options and watch events that every group carries, and that never come to etcd.
func ofRequests(of reflect.Type) bool { return strings.Contains(of.PkgPath(), "/apis/meta/") }

// kinds are the registered ones that a group declares itself, in a fixed order.
func kinds() []schema.GroupVersionKind {
	var found []schema.GroupVersionKind
	for kind, of := range scheme.AllKnownTypes() {
		if kind.Version != runtime.APIVersionInternal && !ofRequests(of) {
			found = append(found, kind)
		}
	}
	sort.Slice(found, func(a, b int) bool { return found[a].String() < found[b].String() })
	return found
}

// object is one value as a server stores it, what its typed form prints as, and what a server stores that is given that JSON.
// The emitter refuses some texts, such as those with a DEL, or with a line separator before what looks like the end of a document: then
// there is no YAML. Where a server stores JSON, there are no bytes that it would store.
type object struct {
	name, release                string // "1.33": as this release prints it; empty: as the newest does
	stored, yaml, json_, encoded []byte
}

func storedBytes(kind schema.GroupVersionKind, typed runtime.Object) ([]byte, error) {
	typed.GetObjectKind().SetGroupVersionKind(kind)
	var out bytes.Buffer
	if err := storage.Encode(typed, &out); err != nil {
		return nil, err
	}
	return out.Bytes(), nil
}

func encoded(kind schema.GroupVersionKind, text []byte) ([]byte, error) {
	if kind.Group == "apiextensions.k8s.io" || kind.Group == "apiregistration.k8s.io" {
		return nil, nil
	}
	typed, err := scheme.New(kind)
	if err != nil {
		return nil, err
	}
	if err := json.Unmarshal(text, typed); err != nil {
		return nil, nil // a time that JSON cannot take back
	}
	return storedBytes(kind, typed)
}

func printed(name string, stored []byte, typed any) (object, error) {
	asJSON, err := json.Marshal(typed)
	if err != nil {
		return object{}, fmt.Errorf("%s: %w", name, err)
	}
	asYAML, err := yaml.Marshal(typed)
	if err != nil && !strings.Contains(err.Error(), "yaml: ") {
		return object{}, fmt.Errorf("%s: %w", name, err)
	}
	return object{name: name, stored: stored, yaml: asYAML, json_: asJSON}, nil
}

// decoded prints the typed form of stored bytes: protobuf, or JSON of a type or, as with custom resources, of none.
func decoded(name string, stored []byte) (object, error) {
	if bytes.HasPrefix(stored, []byte("k8s\x00")) {
		typed, kind, err := storage.Decode(stored, nil, nil)
		if err != nil {
			return object{}, fmt.Errorf("%s: %w", name, err)
		}
		typed.GetObjectKind().SetGroupVersionKind(*kind)
		made, err := printed(name, stored, typed)
		if err == nil {
			made.encoded, err = encoded(*kind, made.json_)
		}
		return made, err
	}
	var meta runtime.TypeMeta
	if err := json.Unmarshal(stored, &meta); err != nil {
		return object{}, fmt.Errorf("%s: %w", name, err)
	}
	typed, err := scheme.New(meta.GroupVersionKind())
	if runtime.IsNotRegisteredError(err) {
		asYAML, err := yaml.JSONToYAML(stored)
		return object{name: name, stored: stored, yaml: asYAML, json_: bytes.TrimSuffix(stored, []byte("\n"))}, err
	}
	if err == nil {
		err = json.Unmarshal(stored, typed)
	}
	if err != nil {
		return object{}, fmt.Errorf("%s: %w", name, err)
	}
	return printed(name, stored, typed)
}
