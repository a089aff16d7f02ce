#!/bin/sh
# Prints the plan of each policy among an Ansible run's sources: a JSON list of {"policy": FILE, "plan": what --plan=json prints};
# the plan is null if the policy or its inventory cannot be read.
# Policies with one plan between them count once: the program in a folder reads the policy beside it.
#
#   versions.sh FOLDER [SOURCE...]
#
# FOLDER is the one in which ansible-playbook was called. Only what Ansible has run already as an inventory program is run:
# the program itself, and executable files that are policies.
cd "$1" || exit
shift
separator='['
plans=
for source; do
	for file in "$source" "$source"/*; do
		[ -f "$file" ] && [ -x "$file" ] || continue
		[ "${file##*/}" = regal-inventory ] || grep -Eq "^plugin: *[\"']?regal[\"']? *(#.*)?\$" "$file" || continue
		case $file in
		/*) ;;
		*) file=./$file ;;
		esac
		plan=$("$file" --plan=json 2>/dev/null) || plan=null
		case $plans in
		*"$plan"*) [ "$plan" = null ] || continue ;;
		esac
		plans=$plans$plan
		printf '%s{"policy":"%s","plan":%s}' "$separator" "$(printf %s "$file" | sed 's/[\\"]/\\&/g')" "$plan"
		separator=,
	done
done
[ "$separator" = , ] || printf '['
echo ']'
