// SPDX-License-Identifier: MIT
#pragma once

#include "report.hpp"

namespace benchmark {

// Each runs to its end and adds its figures to the report.
void run_echo(const options& settings, report& result);
void run_broadcast(const options& settings, report& result);
void run_connect(const options& settings, report& result);
void run_open_loop(const options& settings, report& result);
void run_idle(const options& settings, report& result);
void run_stream(const options& settings, report& result);
void run_upload(const options& settings, report& result);

}  // namespace benchmark
