// Guide writes what a partner must send, the facts and knobs that packs are
// written with, and the matrix of all requirements: from the packs and tables
// alone, so that none of it can drift.

#pragma once

#include <string>
#include <vector>

#include "program/programs.h"

namespace gateway::program {

// Markdown: every pack, every requirement, with an example that fails it.
std::string guide_markdown(const Programs& programs);

// What whoever writes a pack may name: Markdown tables of every fact with its
// evidence, and of every knob with its range and effect.
std::string reference_markdown();

struct MatrixRow {
  std::string row;   // "A4"
  std::string pack;  // "clinic-work-conditioning"
  Weight weight = Weight::info;
  Kind kind = Kind::informational;
  std::string test;  // that covers it
};
std::vector<MatrixRow> matrix(const Programs& programs);
std::string matrix_text(const Programs& programs);

// Rows of the four sources (A1-A40, O1-O36, C1-C16, T1-T12) that no pack has.
std::vector<std::string> missing_rows(const Programs& programs);

// The name of the test of a row: "Rows/RowTest.FailsItsOwnRule/texas_dwc_T1".
std::string test_of(std::string_view pack, std::string_view row);

}  // namespace gateway::program
