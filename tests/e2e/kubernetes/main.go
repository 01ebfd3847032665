// SPDX-License-Identifier: Apache-2.0

// Command kubernetes makes values as a server stores them, with what the typed objects print as in YAML and JSON.
//
//	kubernetes random COUNT SEED    random objects of every kind, as a stream
//	kubernetes fixtures TESTDATA    the values that k8s.io/api ships, as a stream
//	kubernetes check FOLDER         holds this program against the values of a real server
//
// The stream has six fields an object: name, release, stored bytes, YAML, JSON and what a server stores that is given this JSON, each
// behind its length in four bytes, little end first.
package main

import (
	"bufio"
	"encoding/binary"
	"fmt"
	"os"
	"strconv"
)

var out = bufio.NewWriterSize(os.Stdout, 1<<20)

func write(made object) error {
	for _, field := range [][]byte{[]byte(made.name), []byte(made.release), made.stored, made.yaml, made.json_, made.encoded} {
		if err := binary.Write(out, binary.LittleEndian, uint32(len(field))); err != nil {
			return err
		}
		if _, err := out.Write(field); err != nil {
			return err
		}
	}
	return nil
}

func run(args []string) error {
	switch {
	case len(args) == 3 && args[0] == "random":
		count, err := strconv.Atoi(args[1])
		if err != nil {
			return err
		}
		seed, err := strconv.ParseInt(args[2], 10, 32)
		if err != nil {
			return err
		}
		return randomObjects(count, seed, write)
	case len(args) == 2 && args[0] == "fixtures":
		return fixtures(args[1], write)
	case len(args) == 2 && args[0] == "check":
		return check(args[1])
	}
	return fmt.Errorf("kubernetes random COUNT SEED | fixtures TESTDATA | check FOLDER")
}

func main() {
	err := run(os.Args[1:])
	if err == nil {
		err = out.Flush()
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
