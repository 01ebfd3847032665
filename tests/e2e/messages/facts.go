// SPDX-License-Identifier: Apache-2.0

// Package messages prints what the protobuf packages that are linked into a program declare: a line a file, message,
// field, enum value and method. With the argument "parse" they parse messages instead. Each etcd-<release>/messages is such a
// program; messages.py compares the lines with proto/, verdicts.py the verdicts with ours.
package messages

import (
	"fmt"
	"sort"
	"strings"

	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/reflect/protoregistry"
)

// print writes the facts of the packages named, sorted.
func print(packages ...protoreflect.FullName) {
	facts := &lines{}
	for _, name := range packages {
		found := false
		protoregistry.GlobalFiles.RangeFilesByPackage(name, func(file protoreflect.FileDescriptor) bool {
			facts.file(file)
			found = true
			return true
		})
		if !found {
			panic("no file of package " + name)
		}
	}
	sort.Strings(*facts)
	fmt.Println(strings.Join(*facts, "\n"))
}

type lines []string

func (l *lines) add(words ...any) { *l = append(*l, strings.TrimSuffix(fmt.Sprintln(words...), "\n")) }

func (l *lines) file(file protoreflect.FileDescriptor) {
	for i := range file.Messages().Len() {
		l.message(file.Messages().Get(i), file.Syntax())
	}
	for i := range file.Enums().Len() {
		l.enum(file.Enums().Get(i), "")
	}
	for i := range file.Services().Len() {
		service := file.Services().Get(i)
		for j := range service.Methods().Len() {
			l.method(service.Methods().Get(j))
		}
	}
}

func (l *lines) message(message protoreflect.MessageDescriptor, syntax protoreflect.Syntax) {
	release := since(message, "")
	l.add("message", message.FullName(), syntax)
	l.since(message, release)
	for i := range message.Fields().Len() {
		field := message.Fields().Get(i)
		l.field(message.FullName(), field)
		l.since(field, since(field, release))
	}
	for i := range message.Enums().Len() {
		l.enum(message.Enums().Get(i), release)
	}
}

func (l *lines) field(owner protoreflect.FullName, field protoreflect.FieldDescriptor) {
	words := []any{"field", owner, field.Number(), field.Name(), field.Cardinality(), field.Kind()}
	if field.Message() != nil {
		words = append(words, field.Message().FullName())
	}
	if field.Enum() != nil {
		words = append(words, field.Enum().FullName())
	}
	if field.ContainingOneof() != nil {
		words = append(words, "oneof", field.ContainingOneof().Name())
	}
	if field.IsPacked() {
		words = append(words, "packed")
	}
	l.add(words...)
}

func (l *lines) enum(enum protoreflect.EnumDescriptor, release string) {
	release = since(enum, release)
	for i := range enum.Values().Len() {
		value := enum.Values().Get(i)
		l.add("value", enum.FullName(), value.Number(), value.Name())
		l.since(value, since(value, release))
	}
}

// since is the release that etcd's own annotation names, the outer one's where it names an older one or none.
func since(what protoreflect.Descriptor, outer string) string {
	release := outer
	what.Options().ProtoReflect().Range(func(option protoreflect.FieldDescriptor, value protoreflect.Value) bool {
		if strings.HasPrefix(string(option.FullName()), "versionpb.etcd_version_") {
			release = max(release, value.String())
		}
		return true
	})
	return release
}

func (l *lines) since(what protoreflect.Descriptor, release string) {
	if release > "3.0" {
		l.add("since", what.FullName(), release)
	}
}

func (l *lines) method(method protoreflect.MethodDescriptor) {
	words := []any{"method", method.FullName(), method.Input().FullName(), method.Output().FullName()}
	if method.IsStreamingClient() {
		words = append(words, "streams-in")
	}
	if method.IsStreamingServer() {
		words = append(words, "streams-out")
	}
	l.add(words...)
}
