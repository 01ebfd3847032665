// SPDX-License-Identifier: Apache-2.0

package main

import (
	"encoding/json"
	"fmt"
	"math"
	"math/rand"
	"strings"
	"time"

	apiextensionsv1 "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1"
	apiextensionsv1beta1 "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1beta1"
	"k8s.io/apimachinery/pkg/api/apitesting/fuzzer"
	"k8s.io/apimachinery/pkg/api/resource"
	metafuzzer "k8s.io/apimachinery/pkg/apis/meta/fuzzer"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/serializer"
	"sigs.k8s.io/randfill"
)

// Texts that a YAML emitter has to think about: what reads as another type, what needs quotes, folding, or a block.
var texts = []string{
	"", " ", "yes", "No", "on", "null", "~", "true", "0", "007", "0x1F", "0o7", "1_000", "1e3", ".5", "-.inf", "NaN", "12:30:45",
	"2026-11-24", "2026-11-24T05:04:02Z", "- a", "? b", "a: b", "a:", ":", "#", "a #b", "!tag", "&a", "*a", "%x", "@x", "`x", "{a}",
	"[a]", ",", "|", ">", "=", "<<", "---", "...", "--- a", "'", "\"", "it's", "back\\slash", "tab\tinside", "\ttab", "trailing ",
	" leading", "line\n", "two\nlines", "two\nlines\n", "two\n\nlines\n\n", "\nfirst", " indented\nblock", "a\r\nb", "bell\a",
	"\u00a0", "\u2028x", "\ufeff", "\ufffd", "é", "日本語", "😀", "<&>", "\u0000", "\x1b[31m",
	"#!/bin/sh\nset -e\nexec /bin/app --flag=value \\\n  --other\n", "{\"a\":1}", "key: value\nlist:\n- 1\n",
}

// Texts that the emitter's own reader refuses, or reads as a line break.
var rareTexts = []string{"\x7f", "\u0085", "a\u0085b", "\u2028--- a"}

func text(c randfill.Continue) string {
	if c.Intn(4000) == 0 {
		return rareTexts[c.Intn(len(rareTexts))]
	}
	switch c.Intn(6) {
	case 0:
		return texts[c.Intn(len(texts))]
	case 1:
		return texts[c.Intn(len(texts))] + texts[c.Intn(len(texts))]
	case 2: // words, long enough to fold
		words := make([]string, 1+c.Intn(30))
		for i := range words {
			words[i] = strings.Repeat(string(rune('a'+c.Intn(26))), 1+c.Intn(12))
		}
		return strings.Join(words, " ")
	case 3:
		return fmt.Sprintf("name-%d", c.Intn(1000))
	case 4: // over 128 bytes: as a key it becomes an explicit one
		return strings.Repeat("long/", 20+c.Intn(12))
	}
	return c.String(0)
}

// anyJSON is what may stand in a raw field: a document of every shape.
func anyJSON(c randfill.Continue, depth int) any {
	switch kind := c.Intn(9); {
	case kind < 3 && depth > 0:
		made := map[string]any{}
		for n := c.Intn(4); n >= 0; n-- {
			made[text(c)] = anyJSON(c, depth-1)
		}
		return made
	case kind < 5 && depth > 0:
		made := make([]any, c.Intn(4))
		for i := range made {
			made[i] = anyJSON(c, depth-1)
		}
		return made
	case kind == 5:
		return c.Int63() - math.MaxInt64/2
	case kind == 6:
		return []any{nil, true, false, 0, 1.5, 1e21, 1e-7, -0.1, 1e6, 123456789.0}[c.Intn(10)]
	}
	return text(c)
}

func rawObject(c randfill.Continue) []byte {
	made := map[string]any{"apiVersion": "example.com/v1", "kind": "Any"}
	for n := c.Intn(4); n > 0; n-- {
		made[text(c)] = anyJSON(c, 3)
	}
	return marshalled(made)
}

func marshalled(made any) []byte {
	raw, err := json.Marshal(made)
	if err != nil {
		panic(err)
	}
	return raw
}

