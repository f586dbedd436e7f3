// Publicodes: one situation per record, evaluated rule by rule. Same arguments and output as timing.py; columns are written as JSON.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'

const [workload, folder, rows] = [process.argv[2], process.argv[3], Number(process.argv[4])]
const here = dirname(fileURLToPath(import.meta.url))
const installed = createRequire(join(process.env.RACE_NODE, 'package.json'))
const { default: Engine } = await import(pathToFileURL(installed.resolve('publicodes').replace(/\.cjs$/, '.js')))
const { parse } = installed('yaml')

const outputs = { energy: ['R1', 'overall'], subsidy: ['R1', 'R2', 'R3', 'R4', 'overall', 'subsidy'] }[workload]
const engine = new Engine(parse(readFileSync(join(here, `${workload}.publicodes`), 'utf8')))
const known = new Set(Object.keys(engine.getParsedRules()))
const text = readFileSync(join(folder, 'data.ndjson'), 'utf8')
const records = text.split('\n', rows).filter(Boolean).map((line) => JSON.parse(line))
const situations = records.map((record) => {
  const given = Object.entries(record).map(([name, value]) => [name.replaceAll('_', ' '), typeof value === 'string' ? `'${value}'` : value])
  return Object.fromEntries(given.filter(([name]) => known.has(name)))
})

const found = Object.fromEntries(outputs.map((name) => [name, []]))
const [cpu, wall] = [process.cpuUsage(), performance.now()]
for (const situation of situations) {
  engine.setSituation(situation)
  for (const name of outputs) found[name].push(engine.evaluate(name).nodeValue)
}
const used = process.cpuUsage(cpu)
const took = (performance.now() - wall) / 1000
const peak = process.resourceUsage().maxRSS / 1024
const code = (value) => (value === null ? 2 : typeof value === 'boolean' ? Number(value) : value)
mkdirSync(join(folder, 'publicodes'), { recursive: true })
writeFileSync(join(folder, 'publicodes', 'columns.json'), JSON.stringify(Object.fromEntries(outputs.map((name) => [name, found[name].map(code)]))))
const { version } = JSON.parse(readFileSync(join(process.env.RACE_NODE, 'node_modules', 'publicodes', 'package.json'), 'utf8'))
console.log(JSON.stringify({ version: `Publicodes ${version}`, rows: situations.length, runs: 1, cpu: (used.user + used.system) / 1e6, wall: took, peak }))
