// Imports checklists with STIG Manager's own parsers: node stigman.mjs ASSESSMENT.json FILE...
// Every rule of the assessment must come out, with its result and its details.
import { readFileSync } from 'node:fs'
import { reviewsFromCkl, reviewsFromCklb, reviewsFromXccdf } from '@nuwcdivnpt/stig-manager-client-modules'

const [assessmentPath, ...paths] = process.argv.slice(2)
const assessment = JSON.parse(readFileSync(assessmentPath, 'utf8'))
// What STIG Manager sets when nobody changed it, but for what is not reviewed in XCCDF: by default it
// drops that, and here it must be seen to be read.
const importOptions = (xccdf) => ({
  autoStatus: { pass: 'saved', fail: 'saved', notapplicable: 'saved' },
  unreviewed: xccdf ? 'always' : 'commented',
  unreviewedCommented: 'informational',
  emptyDetail: 'replace',
  emptyComment: 'ignore',
  allowCustom: true
})
const field = (enabled) => ({ enabled, required: enabled })
const results = { open: 'fail', not_a_finding: 'pass', not_applicable: 'notapplicable' }

function fail (path, message) {
  console.error(`${path}: ${message}`)
  process.exit(1)
}

for (const path of paths) {
  const xccdf = path.endsWith('.xml')
  const read = xccdf ? reviewsFromXccdf : path.endsWith('.cklb') ? reviewsFromCklb : reviewsFromCkl
  const imported = read({
    data: readFileSync(path, 'utf8'),
    importOptions: importOptions(xccdf),
    fieldSettings: { detail: field('always'), comment: field('findings') },
    allowAccept: true,
    scapBenchmarkMap: new Map(),
    sourceRef: path
  })
  if (imported.errors?.length) fail(path, JSON.stringify(imported.errors))
  const [checklist, ...more] = imported.checklists
  if (more.length) fail(path, 'more than one checklist')
  const revision = `V${assessment.benchmark.version}R${assessment.benchmark.release}`
  if (!xccdf && checklist.revisionStr !== revision) fail(path, `revision ${checklist.revisionStr}`)
  if (checklist.benchmarkId !== assessment.benchmark.id) fail(path, `benchmark ${checklist.benchmarkId}`)
  const byRule = new Map(checklist.reviews.map((review) => [review.ruleId, review]))
  // A checklist of one node has the node's results; only that each rule is there can be told.
  const whole = !path.includes('/nodes/')
  for (const rule of assessment.rules) {
    const review = byRule.get(rule.rule_id)
    if (!review) fail(path, `${rule.rule_id} is lost`)
    const wanted = results[rule.status] ?? (xccdf ? 'notchecked' : 'informational')
    if (whole && review.result !== wanted) fail(path, `${rule.rule_id} is ${review.result}, not ${wanted}`)
    if (typeof review.detail !== 'string' || !review.detail.trim()) fail(path, `${rule.rule_id} has no details`)
    if (review.detail.length > 32767) fail(path, `${rule.rule_id} has too much detail`)
    if (whole && rule.reason && !review.detail.includes(rule.reason.code)) fail(path, `${rule.rule_id} has no reason`)
    if (typeof review.comment !== 'string' || !review.comment) fail(path, `${rule.rule_id} has no comment`)
  }
  if (checklist.reviews.length !== assessment.rules.length) fail(path, `${checklist.reviews.length} reviews`)
}
console.log(`${paths.length} checklists, ${assessment.rules.length} reviews of ${assessment.rules.length} rules in each`)
