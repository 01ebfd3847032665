// SPDX-License-Identifier: Apache-2.0
// How the report looks: light and dark as the reader's system has it, on paper, and on a narrow screen.
// Colours of texts have a contrast of 4.5 at least with what is below them.
#include "pages/report_page.h"

namespace etcdmedic::tool {

const std::string_view kReportStyle = R"css(
:root{color-scheme:light dark;
--page:#f6f6f3;--card:#fff;--text:#1b1e23;--quiet:#5a616b;--line:#dcdcd6;--link:#1c56b3;
--sound:#17713f;--warning:#8a5a00;--error:#b3261e;--note:#4f5a69;
--live:#2b6cd4;--history:#a9c3ee;--deleted:#d9822b;--damaged:#c8102e;--stray:#8b4fb3;
--b1:#0d8f84;--b2:#7a55d1;--b3:#b3602a;--b4:#ad3f85;--other:#6a7a90;--structure:#3f4854;
--pending:#e0ad2b;--free:#cfd6df;--unreachable:#8c7a3b;--unused:#ebedf0;--term0:#2b6cd4;--term1:#86a9e2;--mark:#1b1e23}
@media (prefers-color-scheme:dark){:root{
--page:#131519;--card:#1b1e24;--text:#e7e5df;--quiet:#a4abb6;--line:#343a44;--link:#8ab6ff;
--sound:#5bd08f;--warning:#e8b64c;--error:#ff8a80;--note:#aeb8c6;
--live:#5b9bff;--history:#34507e;--deleted:#f0a35b;--damaged:#ff5468;--stray:#c48be8;
--b1:#37c2b4;--b2:#a98bf5;--b3:#df9161;--b4:#e27fbd;--other:#8b9ab0;--structure:#c3cad4;
--pending:#e8bf52;--free:#3d4551;--unreachable:#b5a25e;--unused:#262b33;--term0:#5b9bff;--term1:#34507e;--mark:#e7e5df}}
*{box-sizing:border-box}
html{-webkit-text-size-adjust:100%}
body{margin:0;background:var(--page);color:var(--text);line-height:1.5;
font-family:system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans",Ubuntu,Cantarell,"Helvetica Neue",sans-serif}
header,nav,main{max-width:68rem;margin:0 auto;padding:0 1.25rem}
header{padding-top:2.25rem}
h1,h2,h3,h4,p,dl,dd,ul,ol,table{margin:0;padding:0}
h1{font-size:1.6rem;line-height:1.25;font-weight:650;overflow-wrap:anywhere}
h2{font-size:1.2rem;line-height:1.3;font-weight:650}
h3{font-size:1rem;font-weight:650}
section{margin-top:2.75rem;scroll-margin-top:1rem}
section section{margin-top:1.5rem}
section>h2,section>h3{margin-bottom:.75rem}
section>p{max-width:44rem;margin-bottom:.75rem}
code,.name{font-family:ui-monospace,SFMono-Regular,Menlo,Consolas,"DejaVu Sans Mono","Liberation Mono",monospace;font-size:.92em}
.name{overflow-wrap:anywhere}
h1 .name,h2 .name{font-family:inherit;font-size:1em}
small,.quiet,.note,.where,caption{color:var(--quiet)}
small{font-size:.85rem}
a{color:var(--link)}
:focus-visible{outline:2px solid var(--link);outline-offset:2px}
ul,ol{list-style:none}
.label{color:var(--quiet);font-size:.8rem;font-weight:600;letter-spacing:.04em;text-transform:uppercase}
nav{display:flex;flex-wrap:wrap;gap:.25rem 1.1rem;padding-top:.75rem;font-size:.9rem}
nav a{text-decoration:none;padding:.25rem 0}
nav a:hover{text-decoration:underline}
main{padding-bottom:4rem}

.verdict{--tone:var(--note);margin-top:1.25rem;padding:1.25rem 1.4rem;background:var(--card);
border:1px solid var(--line);border-left:.4rem solid var(--tone);border-radius:.5rem}
.verdict>*+*{margin-top:.6rem}
.s-sound{--tone:var(--sound)}.s-warning{--tone:var(--warning)}.s-error,.s-fatal{--tone:var(--error)}.s-note{--tone:var(--note)}
.word{display:flex;align-items:center;gap:.6rem;font-size:1.5rem;line-height:1.2;font-weight:700;color:var(--tone)}
.sign{display:inline-grid;place-items:center;width:1.9rem;height:1.9rem;border-radius:50%;font-size:1rem;
background:var(--tone);color:var(--card)}
.prediction{font-weight:600;overflow-wrap:anywhere}
.counts{display:flex;flex-wrap:wrap;gap:.4rem}
.counts li,.badge{padding:.1rem .55rem;border:1px solid var(--tone);border-radius:1rem;color:var(--tone);
font-size:.8rem;font-weight:600}
.next{padding-top:.75rem;border-top:1px solid var(--line)}
.next ol{margin-top:.35rem}
.next li+li{margin-top:.5rem}
.next li>code{display:block;padding:.6rem .8rem;background:var(--page);border:1px solid var(--line);
border-radius:.35rem;font-size:.95rem;overflow-wrap:anywhere;user-select:all}

.tiles{display:grid;grid-template-columns:repeat(auto-fit,minmax(9.5rem,1fr));margin-top:1.25rem;
background:var(--card);border:1px solid var(--line);border-radius:.5rem;overflow:hidden}
.tiles div{padding:.8rem 1rem;margin:0 -1px -1px 0;border:solid var(--line);border-width:0 1px 1px 0}
.tiles dt{color:var(--quiet);font-size:.85rem}
.tiles dd{font-size:1.2rem;font-weight:650;font-variant-numeric:tabular-nums;overflow-wrap:anywhere}
.tiles .note{font-size:.85rem;font-weight:400}

.scroll{overflow-x:auto;background:var(--card);border:1px solid var(--line);border-radius:.5rem}
section .scroll+.scroll{margin-top:1rem}
table{width:100%;border-collapse:collapse;font-size:.9rem;font-variant-numeric:tabular-nums}
caption{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}
th,td{padding:.4rem .8rem;text-align:left;vertical-align:top;border-top:1px solid var(--line)}
thead th{border-top:0;color:var(--quiet);font-size:.8rem;font-weight:600;white-space:nowrap}
tbody th{font-weight:500}tbody th.text{min-width:10rem}.num{width:1%}td:has(.bar){width:36%}
.num{text-align:right;white-space:nowrap}
td:empty::after{content:"–";color:var(--quiet)}
.bar{display:block;width:100%;min-width:8rem;height:.65rem;margin-top:.35rem;background:var(--unused);border-radius:2px}

.finding{margin-top:.8rem;padding:1rem 1.2rem;background:var(--card);border:1px solid var(--line);
border-left:.25rem solid var(--tone);border-radius:.5rem}
.finding h4{font-size:.98rem;font-weight:600;overflow-wrap:anywhere}
.finding .badge{margin-right:.3rem}
.place{margin-top:.6rem;padding-left:.8rem;border-left:2px solid var(--line)}
.place p{overflow-wrap:anywhere}
.where{font-size:.85rem}
.advice{display:grid;grid-template-columns:max-content 1fr;gap:.2rem 1rem;margin-top:.8rem;font-size:.92rem}
.advice dt{color:var(--quiet)}
.advice dd{overflow-wrap:anywhere}
summary{cursor:pointer}
.finding summary{margin-top:.6rem;color:var(--link);font-size:.9rem}
.member{margin-top:1.5rem;padding:1rem 1.25rem;border:1px solid var(--line);border-radius:.5rem}
.member>summary h2{display:inline}

.legend{display:flex;flex-wrap:wrap;gap:.3rem 1.1rem;margin-bottom:.75rem;font-size:.88rem}
.legend li{display:flex;align-items:baseline;gap:.4rem}
.swatch{flex:none;width:.75rem;height:.75rem;border-radius:2px;background:var(--fill);align-self:center;
box-shadow:inset 0 0 0 1px color-mix(in srgb,var(--quiet) 45%,transparent)}
.axis{display:flex;justify-content:space-between;gap:1rem;margin-top:.4rem;color:var(--quiet);font-size:.85rem;
font-variant-numeric:tabular-nums}
.axis span:nth-child(2){text-align:center}.axis+.scroll{margin-top:1rem}
.strips li+li{margin-top:.9rem}
.strips li>small{display:block}
.strip,.histogram,.timeline{display:block;width:100%;margin-top:.3rem;border-radius:3px}
.strip{height:1.1rem;background:var(--unused);box-shadow:0 0 0 1px var(--line)}
.histogram{height:11rem;border-bottom:1px solid var(--quiet)}
.timeline{height:3.6rem}
.map{display:block;width:100%;height:auto;padding:.75rem;background:var(--card);border:1px solid var(--line);border-radius:.5rem}
path{fill:var(--fill)}
.map path{shape-rendering:crispEdges}
.c-live,.c-b0{--fill:var(--live)}.c-history{--fill:var(--history)}.c-deleted{--fill:var(--deleted)}
.c-damaged{--fill:var(--damaged)}.c-hole{--fill:var(--card)}.c-stray{--fill:var(--stray)}
.c-b1{--fill:var(--b1)}.c-b2{--fill:var(--b2)}.c-b3{--fill:var(--b3)}.c-b4{--fill:var(--b4)}
.c-other{--fill:var(--other)}.c-structure{--fill:var(--structure)}.c-pending{--fill:var(--pending)}
.c-free{--fill:var(--free)}.c-unreachable{--fill:var(--unreachable)}.c-unused{--fill:var(--unused)}
.c-term0{--fill:var(--term0)}.c-term1{--fill:var(--term1)}.c-change{--fill:var(--deleted)}
.c-snapshot{--fill:var(--b1)}.c-commit,.c-mark{--fill:var(--mark)}

@media (max-width:36rem){header,nav,main{padding-left:.9rem;padding-right:.9rem}
tbody th.text{min-width:12rem}.advice{grid-template-columns:1fr;gap:0}.advice dd+dt{margin-top:.4rem}
.verdict,.finding{padding:.9rem}
.axis{flex-wrap:wrap}.axis span:nth-child(2){order:3;flex-basis:100%;text-align:left}}
@media print{:root{--page:#fff;--card:#fff}body{font-size:10pt}nav{display:none}
section,.finding,.verdict,tr{break-inside:avoid}section{break-inside:auto}
.scroll{overflow:visible}path,.swatch,.sign,.bar,.strip{print-color-adjust:exact;-webkit-print-color-adjust:exact}
details::details-content{content-visibility:visible;height:auto}}
@media (prefers-reduced-motion:no-preference){html{scroll-behavior:smooth}}
)css";

}  // namespace etcdmedic::tool
