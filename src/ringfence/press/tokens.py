"""Design tokens: the few colours, sizes and fonts that every page uses. Meaning never rests on colour alone."""

INK = "#1b2430"
MUTED = "#55606e"
RULE = "#d5dae1"
PAPER = "#ffffff"
WASH = "#f4f6f8"
ACCENT = "#0b5c7a"
ALERT = "#a3241c"
CAUTION = "#7a5200"

WARDS = ("#2f6db5", "#c8711e", "#3c8a4a", "#8a4fa3", "#b0476b", "#5b7f2a", "#2a8a8f", "#8d6b3d")
"""Bars of the wards with the most time; the rest are grey. Each bar also carries its ward's name."""
OTHER_WARD = "#9aa3ae"

CSS = f"""
:root {{ --ink: {INK}; --muted: {MUTED}; --rule: {RULE}; --paper: {PAPER}; --wash: {WASH};
  --accent: {ACCENT}; --alert: {ALERT}; --caution: {CAUTION}; }}
* {{ box-sizing: border-box; }}
html {{ font: 16px/1.5 system-ui, -apple-system, "Segoe UI", "Noto Sans", sans-serif; color: var(--ink);
  background: var(--paper); -webkit-text-size-adjust: 100%; }}
body {{ margin: 0 auto; max-width: 76rem; padding: 1.25rem 1rem 4rem; }}
h1 {{ font-size: 1.6rem; line-height: 1.25; margin: 0 0 .25rem; }}
h2 {{ font-size: 1.2rem; margin: 2.25rem 0 .5rem; padding-top: .5rem; border-top: 2px solid var(--ink); }}
h3 {{ font-size: 1rem; margin: 1.25rem 0 .25rem; }}
p, li {{ max-width: 46rem; }}
a {{ color: var(--accent); }}
.quiet {{ color: var(--muted); }}
.note {{ border-left: 4px solid var(--caution); background: var(--wash); padding: .5rem .75rem; max-width: 46rem; }}
.scroll {{ overflow-x: auto; }}
table {{ border-collapse: collapse; font-size: .86rem; margin: .5rem 0; }}
th, td {{ text-align: left; vertical-align: top; padding: .3rem .6rem .3rem 0; border-bottom: 1px solid var(--rule); }}
th {{ font-weight: 600; border-bottom: 2px solid var(--ink); }}
td {{ max-width: 26rem; }}
td.short {{ white-space: nowrap; }}
td:not(.short) {{ min-width: 12rem; }}
.many {{ font-size: .8rem; }} .many td.short {{ white-space: normal; }} .many td:not(.short) {{ min-width: 9rem; }}
.sentences {{ font-size: 1.08rem; padding-left: 1.1rem; }}
.mark {{ font-size: .8em; border: 1px solid var(--rule); border-radius: 3px; padding: 0 .3em; white-space: nowrap; }}
.choices {{ border: 0; padding: 0; margin: .2rem 0; display: flex; flex-wrap: wrap; gap: .1rem .9rem; }}
.choices legend {{ float: left; font-weight: 600; margin-right: .6rem; }}
.choices label {{ white-space: nowrap; padding: .2rem 0; }}
.row, .bar {{ transition: opacity .15s; }}
li {{ overflow-wrap: anywhere; }}
@media (max-width: 40rem) {{
  body {{ padding: 1rem .75rem 3rem; }} h1 {{ font-size: 1.35rem; }}
  .scroll {{ position: relative; }}
  .cards thead {{ position: absolute; left: 0; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }}
  .cards, .cards tbody, .cards tr {{ display: block; }}
  .cards tr {{ border-bottom: 1px solid var(--rule); padding: .4rem 0; }}
  .cards td {{ display: inline-block; border: 0; padding: .1rem .6rem .1rem 0; max-width: none; }}
  .cards td:empty {{ display: none; }}
  .cards td[data-label] {{ min-width: 0; }} .cards td[data-label]:not(.short) {{ display: block; }}
  .cards td[data-label]::before {{ content: attr(data-label) " "; color: var(--muted); font-size: .9em; }}
}}
@media print {{
  body {{ max-width: none; padding: 0; }} tr, svg {{ break-inside: avoid; }}
  h2, h3, h2 + p, h3 + p {{ break-after: avoid; }}
  .scroll {{ overflow: visible; }} nav, .choices {{ display: none; }}
  .wide {{ font-size: 10pt; }} .wide table {{ font-size: 7.5pt; width: 100%; }}
  .wide td, .wide th {{ overflow-wrap: break-word; padding-right: 4pt; }}
  .wide td.short {{ white-space: normal; }} .wide td:not(.short) {{ min-width: 0; max-width: none; }}
  .wide svg {{ max-width: 100%; height: auto; }} .wide .key svg {{ width: 14px; }}
}}
"""
