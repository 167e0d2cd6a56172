#!/bin/sh
# Links the program for Windows, the same in every folder and at every time. GNU ld orders what a program imports by the names under
# which it is told of the libraries: here those are numbers.
set -eu
links=$(mktemp -d)
trap 'rm -r "$links"' EXIT
number=0
before=
for argument do
  shift
  case $argument in
    /*)
      # The linker would replace a link to its output.
      if [ "$before" != -o ]; then
        number=$((number + 1))
        ln -s "$argument" "$links/$number"
        argument=$number
      fi
      ;;
  esac
  set -- "$@" "$argument"
  before=$argument
done
cd "$links"
x86_64-w64-mingw32-gcc -Wl,--no-insert-timestamp "$@"
