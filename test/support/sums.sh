# SPDX-License-Identifier: MIT
# Runs suites and adds up their last lines, `N passed, N failed, N skipped`. To be sourced by bash.

passed=0 failed=0 skipped=0
begun_names=() begun_processes=() begun_logs=()

# add_sum NAME LINE EXIT_CODE: a suite that ended badly without saying what failed counts as one failed test.
add_sum() {
    if [[ $2 =~ ^([0-9]+)\ passed,\ ([0-9]+)\ failed(,\ ([0-9]+)\ skipped)?$ ]]; then
        passed=$((passed + BASH_REMATCH[1])) failed=$((failed + BASH_REMATCH[2])) skipped=$((skipped + ${BASH_REMATCH[4]:-0}))
        if (($3 == 0 || BASH_REMATCH[2] > 0)); then return 0; fi
    fi
    echo "FAILED: $1 ended with exit code $3 and without a sum of failures"
    failed=$((failed + 1))
}

# run_suite NAME COMMAND...
run_suite() {
    local name=$1 log code=0
    shift
    log=$(mktemp)
    echo "== $name"
    "$@" </dev/null 2>&1 | tee "$log" || code=${PIPESTATUS[0]}
    add_sum "$name" "$(tail -n 1 "$log")" "$code"
    rm -f "$log"
}

# begin_suite NAME COMMAND...: runs it beside what follows, up to end_suites.
begin_suite() {
    local log
    log=$(mktemp)
    "${@:2}" </dev/null >"$log" 2>&1 &
    begun_names+=("$1") begun_processes+=("$!") begun_logs+=("$log")
    trap 'kill $(jobs -p) 2>/dev/null || true' EXIT
}

# Waits for the suites that were begun, and prints and adds what they did.
end_suites() {
    local index code
    for index in "${!begun_names[@]}"; do
        code=0
        wait "${begun_processes[index]}" || code=$?
        echo "== ${begun_names[index]}"
        cat "${begun_logs[index]}"
        add_sum "${begun_names[index]}" "$(tail -n 1 "${begun_logs[index]}")" "$code"
        rm -f "${begun_logs[index]}"
    done
    begun_names=() begun_processes=() begun_logs=()
}

# The sum of all suites, as the last line; ends the script, with 1 if anything failed.
print_sum() {
    echo "$passed passed, $failed failed, $skipped skipped"
    exit $((failed > 0))
}
