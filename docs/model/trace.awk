# Shortens TLC's traces: one line per variable that changed, without what is zero, none or false.
function flush(   name) {
  if (variable == "") return
  name = variable
  sub(/ = .*/, "", name)
  gsub(/[ \t]+/, " ", variable)
  gsub(/[a-zA-Z]+ \|-> (0|FALSE|"none"|"free")(, | )?/, "", variable)
  gsub(/, \]/, " ]", variable)
  gsub(/ \|->/, "", variable)
  if (seen[name] != variable) print "     " variable
  seen[name] = variable
  variable = ""
}
/^State [0-9]+:/ { flush(); gsub(/[<>]/, ""); printf "%3s  %s\n", $2, $3; next }
/^\/\\ / { flush(); variable = substr($0, 4); next }
/^[ \t]*$/ { flush() }
/^[ \t]/ && variable != "" { variable = variable " " $0 }
