#!/usr/bin/env bash
# Installs what daiban needs from the system: LibreOffice >= 7.5, Chinese fonts, poppler, a Python that can make venvs.
#
# With the word "tests": also what the tests start for themselves, a browser, a web server and a database server.
#
# Quick when everything is there. Exit code 0: all there now; 10: something is lacking and said so (writing DOCX works
# without any of it). Debian 12 ships LibreOffice 7.4, which exports no form fields; its backports suite carries a
# newer one and is added from the mirror this machine already uses.
set -euo pipefail

PACKAGES=(
  fonts-noto-cjk fonts-arphic-ukai fonts-wqy-zenhei fonts-lxgw-wenkai fonts-dejavu-core
  poppler-utils poppler-data fontconfig
)
WHOLE=${1:-}
if [[ $WHOLE == tests ]]; then
  PACKAGES+=(chromium nginx-light postgresql)
fi
# 仿宋, 楷体, 黑体, 宋体 stand-ins; their Debian package pulls in all of TeX, so only these files are taken from it.
FANDOL_PACKAGE=texlive-lang-chinese
FANDOL_FILES=(
  FandolFang-Regular.otf FandolKai-Regular.otf FandolHei-Regular.otf FandolHei-Bold.otf
  FandolSong-Regular.otf FandolSong-Bold.otf
)
FANDOL_DIR=/usr/local/share/fonts/fandol
PYTHON=${PYTHON:-python3}

say() { printf '%s\n' "$*" >&2; }

office_ok() {
  local program version major minor
  program=$(command -v soffice || command -v libreoffice) || return 1
  version=$("$program" --version 2>/dev/null | grep -oE '[0-9]+\.[0-9]+' | head -n 1) || return 1
  major=${version%%.*} minor=${version#*.}
  (( major > 7 || (major == 7 && minor >= 5) ))
}

missing_packages() {
  local package
  for package in "${PACKAGES[@]}"; do
    [[ $(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null) == installed ]] || printf '%s\n' "$package"
  done
  "$PYTHON" -c 'import venv, ensurepip' 2>/dev/null || printf '%s\n' python3-venv
}

fandol_ok() {
  local file
  for file in "${FANDOL_FILES[@]}"; do
    [[ -s $FANDOL_DIR/$file ]] || return 1
  done
}

all_there() { office_ok && [[ -z $(missing_packages) ]] && fandol_ok; }

what_to_install() {
  say "请由管理员安装以下内容（没有它们，DOCX 仍可生成，PDF 不能）："
  office_ok || say "  - LibreOffice 7.5 以上（只需 Writer）；Debian 12 须从 bookworm-backports 安装"
  say "  - 中文字体：思源宋体/黑体（Noto CJK）、AR PL UKai、文泉驿正黑、霞鹜文楷、Fandol 四种、DejaVu Sans"
  say "  - poppler-utils、poppler-data、fontconfig，以及带 venv 的 Python 3.11 以上"
  [[ $WHOLE != tests ]] || say "  - 只有测试要用的：chromium、nginx-light、postgresql（没有的，用得着它的测试跳过）"
  say "装好以后运行 daiban doctor 查看还缺什么。"
}

# Runs as root, by sudo where needed; asks for a password only when somebody can type it.
as_root() {
  if (( EUID == 0 )); then
    "$@"
  elif [[ -t 0 ]]; then
    sudo "$@"
  else
    sudo -n "$@"
  fi
}

can_be_root() {
  (( EUID == 0 )) && return 0
  command -v sudo >/dev/null || return 1
  [[ -t 0 ]] || sudo -n true 2>/dev/null
}

apt_get() { as_root env DEBIAN_FRONTEND=noninteractive apt-get -o DPkg::Lock::Timeout=300 -y -q "$@"; }

apt_install() { apt_get install --no-install-recommends "$@"; }

codename() { (. /etc/os-release && printf '%s' "${VERSION_CODENAME:-}"); }

suite_known() { apt-get indextargets --format '$(CODENAME)' 'Created-By: Packages' | grep -xF "$1" >/dev/null; }

# Adds <codename>-backports from the mirror that serves <codename> itself.
add_backports() {
  local suite=$1 mirror file=/etc/apt/sources.list.d/daiban-backports.sources
  local keyring=/usr/share/keyrings/debian-archive-keyring.gpg
  suite_known "$suite" && return 0
  mirror=$(apt-get indextargets --format '$(CODENAME) $(COMPONENT) $(REPO_URI)' 'Created-By: Packages' |
    awk -v release="${suite%-backports}" '$1 == release && $2 == "main" && !found++ { print $3 }')
  [[ -n $mirror ]] || { say "没有在本机的软件源里找到 ${suite%-backports}"; return 1; }
  {
    printf 'Types: deb\nURIs: %s\nSuites: %s\nComponents: main\n' "$mirror" "$suite"
    [[ ! -r $keyring ]] || printf 'Signed-By: %s\n' "$keyring"
  } | as_root tee "$file" >/dev/null
  apt_get update || true
  if ! suite_known "$suite"; then
    as_root rm -f "$file"
    say "本机的软件源没有 $suite"
    return 1
  fi
}

install_office() {
  local release
  release=$(codename)
  if [[ $release == bookworm ]]; then
    add_backports "$release-backports" || return 1
    apt_install -t "$release-backports" libreoffice-writer-nogui
  else
    apt_install libreoffice-writer-nogui
  fi
  hash -r
  office_ok || { say "这个系统自带的 LibreOffice 低于 7.5"; return 1; }
}

# Chained by &&: where a function's status is asked for, "set -e" does not hold inside it.
install_fandol() (
  folder=$(mktemp -d) && trap 'rm -rf "$folder"' EXIT && cd "$folder" &&
    apt-get -q download "$FANDOL_PACKAGE" &&
    dpkg-deb --fsys-tarfile ./*.deb | tar -x --wildcards --transform 's|.*/||' \
      "${FANDOL_FILES[@]/#/*/}" '*/fonts/fandol/COPYING.gz' '*/fonts/fandol/README' &&
    as_root mkdir -p "$FANDOL_DIR" &&
    as_root install -m 644 COPYING.gz README "${FANDOL_FILES[@]}" "$FANDOL_DIR/" &&
    as_root fc-cache "$FANDOL_DIR"
)

install_all() {
  local failed=0 packages
  # A third-party source that is down must not stop the rest; what cannot be found is said by the installs.
  apt_get update || say "有软件源更新失败，继续"
  mapfile -t packages < <(missing_packages)
  if (( ${#packages[@]} )); then apt_install "${packages[@]}" || failed=1; fi
  office_ok || install_office || failed=1
  fandol_ok || install_fandol || failed=1
  return "$failed"
}

main() {
  if all_there; then
    exit 0
  fi
  if ! command -v apt-get >/dev/null; then
    say "这个系统不是 Debian 一类，不能自动安装。"
  elif ! can_be_root; then
    say "当前用户没有管理员权限，也没有可用的 sudo，不能自动安装。"
  elif install_all; then
    exit 0
  else
    say "有的内容没有装上，原因见上。"
  fi
  what_to_install
  exit 10
}

main
