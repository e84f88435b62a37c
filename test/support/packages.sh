# SPDX-License-Identifier: MIT
# The Debian packages that the scripts of this project need, and how to install those that are missing. To be sourced by bash.

build_packages=(g++ meson ninja-build pkg-config libasio-dev libwebsocketpp-dev rapidjson-dev libmsgpack-cxx-dev libfmt-dev)
node_packages=(ca-certificates nodejs npm)
test_packages=(libgtest-dev python3 chromium valgrind strace slowhttptest nginx haproxy openssl)
sanitizer_packages=(clang libclang-rt-14-dev)

# The program that stands for a package: any version of it will do, wherever it came from. Other packages are asked of dpkg.
program_of() {
    case $1 in
        g++|meson|pkg-config|npm|python3|chromium|valgrind|strace|slowhttptest|nginx|haproxy|openssl) echo "$1" ;;
        ninja-build) echo ninja ;;
        nodejs) echo node ;;
        clang) echo clang++ ;;
    esac
}

is_present() {
    local program
    program=$(program_of "$1")
    if [[ -n $program ]] && command -v "$program" >/dev/null; then return 0; fi
    # Without dpkg the build itself finds out about libraries, and fetches those it can.
    if ! command -v dpkg-query >/dev/null; then [[ -z $program ]]; return; fi
    [[ $(dpkg-query --show --showformat '${db:Status-Status}' "$1" 2>/dev/null) == installed ]]
}

# need_packages NAME...: installs those that are missing, and tells which; ends the script with 1 where it may not.
need_packages() {
    local missing=() package
    for package in "$@"; do
        is_present "$package" || missing+=("$package")
    done
    if ((${#missing[@]} == 0)); then return 0; fi
    if ((EUID != 0)) || ! command -v apt-get >/dev/null; then
        echo "These packages are missing: ${missing[*]}" >&2
        echo "Install them (as root: apt-get install ${missing[*]}) and try again." >&2
        exit 1
    fi
    echo "Installing: ${missing[*]}"
    export DEBIAN_FRONTEND=noninteractive
    if ! { apt-get update -qq && apt-get install -y -qq --no-install-recommends "${missing[@]}"; } </dev/null >/dev/null; then
        echo "Could not install: ${missing[*]}" >&2
        exit 1
    fi
}

# npm_install FOLDER: what its package-lock.json names, checked by its integrity hashes; nothing if that is there already.
npm_install() {
    local done_mark=$1/node_modules/.package-lock.json
    if [[ -e $done_mark && ! $1/package-lock.json -nt $done_mark ]]; then return 0; fi
    echo "Installing the npm packages of $1"
    (cd "$1" && npm ci --ignore-scripts --no-audit --no-fund --loglevel=error </dev/null >/dev/null)
}

# build_in FOLDER MESON_OPTION... [-- TARGET...]: sets the folder up the first time, then builds all or the targets.
build_in() {
    local folder=$1 options=()
    shift
    while (($# > 0)) && [[ $1 != -- ]]; do
        options+=("$1")
        shift
    done
    if (($# > 0)); then shift; fi
    if [[ ! -e $folder/build.ninja ]]; then
        meson setup "$folder" . "${options[@]}"
    fi
    ninja -C "$folder" "$@"
}
