import type { EpochMs } from '../../core/clock.ts'
import { type Html, html } from './html.ts'
import { refreshSeconds } from './refresh.ts'
import { clockTime, timestamp } from './words.ts'

export interface HeaderFacts {
  readonly version: string
  readonly now: EpochMs
  readonly readiness: { readonly ready: boolean }
}

/** The version, the readiness and the time of the data. */
export function header({ version, now, readiness }: HeaderFacts): Html {
  return html`<header><div class="wrap">
<div class="brand"><svg viewBox="0 0 24 24" aria-hidden="true" focusable="false"><path class="bar normal" d="M12 1 3 5v6c0 5.6 3.8 10.3 9 12 5.2-1.7 9-6.4 9-12V5z"/><path fill="none" stroke="#fff" stroke-width="1.8" stroke-linecap="round" stroke-linejoin="round" d="M6 13h3l2-5 3 8 1.6-3H18"/></svg><h1>clawtrust</h1><span class="muted">${version}</span></div>
<div class="state" id="state" data-live>${
    readiness.ready
      ? html`<span class="up"><span class="glyph" aria-hidden="true">●</span> ready</span>`
      : html`<span class="elevated"><span class="glyph" aria-hidden="true">▲</span> not ready</span>`
  }<span class="muted">as of <time datetime="${timestamp(now)}">${clockTime(now)}</time> UTC</span></div>
<div class="refresh"><span id="trouble" class="elevated" role="status"></span><span class="muted">every ${refreshSeconds} s</span><button type="button" id="pause" data-seconds="${refreshSeconds}" hidden>Pause refreshing</button><a id="reload" href="">Refresh now</a></div>
</div></header>`
}
