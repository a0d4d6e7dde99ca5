# Behind redact.awk: the first line of an error text that says something, as the
# terminal and the manifest may show it.
{ gsub(/[\001-\037\177]/, " ") }
NF { print substr(scrub($0), 1, 300); exit }