// fieldSet is a document in the shape that servers give fieldsV1, its keys in their order.
func fieldSet(c randfill.Continue, depth int) map[string]any {
	made := map[string]any{}
	if c.Bool() {
		made["."] = map[string]any{}
	}
	for n := c.Intn(4); n > 0 && depth > 0; n-- {
		made[fmt.Sprintf("f:name%d", c.Intn(100))] = fieldSet(c, depth-1)
	}
	if depth > 0 && c.Intn(3) == 0 {
		made[fmt.Sprintf(`k:{"containerPort":%d,"protocol":"TCP"}`, c.Intn(65536))] = fieldSet(c, depth-1)
	}
	return made
}

func instant(c randfill.Continue) time.Time {
	seconds := []int64{0, 1, -1, -62135596800, 253402300799, int64(c.Uint32()), c.Int63n(253402300800)}
	return time.Unix(seconds[c.Intn(len(seconds))], c.Int63n(1e9)).UTC()
}

func quantity(c randfill.Continue) resource.Quantity {
	format := []resource.Format{resource.DecimalSI, resource.BinarySI, resource.DecimalExponent}[c.Intn(3)]
	if c.Bool() {
		return *resource.NewMilliQuantity(c.Int63n(1e9)-1e6, format)
	}
	return *resource.NewQuantity(c.Int63()>>uint(c.Intn(63)), format)
}

// Schemas contain one another eight times over; only some levels of a random one are filled.
func schemaFiller[T any](c randfill.Continue, schema *T, depth *int) {
	if *depth++; *depth <= 2 && c.Intn(3) > 0 {
		c.FillNoCustom(schema)
	}
	*depth--
}

func ownFuncs(serializer.CodecFactory) []any {
	depth := 0
	return []any{
		func(s *string, c randfill.Continue) { *s = text(c) },
		func(q *resource.Quantity, c randfill.Continue) { *q = quantity(c) },
		func(t *metav1.Time, c randfill.Continue) { *t = metav1.Time{Time: instant(c)} },
		func(t *metav1.MicroTime, c randfill.Continue) { *t = metav1.MicroTime{Time: instant(c)} },
		func(r *runtime.RawExtension, c randfill.Continue) { r.Raw = rawObject(c) },
		func(f *metav1.FieldsV1, c randfill.Continue) { f.Raw = marshalled(fieldSet(c, 4)) },
		func(m *metav1.ManagedFieldsEntry, c randfill.Continue) { c.FillNoCustom(m) },
		func(m *metav1.ObjectMeta, c randfill.Continue) { c.FillNoCustom(m) },
		func(l *metav1.LabelSelector, c randfill.Continue) { c.FillNoCustom(l) },
		func(f *float64, c randfill.Continue) {
			*f = []float64{0, 1, -1.5, 1e6, 1e20, 1e21, 1e-6, 1e-7, c.NormFloat64() * math.Pow(10, float64(c.Intn(40)-20))}[c.Intn(9)]
		},
		func(s *apiextensionsv1.JSONSchemaProps, c randfill.Continue) { schemaFiller(c, s, &depth) },
		func(s *apiextensionsv1beta1.JSONSchemaProps, c randfill.Continue) { schemaFiller(c, s, &depth) },
		func(j *apiextensionsv1.JSON, c randfill.Continue) { j.Raw = rawObject(c) },
		func(j *apiextensionsv1beta1.JSON, c randfill.Continue) { j.Raw = rawObject(c) },
	}
}

// randomObjects makes `count` objects, one kind after another, the same for the same seed.
func randomObjects(count int, seed int64, each func(object) error) error {
	funcs := fuzzer.MergeFuzzerFuncs(metafuzzer.Funcs, ownFuncs)
	filler := fuzzer.FuzzerFor(funcs, rand.NewSource(seed), serializer.NewCodecFactory(scheme)).NilChance(.4).NumElements(0, 3)
	all := kinds()
	// A seed begins at another kind, so that short runs come round to all.
	for i := 0; i < count; i++ {
		kind := all[(i+int(seed)*count)%len(all)]
		typed, err := scheme.New(kind)
		if err != nil {
			return err
		}
		filler.Fill(typed)
		name := fmt.Sprintf("seed %d, object %d, %s %s", seed, i, kind.GroupVersion(), kind.Kind)
		stored, err := storedBytes(kind, typed)
		if err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		made, err := decoded(name, stored)
		if err != nil {
			return err
		}
		if err := each(made); err != nil {
			return err
		}
	}
	return nil
}
