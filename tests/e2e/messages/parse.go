// SPDX-License-Identifier: Apache-2.0

package messages

import (
	"bufio"
	"encoding/hex"
	"fmt"
	"io"
	"os"
	"strings"

	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/reflect/protoregistry"
	"google.golang.org/protobuf/runtime/protoimpl"
)

// Main prints the facts of the packages, or parses what standard input has.
func Main(packages ...protoreflect.FullName) {
	if len(os.Args) < 2 {
		print(packages...)
		return
	}
	if err := parse(os.Stdin, os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// parse reads lines of a message's name and its bytes in hexadecimal, and writes `ok` or the error of etcd's parser.
func parse(from io.Reader, to io.Writer) error {
	out := bufio.NewWriter(to)
	defer out.Flush()
	lines := bufio.NewScanner(from)
	lines.Buffer(nil, 1<<24)
	for lines.Scan() {
		name, digits, _ := strings.Cut(lines.Text(), " ")
		data, err := hex.DecodeString(digits)
		if err != nil {
			return err
		}
		kind, err := protoregistry.GlobalTypes.FindMessageByName(protoreflect.FullName(name))
		if err != nil {
			return err
		}
		fmt.Fprintln(out, verdict(kind.New().Interface(), data))
	}
	return lines.Err()
}

func verdict(message proto.Message, data []byte) string {
	var err error
	// The code that gogo/protobuf generates, up to etcd 3.6.
	if own, is := protoimpl.X.ProtoMessageV1Of(message).(interface{ Unmarshal([]byte) error }); is {
		err = own.Unmarshal(data)
	} else {
		err = proto.Unmarshal(data, message)
	}
	if err != nil {
		return err.Error()
	}
	return "ok"
}
