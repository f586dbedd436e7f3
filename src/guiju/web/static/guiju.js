// Everything works without this; with it a page answers while one types. A form marked data-live fetches its own URL and puts the region
// it names in place; an older answer never overwrites a newer one.

const turns = new WeakMap()

async function replace(form, url, options) {
  const turn = (turns.get(form) ?? 0) + 1
  turns.set(form, turn)
  const region = document.getElementById(form.dataset.live)
  region.setAttribute('aria-busy', 'true')
  try {
    const answer = await fetch(url, { headers: { 'X-Fragment': region.id }, ...options })
    const page = new DOMParser().parseFromString(await answer.text(), 'text/html')
    const fresh = page.getElementById(region.id)
    if (turns.get(form) !== turn || !fresh) return
    const open = [...region.querySelectorAll('details[open][id]')].map(each => each.id)
    const before = new Map([...region.querySelectorAll('[data-key]')].map(each => [each.dataset.key, each]))
    region.innerHTML = fresh.innerHTML
    for (const each of region.querySelectorAll('[data-key]')) told(each, before.get(each.dataset.key))
    for (const id of open) document.getElementById(id)?.setAttribute('open', '')
    if (!options?.method) history.replaceState(null, '', url)
  } finally {
    region.removeAttribute('aria-busy')
  }
}

// What flipped since the answer before says so beside its verdict.
function told(now, before) {
  if (!before || before.dataset.verdict === now.dataset.verdict) return
  const mark = document.createElement('span')
  mark.className = 'flipped'
  mark.textContent = `← ${before.querySelector('.verdict')?.textContent.trim() ?? ''}`
  now.querySelector('.verdict')?.after(' ', mark)
}

const addressOf = form => {
  const given = [...new FormData(form)].filter(([, value]) => typeof value === 'string' && value.trim() !== '')
  const query = new URLSearchParams(given).toString()
  return new URL(form.getAttribute('action') || location.pathname, location.href).pathname + (query ? `?${query}` : '')
}

for (const form of document.querySelectorAll('form[data-live]')) {
  let waiting
  form.addEventListener('input', () => {
    clearTimeout(waiting)
    waiting = setTimeout(() => form.method === 'post'
      ? replace(form, form.action, { method: 'POST', body: new FormData(form) })
      : replace(form, addressOf(form)), Number(form.dataset.wait ?? 250))
  })
}

// A region that is still changing is fetched again until it says that it no longer does; what has the focus keeps it.
async function again(region) {
  if (!document.hidden) {
    try {
      const page = new DOMParser().parseFromString(await (await fetch(location.href)).text(), 'text/html')
      const fresh = page.getElementById(region.id)
      if (fresh && fresh.innerHTML !== region.innerHTML) {
        const focused = region.contains(document.activeElement) ? document.activeElement.id : ''
        region.innerHTML = fresh.innerHTML
        if (focused) document.getElementById(focused)?.focus()
      }
      if (fresh && !fresh.hasAttribute('data-poll')) return
    } catch { /* the workbench is away for a moment: asked again below */ }
  }
  setTimeout(() => again(region), Number(region.dataset.poll))
}
for (const region of document.querySelectorAll('[data-poll]')) setTimeout(() => again(region), Number(region.dataset.poll))

// The slash key goes to the search field, as in many libraries.
document.addEventListener('keydown', event => {
  if (event.key !== '/' || event.ctrlKey || event.metaKey || /^(INPUT|TEXTAREA|SELECT)$/.test(document.activeElement?.tagName ?? '')) return
  const field = document.querySelector('[data-search]')
  if (field) { event.preventDefault(); field.focus(); field.select() }
})

// Filters start folded on a telephone.
if (matchMedia('(max-width: 46rem)').matches) document.querySelector('details.facets')?.removeAttribute('open')

// What is wrong is said first.
document.querySelector('.problems.wrong')?.focus()

// The clause that was asked about comes into view.
const why = new URLSearchParams(location.search).get('why')
if (why) document.getElementById(`c-${why}`)?.scrollIntoView({ block: 'center' })

// A long answer is announced; a dropped file is put into the field.
for (const form of document.querySelectorAll('form[data-busy]')) {
  form.addEventListener('submit', () => { const said = form.querySelector('.busy'); if (said) said.textContent = form.dataset.busy })
}
for (const target of document.querySelectorAll('.target')) {
  const field = target.querySelector('input[type=file]')
  for (const kind of ['dragover', 'dragleave', 'drop']) {
    target.addEventListener(kind, event => {
      event.preventDefault()
      target.classList.toggle('over', kind === 'dragover')
      if (kind === 'drop' && event.dataTransfer?.files.length) field.files = event.dataTransfer.files
    })
  }
}

// A diagnostic leads to its line in the text.
document.addEventListener('click', event => {
  const link = event.target.closest?.('a[data-line]')
  const area = link && document.querySelector(`textarea[data-file="${link.dataset.file}"]`)
  if (!area) return
  event.preventDefault()
  const lines = area.value.split('\n')
  const before = lines.slice(0, link.dataset.line - 1).join('\n').length + (link.dataset.line > 1 ? 1 : 0)
  area.focus()
  area.setSelectionRange(before + Number(link.dataset.column) - 1, before + (lines[link.dataset.line - 1]?.length ?? 0))
  area.scrollTop = Math.max(0, area.scrollHeight * (link.dataset.line - 4) / lines.length)
})
