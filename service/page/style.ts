import { customProperties, palettes } from './palette.ts'

/** The page's one style sheet. Its hash stands in the content security policy, so nothing is styled inline. */
export const style = `
:root{color-scheme:light dark;${customProperties(palettes.light)}}
@media (prefers-color-scheme:dark){:root{${customProperties(palettes.dark)}}}
*{box-sizing:border-box}
html{-webkit-text-size-adjust:100%}
body{margin:0;background:var(--page);color:var(--text);font:14px/1.45 system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans","Liberation Sans",sans-serif;font-variant-numeric:tabular-nums}
.wrap{max-width:1280px;margin:0 auto;padding:0 24px}
h1,h2,h3,p,ul,ol{margin:0;padding:0}
ul,ol{list-style:none}
h1{font-size:17px;letter-spacing:-.01em}
h2{font-size:15px;margin:28px 0 10px}
h3{font-size:15px}
a{color:var(--link);text-underline-offset:2px}
:focus-visible{outline:2px solid var(--focus);outline-offset:2px;border-radius:3px}
.hidden{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
.skip{position:absolute;left:16px;top:-60px;padding:8px 12px;background:var(--surface);border:1px solid var(--line);border-radius:6px;z-index:2}
.skip:focus{top:8px}
.muted{color:var(--muted)}
.data{overflow-wrap:anywhere;unicode-bidi:isolate}
.cut{color:var(--muted);white-space:nowrap}
.badge{font-size:11px;line-height:1;padding:2px 6px;border:1px solid var(--line);border-radius:9px;color:var(--muted);white-space:nowrap}
.mark{white-space:nowrap}
.glyph{display:inline-block;width:1em;text-align:center}
.quiet,.steady,.unknown,.severity-info,.severity-low,.severity-medium{color:var(--muted)}
.raised,.severity-high{color:var(--raised)}
.strange,.severity-critical{color:var(--strange)}
.up{color:var(--good)}
.raised.mark,.strange.mark,.severity-high,.severity-critical{font-weight:600}
header .wrap{display:flex;flex-wrap:wrap;gap:4px 20px;align-items:center;padding-top:14px;padding-bottom:12px}
header .brand{display:flex;align-items:center;gap:9px}
header .brand svg{width:22px;height:22px;flex:none}
header .state{display:flex;flex-wrap:wrap;gap:2px 14px;align-items:center}
header .refresh{display:flex;flex-wrap:wrap;gap:4px 12px;align-items:center;margin-left:auto}
#trouble:empty{position:absolute}
button{font:inherit;color:inherit;background:var(--surface);border:1px solid var(--muted);border-radius:6px;padding:3px 12px;min-height:28px;cursor:pointer}
button:hover{background:var(--sunken)}
.panel,.zone,.verdict,.notes{background:var(--surface);border:1px solid var(--line);border-radius:10px;min-width:0}
.verdict{border-left:6px solid var(--good);padding:14px 20px}
.verdict.raised,.verdict.unknown{border-left-color:var(--raisedBar);color:var(--text)}
.verdict.raised{background:var(--raisedTint)}
.verdict.strange{border-left-color:var(--strangeBar);background:var(--strangeTint);color:var(--text)}
.verdict h2{margin:0;font-size:20px;letter-spacing:-.01em;line-height:1.3;overflow-wrap:anywhere}
.verdict li,.verdict p{margin-top:4px;overflow-wrap:anywhere}
.verdict .facts{color:var(--muted)}
.notes{margin-top:10px;padding:9px 20px;color:var(--muted)}
.notes li{overflow-wrap:anywhere}
.zones{display:grid;grid-template-columns:repeat(2,minmax(0,1fr));gap:14px}
.zone{padding:14px 20px 12px}
.zone.wide{grid-column:1/-1}
.zone.strange{border-color:var(--strangeBar);border-top-width:4px;color:inherit}
.zone.raised{border-color:var(--raisedBar);border-top-width:4px;color:inherit}
.zone.quiet,.zone.steady,.zone.unknown{color:inherit}
.zone-head{display:flex;flex-wrap:wrap;gap:2px 14px;align-items:baseline;margin-bottom:6px}
.zone-head h3{overflow-wrap:anywhere;min-width:0}
.zone-head .total{margin-left:auto}
.signal{display:grid;grid-template-columns:150px minmax(0,1fr) 92px;gap:0 14px;padding:9px 0 7px;border-top:1px solid var(--line);align-items:start}
.signal .name{font-weight:600}
.signal .figures{text-align:right;line-height:1.25}
.signal .figures strong{font-size:19px;letter-spacing:-.01em;display:block}
.signal .why{grid-column:1/-1;font-size:13px;color:var(--muted);overflow-wrap:anywhere;margin-top:2px}
.wide .signal{grid-template-columns:minmax(0,270px) minmax(0,1fr) 92px}
.days .signal{grid-template-columns:minmax(0,300px) minmax(0,1fr) 120px}
.days .signal:first-child{border-top:0}
.days .signal .why{grid-column:1;grid-row:2}
.days .signal .chart,.days .signal .figures{grid-row:1/3}
.signal .score{display:block;font-size:13px}
.scored{display:block;margin-top:1px}
.episodes .signal{grid-template-columns:minmax(0,240px) minmax(0,1fr) 120px}
.episodes .signal:first-child{border-top:0}
.calm{border-top:1px solid var(--line);padding:8px 0 4px;color:var(--muted);font-size:13px;overflow-wrap:anywhere}
.chart svg{display:block;width:100%;height:44px}
.wide .chart svg{height:60px}
.chart .axis{display:flex;justify-content:space-between;font-size:11px;line-height:1.5;color:var(--muted)}
.bar{shape-rendering:crispEdges}
.bar.steady{fill:var(--steady)}
.bar.raised{fill:var(--raisedBar)}
.bar.strange{fill:var(--strangeBar)}
.bar.ground{fill:var(--line)}
.band{fill:var(--sunken)}
.usual{stroke:var(--muted);stroke-width:1;stroke-dasharray:3 3;vector-effect:non-scaling-stroke}
.hatch-back{fill:var(--sunken)}
.hatch-line{stroke:var(--hatch);stroke-width:1}
.defs{position:absolute;width:0;height:0}
details{margin-top:6px}
summary{cursor:pointer;color:var(--link);font-size:13px;width:fit-content;padding:2px 0}
.legend{display:flex;flex-wrap:wrap;gap:2px 16px;font-size:12px;color:var(--muted);margin-top:10px}
.legend svg{width:14px;height:10px;margin-right:5px}
.panel{padding:4px 20px 8px}
.pair{display:grid;grid-template-columns:minmax(0,1fr) minmax(0,1fr);gap:0 14px}
.empty{padding:12px 0;color:var(--muted);max-width:70ch}
table{width:100%;border-collapse:collapse;font-size:13px}
caption{text-align:left}
th{text-align:left;font-weight:600;color:var(--muted);font-size:12px}
td,th{padding:6px 14px 6px 0;vertical-align:top;border-bottom:1px solid var(--line);overflow-wrap:anywhere}
tbody th{color:var(--text);font-size:13px}
tr:last-child>td,tr:last-child>th{border-bottom:0}
thead tr:last-child>th{border-bottom:1px solid var(--line)}
td:last-child,th:last-child{padding-right:0}
.number{text-align:right}
.keep{white-space:nowrap}
.sub{display:block;font-weight:400;color:var(--muted);overflow-wrap:anywhere}
footer{padding:6px 0 36px;color:var(--muted)}
footer nav ul{display:flex;flex-wrap:wrap;gap:4px 18px;margin-top:14px}
@media (min-width:641px){
.wide .signal{grid-template-rows:auto 1fr}
.wide .signal .chart,.wide .signal .figures{grid-row:1/3}
.wide .signal .chart{grid-column:2}
.wide .signal .figures{grid-column:3;grid-row-start:1}
.wide .signal .why{grid-column:1}
}
@media (max-width:960px){.zones,.pair{grid-template-columns:minmax(0,1fr)}}
@media (max-width:640px){
.wrap{padding:0 14px}
header .refresh{margin-left:0}
.verdict,.zone,.panel,.notes{padding-left:14px;padding-right:14px}
.verdict h2{font-size:18px}
.signal,.wide .signal{grid-template-columns:minmax(0,1fr) auto}
.signal .chart,.signal .blind,.days .signal .chart{grid-column:1/-1;grid-row:2;margin-top:4px}
.days .signal,.episodes .signal{grid-template-columns:minmax(0,1fr) auto}
.days .signal .figures{grid-row:1}
.days .signal .why{grid-column:1/-1;grid-row:3}
.zone-head .total{margin-left:0;width:100%}
.stacked thead{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}
.stacked,.stacked tbody,.stacked tr,.stacked th,.stacked td,.stacked caption{display:block}
.stacked tr{padding:8px 0;border-bottom:1px solid var(--line)}
.stacked tr:last-child{border-bottom:0}
.stacked td,.stacked tbody th{border:0;padding:1px 0;text-align:left;white-space:normal}
.stacked td[data-label]::before{content:attr(data-label) " ";color:var(--muted)}
.stacked .sub{display:inline}
.stacked .sub::before{content:"· "}
}
@media (pointer:coarse){button{min-height:40px}summary,footer nav a{display:inline-block;padding:9px 0}}
@media print{header .refresh,.skip{display:none}}
`
