/**
 * The page's only script. It fetches the page's own address again and replaces the content of each changed
 * `[data-live]` element; focus, open details and the scroll position are kept. Without scripts the page works too.
 */
;(() => {
  const button = document.getElementById('pause')
  const trouble = document.getElementById('trouble')
  let paused = false
  let asking = false

  const keep = region => ({
    open: Array.from(region.querySelectorAll('details'), details => [details.id, details.open]),
    focus: region.contains(document.activeElement) ? document.activeElement.id : '',
  })

  const restore = kept => {
    for (const [id, open] of kept.open) {
      const details = document.getElementById(id)
      if (details) details.open = open
    }
    if (kept.focus) document.getElementById(kept.focus)?.focus({ preventScroll: true })
  }

  const selecting = () => !(getSelection()?.isCollapsed ?? true)

  const show = fresh => {
    for (const region of document.querySelectorAll('[data-live]')) {
      const next = fresh.getElementById(region.id)
      if (!next) continue
      if (region.className !== next.className) region.className = next.className
      const kept = keep(region)
      for (const details of region.querySelectorAll('details')) details.open = false
      if (region.innerHTML !== next.innerHTML) region.replaceChildren(...next.childNodes)
      restore(kept)
    }
  }

  const refresh = async () => {
    if (paused || asking || document.hidden || selecting()) return
    asking = true
    try {
      const answer = await fetch(location.href, { cache: 'no-store', signal: AbortSignal.timeout(10000) })
      if (!answer.ok) throw new Error(`status ${answer.status}`)
      show(new DOMParser().parseFromString(await answer.text(), 'text/html'))
      if (trouble.textContent) trouble.textContent = ''
    } catch {
      trouble.textContent = 'clawtrust does not answer: the figures are outdated.'
    } finally {
      asking = false
    }
  }

  button.hidden = false
  button.addEventListener('click', () => {
    paused = !paused
    button.textContent = paused ? 'Resume refreshing' : 'Pause refreshing'
    if (!paused) refresh()
  })
  document.addEventListener('visibilitychange', refresh)
  setInterval(refresh, Number(button.dataset.seconds) * 1000)
})()
