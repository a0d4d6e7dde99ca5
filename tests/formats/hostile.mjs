// Makes every text of an assessment hostile that need not be an id: node hostile.mjs IN.json OUT.json
import { readFileSync, writeFileSync } from 'node:fs'

const [from, to] = process.argv.slice(2)
const assessment = JSON.parse(readFileSync(from, 'utf8'))
const hostile =
  '=cmd()|calc <script>alert(1)</script> ]]> <![CDATA[ &lt;&amp;&#x1b;&nosuch; \u001b[31m\u0000\ufffe\uffff' +
  '\u202eright-to-left\u2066 \ud83d\ude00 "\'> <!-- --> {{ 7*7 }} ;`$(id)` ../../etc/passwd\r\n\tend'
const place = (at) => `${hostile} ${at}`
assessment.snapshot.nodes.forEach((node, at) => {
  const plain = node.name
  node.name = `../${plain} ${hostile}`
  for (const rule of assessment.rules) {
    for (const line of rule.evidence) if (line.node === plain) line.node = node.name
  }
})
assessment.marking = hostile
assessment.asset.name = hostile
assessment.asset.fqdn = hostile
assessment.asset.ips = [hostile]
assessment.snapshot.cluster_id = hostile
assessment.snapshot.inputs[0].name = hostile
assessment.snapshot.warnings = [hostile]
assessment.rules.forEach((rule, at) => {
  for (const key of ['title', 'why', 'how', 'fix', 'reading', 'comment', 'stig_id', 'srg']) rule[key] = place(at)
  if (rule.reason) rule.reason.text = place(at)
  rule.ccis = [hostile]
  rule.controls = [hostile]
  rule.evidence.forEach((line, number) => {
    for (const key of ['subject', 'seen', 'wanted', 'member', 'pointer', 'sha256', 'class']) line[key] = place(number)
  })
})
// One line of a megabyte, and one of nothing but what must be escaped.
const [first, second] = assessment.rules.filter((rule) => rule.evidence.length)
first.evidence[0].seen = 'x'.repeat(1 << 20)
second.comment = '<&'.repeat(200_000)
writeFileSync(to, JSON.stringify(assessment))
