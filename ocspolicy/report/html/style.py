"""How the page looks: on light and dark screens, narrow ones, in high contrast and on paper."""

from __future__ import annotations

STYLE = """
:root{color-scheme:light dark;
--page:#f5f6f8;--card:#fff;--ink:#1b2330;--soft:#545e6f;--line:#d9dee6;--code:#f3f5f8;--link:#1d4fa8;
--need:#7b8698;--own:#2f6fde;--bad:#b3261e;--bad-soft:#fdecea;--warn:#8a5300;--warn-soft:#fff3dc;
--info:#1d5c8f;--info-soft:#e6f1fa;--good:#176b3a;--good-soft:#e5f5eb;--mark:#ffe2a8;
--hero-good:#14683a;--hero-bad:#a5221a;--hero-open:#26262b;--hero-stripe:#ffc53d}
@media screen and (prefers-color-scheme:dark){:root{
--page:#12151b;--card:#1b2028;--ink:#e6e9ef;--soft:#a3adbd;--line:#333b47;--code:#141920;--link:#8ab8ff;
--need:#8a94a5;--own:#5b95f5;--bad:#ff8f85;--bad-soft:#40201e;--warn:#f3bf63;--warn-soft:#3a2c12;
--info:#86c3f0;--info-soft:#16303f;--good:#74d69a;--good-soft:#163524;--mark:#5c4716;
--hero-good:#155c35;--hero-bad:#8e231c;--hero-open:#000}}
*{box-sizing:border-box}
html{font:16px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif;
-webkit-text-size-adjust:100%}
body{margin:0;background:var(--page);color:var(--ink);overflow-wrap:anywhere}
body>header,main,body>footer{max-width:60rem;margin:0 auto;padding:0 1.25rem}
code,pre{font-family:ui-monospace,"Cascadia Mono",Menlo,Consolas,"DejaVu Sans Mono",monospace;
font-size:.875em}
pre code{font-size:1em}
a{color:var(--link);text-underline-offset:.15em}
:focus-visible{outline:3px solid var(--link);outline-offset:2px;border-radius:3px}
main:focus{outline:none}
h1,h2,h3,h4,p,dl,dd,ul,pre,table{margin:0}
ul{padding:0;list-style:none}
h2{font-size:1.3rem;line-height:1.3;margin-bottom:.75rem}
.skip{position:absolute;left:-99rem;top:.5rem;background:var(--card);color:var(--link);padding:.5rem 1rem;
z-index:1}
.skip:focus{left:1rem}
body>header{display:flex;flex-wrap:wrap;gap:.25rem 1.5rem;align-items:baseline;padding-top:1.25rem;
padding-bottom:.75rem}
.name{font-weight:650}
.name span{font-weight:400;color:var(--soft)}
nav{margin-left:auto}
nav ul{display:flex;flex-wrap:wrap;gap:.25rem 1.1rem;font-size:.925rem}
.hero{border-radius:14px;padding:1.75rem 2rem 1.5rem;color:#fff;margin-bottom:1.75rem;overflow:hidden;
position:relative;
print-color-adjust:exact;-webkit-print-color-adjust:exact}
.hero.covered{background:var(--hero-good)}
.hero.failed{background:var(--hero-bad)}
.hero.unjudged{background:var(--hero-open);border:2px solid var(--hero-stripe)}
.stripe{height:1.1rem;margin:-1.75rem -2rem 1.5rem;
background:repeating-linear-gradient(-45deg,var(--hero-stripe) 0 14px,#26262b 14px 28px)}
.hero h1{display:flex;gap:.8rem;align-items:center;font-size:clamp(1.7rem,5vw,2.4rem);line-height:1.15;
letter-spacing:-.01em}
.hero h1 svg{flex:none;width:1.1em;height:1.1em}
.icon{fill:none;stroke:currentColor;stroke-width:2.4;stroke-linecap:round;stroke-linejoin:round}
.hero p{font-size:1.1rem;margin-top:.6rem;max-width:46rem}
.tiles{display:flex;flex-wrap:wrap;gap:.75rem 2rem;margin-top:1.25rem;padding-top:1rem;
border-top:1px solid #ffffff59}
.tiles div{display:flex;flex-direction:column-reverse}
.tiles dt{font-size:.875rem}
.tiles dd{font-size:1.5rem;line-height:1.2;font-weight:650;font-variant-numeric:tabular-nums}
section,.card{background:var(--card);border:1px solid var(--line);border-radius:14px}
section{padding:1.4rem 1.5rem;margin-bottom:1.5rem}
section.plain{background:none;border:0;padding:0}
.card{padding:1.15rem 1.3rem;margin-bottom:1rem;border-left-width:6px}
section:not(.plain)>.card{margin-top:1rem;margin-bottom:0}
.card.error,.card.problem{border-left-color:var(--bad)}
.card.warning{border-left-color:var(--warn)}
.card.info{border-left-color:var(--info)}
.card.waived{border-left-style:double;border-left-color:var(--need)}
.group{font-size:1.05rem;margin:1.25rem 0 .6rem}
.card h3,.card h4{font-size:1.05rem;line-height:1.4;font-weight:650}
.tag{display:inline-block;font-size:.8rem;line-height:1.5;font-weight:650;padding:0 .55em;border-radius:99px;
border:1px solid;
margin-right:.5em;vertical-align:.1em}
.tag.error,.tag.problem,.tag.short{color:var(--bad);background:var(--bad-soft)}
.tag.warning,.tag.ending,.tag.exceeded,.tag.invalid,.tag.open{color:var(--warn);background:var(--warn-soft)}
.tag.info,.tag.unused,.tag.overruled{color:var(--info);background:var(--info-soft)}
.tag.used{color:var(--good);background:var(--good-soft)}
.tag.waived,.tag.expired,.tag.other{color:var(--soft);background:var(--code)}
.where{color:var(--soft);font-size:.925rem;margin-top:.2rem}
.where>*+*::before{content:"\\00b7";margin:0 .5em;color:var(--soft)}
.source{background:var(--code);border:1px solid var(--line);border-radius:8px;margin-top:.8rem;
padding:.55rem 0;line-height:1.55}
.source .row{display:flex}
.source .no{flex:none;min-width:3.6em;padding:0 .8em 0 .6em;text-align:right;color:var(--soft);
user-select:none}
.source .text{white-space:pre-wrap;padding-right:.6em}
mark{background:var(--mark);color:inherit;border-bottom:2px solid var(--bad);
-webkit-box-decoration-break:clone;box-decoration-break:clone}
.remedy{margin-top:.8rem}
.more{margin-top:.8rem;font-size:.925rem;display:grid;grid-template-columns:max-content 1fr;gap:.3rem 1.1rem}
.more dt{color:var(--soft)}
.more dd{margin:0}
details{margin-top:.8rem;font-size:.925rem}
.more details{margin-top:0}
summary{cursor:pointer;color:var(--link);width:fit-content}
table{width:100%;border-collapse:collapse}
caption{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
table{position:relative}
th,td{text-align:left;vertical-align:top;padding:.5rem .75rem .5rem 0}
th:last-child,td:last-child{padding-right:0}
thead th{font-size:.875rem;font-weight:600;color:var(--soft);border-bottom:1px solid var(--line)}
.number{text-align:right;font-variant-numeric:tabular-nums}
tbody th{font-weight:600}
tbody th small{display:block;font-weight:400;color:var(--soft);font-size:.85rem}
.position{table-layout:fixed}
.position .number{width:8.5rem}
.position tbody+tbody{border-top:1px solid var(--line)}
.position .numbers>*{padding-top:.8rem;padding-bottom:.25rem}
.position .picture td{padding:0 0 .95rem}
.position strong{color:var(--bad)}
.position .tag{margin:0 0 0 .5em}
.bar{display:block;width:100%;height:24px}
.bar rect,.key rect{shape-rendering:geometricPrecision}
.track{fill:var(--code);stroke:var(--line)}
.need{fill:var(--need)}
.own{fill:var(--own)}
.gap{stroke:var(--bad);stroke-width:1.5;stroke-dasharray:5 3}
.hatch{stroke:var(--bad);stroke-width:2.5}
.defs{position:absolute;width:0;height:0}
.key{display:flex;flex-wrap:wrap;gap:.2rem 1.4rem;font-size:.875rem;color:var(--soft);margin-bottom:.6rem}
.key svg{width:22px;height:12px;margin-right:.5em;vertical-align:-1px}
.waivers tbody tr{border-top:1px solid var(--line)}
.waivers th:first-child{min-width:7.5rem}
.waivers td p+p{color:var(--soft);font-size:.925rem}
.cards{font-size:inherit;margin-bottom:1rem}
.cards>summary{margin-bottom:1rem;font-size:.925rem}
.facts{display:grid;grid-template-columns:minmax(8rem,max-content) 1fr;gap:.45rem 1.5rem}
.facts dt{color:var(--soft)}
.names{display:flex;flex-wrap:wrap;gap:.1rem 1.2rem}
.rules{font-size:.925rem}
.rules td,.rules th{border-top:1px solid var(--line)}
.rules th:first-child{min-width:11rem}
.rules td:last-child,thead th{white-space:nowrap}
.waivers td:last-child{min-width:8rem}
.rule+.rule{border-top:1px solid var(--line);margin-top:1rem;padding-top:1rem}
.rule h3{font-size:1rem}
.rule p{margin-top:.35rem;font-size:.95rem}
.hint{color:var(--soft);font-size:.925rem;margin-top:.9rem}
body>footer{color:var(--soft);font-size:.875rem;padding-bottom:2.5rem}
body>footer p+p{margin-top:.4rem}
.tree details,.tree ul{margin-left:1.1rem}
.tree p,.tree li{margin-top:.45rem}
.tree small{display:block;color:var(--soft)}
@media (max-width:40rem){
body>header,main,body>footer{padding-left:.8rem;padding-right:.8rem}
nav{margin-left:0}
.hero,section{border-radius:10px}
.hero{padding-left:1.15rem;padding-right:1.15rem}
section{padding:1.1rem 1rem}
.card{padding:.9rem .9rem;border-radius:10px}
.more,.facts{grid-template-columns:1fr;gap:0}
.more dd,.facts dd{margin-bottom:.5rem}
.source .no{min-width:2.6em}
.tiles{display:grid;grid-template-columns:repeat(auto-fill,minmax(7.5rem,1fr))}
.position,.position thead,.position tbody,.position .picture,.position .picture td,
.waivers,.waivers tbody,.waivers tr,.waivers th,.waivers td,
.rules,.rules tbody,.rules tr,.rules th,.rules td{display:block}
.position thead tr,.position .numbers{display:grid;grid-template-columns:1fr 1fr 1fr;column-gap:.8rem}
.position .number{text-align:left;width:auto}
.position .number:last-child{text-align:right}
.position th:first-child{grid-column:1/-1}
.position .numbers>*{padding:0 0 .25rem}
.position .numbers>th{padding:.8rem 0 .3rem}
.position thead th{border:0;padding:0}
.position .picture td{padding:0 0 .95rem}
.position thead{border-bottom:1px solid var(--line);padding-bottom:.4rem}
.waivers td:last-child{min-width:0}
.waivers thead,.rules thead{display:none}
.waivers th,.waivers td,.rules th,.rules td{padding:.15rem 0;border:0}
.waivers tr,.rules tr{padding:.6rem 0}
.rules tr{border-top:1px solid var(--line)}
.waivers th small{display:inline;margin-left:.6em}}
@media (forced-colors:active){
.hero,.tag{border:2px solid}
.need{fill:GrayText}
.own{fill:CanvasText}
.track{fill:Canvas;stroke:CanvasText}
.gap,.hatch{stroke:CanvasText}}
@media print{
@page{margin:14mm}
:root{color-scheme:light;--page:#fff}
html{font-size:10.5pt}
body>header,main,body>footer{max-width:none;padding-left:0;padding-right:0}
nav,.skip{display:none}
.hero,.stripe,.tag,mark,.source,.card{print-color-adjust:exact;-webkit-print-color-adjust:exact}
section{border:0;padding:0;background:none}
.card{background:none}
h2,h3,h4,.group,.where{break-after:avoid}
.hero,.position tbody,.waivers tr,.rule,.source,.remedy,.facts,.more>*{break-inside:avoid}
.card{-webkit-box-decoration-break:clone;box-decoration-break:clone}
details:not(.folded)::details-content{content-visibility:visible;height:auto}
details:not(.folded)>summary{color:var(--soft);list-style:none}
details.folded,.more summary{display:none}}
@media (prefers-reduced-motion:no-preference){html{scroll-behavior:smooth}}
"""
