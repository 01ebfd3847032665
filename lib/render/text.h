// SPDX-License-Identifier: Apache-2.0
// Bytes from a file, made fit for a terminal or a document. Never a raw control character.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/bytes.h"

namespace etcdmedic::render {

std::string Base64(Bytes bytes);

// For tables: control characters, invalid UTF-8 and backslashes as \xNN, \n, \t, \\; characters that are not
// seen but change how others are shown (marks of direction, zero widths) as \u{NNNN}.
void AppendPrintable(std::string& out, std::string_view text);
std::string Printable(std::string_view text);
// The bytes that Printable shows as `text`; nothing where there are none.
std::optional<std::string> FromPrintable(std::string_view text);

// Lines of a text for a terminal: as Printable, but for line feeds and tabs, and backslashes as they are.
std::string PrintableLines(std::string_view text);

// A JSON string with its quotes. Invalid UTF-8 becomes U+FFFD; callers give such bytes as base64 beside it.
void AppendJsonString(std::string& out, std::string_view text);

// A YAML scalar on one line, double-quoted only where it must be. Objects are not written with it but by
// k8s::AppendYamlScalar, which folds and quotes as their own tools do.
void AppendYamlString(std::string& out, std::string_view text);

// "1 finding", "2 findings".
std::string Count(uint64_t number, std::string_view noun);

// At most `width` bytes of a printable text, with "…" for what is cut.
std::string Shorten(std::string text, size_t width);

// "1.5 MiB".
std::string HumanSize(uint64_t bytes);

// Offset, hexadecimal and text, 16 bytes a line.
std::string HexDump(Bytes bytes, uint64_t offset, std::string_view indent = "");

}  // namespace etcdmedic::render
