# Sourced by plm and check: find_jdk sets and exports JAVA_HOME to a JDK 25.0.3 or newer.
#
# It reads the file `release` that every JDK has instead of starting Java, which takes a tenth of
# a second each time. Earlier releases of 25 can corrupt memory that native code has pinned.

is_new_jdk() { # folder
  local line version='' major minor patch
  [[ -x $1/bin/javac && -r $1/release ]] || return 1
  while IFS= read -r line || [[ -n $line ]]; do
    if [[ $line =~ ^JAVA_VERSION=\"([0-9.]+) ]]; then
      version=${BASH_REMATCH[1]}
    fi
  done < "$1/release"
  IFS=. read -r major minor patch _ <<< "$version"
  [[ $major =~ ^[0-9]+$ ]] || return 1
  ((major > 25 || (major == 25 && (${minor:-0} > 0 || ${patch:-0} >= 3))))
}

find_jdk() {
  local folder on_path=''
  if command -v java > /dev/null; then
    on_path=$(readlink -f "$(command -v java)")
    on_path=${on_path%/bin/java}
  fi
  for folder in "${JAVA_HOME:-}" /usr/lib/jvm/* "${HOME:-}"/.sdkman/candidates/java/* \
    "${HOME:-}"/.jdks/* /usr/java/* /opt/*jdk* /opt/java/* "$on_path"; do
    if [[ -n $folder ]] && is_new_jdk "$folder"; then
      export JAVA_HOME=$folder
      return
    fi
  done
  echo "plm4j needs a JDK 25.0.3 or newer, and found none in JAVA_HOME, /usr/lib/jvm, ~/.sdkman," >&2
  echo "~/.jdks, /usr/java, /opt or on the PATH. Install one, for example Eclipse Temurin 25 from" >&2
  echo "https://adoptium.net/temurin/releases/?version=25, and set JAVA_HOME to its folder." >&2
  return 1
}

require_maven() {
  if ! command -v mvn > /dev/null; then
    echo "plm4j is built with Maven 3.8.7 or newer, and there is no mvn on the PATH. Install it," >&2
    echo "for example with: sudo apt install maven" >&2
    return 1
  fi
}
