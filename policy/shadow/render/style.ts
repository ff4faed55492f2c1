import { customProperties, palettes } from '../../../service/page/palette.ts'

/** The only style sheet of the page; its hash is in the content security policy. */
export const style = `:root{color-scheme:light dark;${customProperties(palettes.light)}}
@media (prefers-color-scheme:dark){:root{${customProperties(palettes.dark)}}}
*{box-sizing:border-box}
body{margin:0;background:var(--page);color:var(--text);font:14px/1.45 system-ui,"Segoe UI",Roboto,"Noto Sans","Liberation Sans",sans-serif;font-variant-numeric:tabular-nums}
main{max-width:1280px;margin:0 auto;padding:16px 24px 48px}
h1{font-size:20px;margin:0 0 4px}
h2{font-size:15px;margin:28px 0 8px}
p,ul{margin:0 0 8px}
ul{padding-left:20px}
.muted{color:var(--muted)}
.verdict{padding:12px 16px;margin:12px 0;border:1px solid var(--line);border-left-width:6px;background:var(--surface)}
.verdict strong{font-size:16px}
.verdict ul{margin-bottom:0}
.nothing_would_be_denied{border-left-color:var(--good)}
.would_deny{border-left-color:var(--anomalousBar);background:var(--anomalousTint)}
.not_enough_evidence{border-left-color:var(--elevatedBar);background:var(--elevatedTint)}
.scroll{overflow-x:auto}
table{border-collapse:collapse;background:var(--surface);border:1px solid var(--line)}
th,td{padding:4px 10px;text-align:left;vertical-align:top;border-bottom:1px solid var(--line);font-weight:normal}
thead th{color:var(--muted);background:var(--sunken);white-space:nowrap}
th.number,td.number{text-align:right;white-space:nowrap}
.keep{white-space:nowrap}
.data{overflow-wrap:anywhere;unicode-bidi:isolate}
.hidden{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
.deny{color:var(--anomalous)}
.unknown{color:var(--elevated)}
.allow{color:var(--good)}
.matrix td{min-width:88px}
.matrix .none{color:var(--muted)}
.matrix span{display:block;white-space:nowrap}
.heat td{padding:0;width:26px;min-width:26px;height:22px;border:1px solid var(--surface)}
.heat th{padding:2px 6px;white-space:nowrap}
.heat thead th{text-align:center;padding:2px 0}
.heat .h0{background:repeating-linear-gradient(45deg,var(--sunken) 0 4px,var(--surface) 4px 8px)}
.heat .h1{background:color-mix(in srgb,var(--normal) 25%,var(--surface))}
.heat .h2{background:color-mix(in srgb,var(--normal) 50%,var(--surface))}
.heat .h3{background:color-mix(in srgb,var(--normal) 75%,var(--surface))}
.heat .h4{background:var(--normal)}
@media print{main{max-width:none}}`
