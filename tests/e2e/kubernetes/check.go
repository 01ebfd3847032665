// SPDX-License-Identifier: Apache-2.0

package main

import (
	"bytes"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// check holds this program itself against values of a real server: NAME.bin must print as NAME.yaml and NAME.json.
func check(folder string) error {
	count, wrong := 0, 0
	err := filepath.WalkDir(folder, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || !strings.HasSuffix(path, ".bin") {
			return err
		}
		stored, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		is, err := decoded(path, stored)
		if err != nil {
			return err
		}
		for suffix, text := range map[string][]byte{".yaml": is.yaml, ".json": is.json_} {
			want, err := os.ReadFile(strings.TrimSuffix(path, ".bin") + suffix)
			if err != nil {
				return err
			}
			if !bytes.Equal(bytes.TrimSuffix(text, []byte("\n")), bytes.TrimSuffix(want, []byte("\n"))) {
				wrong++
				fmt.Printf("%s%s differs\n", path, suffix)
			}
		}
		count++
		return nil
	})
	if err == nil && (wrong > 0 || count == 0) {
		err = fmt.Errorf("%d of %d values differ", wrong, count)
	}
	if err == nil {
		fmt.Printf("%d values print as expected\n", count)
	}
	return err
}
