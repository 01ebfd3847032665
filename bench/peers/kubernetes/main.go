// SPDX-License-Identifier: Apache-2.0

// Command decode decodes every value below a folder with the Go types, PASSES times over on one core, and prints what it managed.
//
//	decode typed|codec yaml|json FOLDER PASSES
//
// "typed" is the shortest way that there is: the protobuf serializer, then sigs.k8s.io/yaml or encoding/json. "codec" is the way that
// auger goes: find the type, make a codec from the factory for each side, decode to the type's version, encode for it.
package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"time"

	apiextensionsv1 "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1"
	apiextensionsv1beta1 "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1beta1"
	machinery "k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/runtime/serializer"
	"k8s.io/apimachinery/pkg/runtime/serializer/protobuf"
	clientscheme "k8s.io/client-go/kubernetes/scheme"
	apiregistrationv1 "k8s.io/kube-aggregator/pkg/apis/apiregistration/v1"
	"sigs.k8s.io/yaml"
)

var (
	scheme  = machinery.NewScheme()
	storage = protobuf.NewSerializer(scheme, scheme)
	codecs  = serializer.NewCodecFactory(scheme)
	magic   = []byte("k8s\x00")
)

func check(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func typed(stored []byte, asYAML bool) ([]byte, error) {
	object, kind, err := storage.Decode(stored, nil, nil)
	if err != nil {
		return nil, err
	}
	object.GetObjectKind().SetGroupVersionKind(*kind)
	if asYAML {
		return yaml.Marshal(object)
	}
	return json.Marshal(object)
}

func codecFor(media string, version schema.GroupVersion) machinery.Codec {
	info, _ := machinery.SerializerInfoForMediaType(codecs.SupportedMediaTypes(), media)
	return codecs.CodecForVersions(codecs.EncoderForVersion(info.Serializer, version), codecs.DecoderToVersion(info.Serializer, version), version, version)
}

func codec(stored []byte, asYAML bool) ([]byte, error) {
	var envelope machinery.Unknown
	if err := envelope.Unmarshal(stored[len(magic):]); err != nil {
		return nil, err
	}
	version, err := schema.ParseGroupVersion(envelope.APIVersion)
	if err != nil {
		return nil, err
	}
	object, err := machinery.Decode(codecFor(machinery.ContentTypeProtobuf, version), stored)
	if err != nil {
		return nil, err
	}
	media := machinery.ContentTypeJSON
	if asYAML {
		media = machinery.ContentTypeYAML
	}
	return machinery.Encode(codecFor(media, version), object)
}

// values are those in protobuf; what is stored as JSON needs no types.
func values(folder string) (found [][]byte) {
	check(filepath.WalkDir(folder, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || !strings.HasSuffix(path, ".bin") {
			return err
		}
		stored, err := os.ReadFile(path)
		if bytes.HasPrefix(stored, magic) {
			found = append(found, stored)
		}
		return err
	}))
	return found
}

func main() {
	runtime.GOMAXPROCS(1)
	for _, add := range []func(*machinery.Scheme) error{clientscheme.AddToScheme, apiextensionsv1.AddToScheme,
		apiextensionsv1beta1.AddToScheme, apiregistrationv1.AddToScheme} {
		check(add(scheme))
	}
	way := map[string]func([]byte, bool) ([]byte, error){"typed": typed, "codec": codec}[os.Args[1]]
	all := values(os.Args[3])
	passes, err := strconv.Atoi(os.Args[4])
	check(err)
	var objects, in, out int
	begin := time.Now()
	for range passes {
		for _, stored := range all {
			text, err := way(stored, os.Args[2] == "yaml")
			check(err)
			objects, in, out = objects+1, in+len(stored), out+len(text)
		}
	}
	took := time.Since(begin).Seconds()
	fmt.Printf("%d values: %.0f objects, %.1f MB stored, %.1f MB of text a second\n", len(all), float64(objects)/took,
		float64(in)/took/1e6, float64(out)/took/1e6)
}
