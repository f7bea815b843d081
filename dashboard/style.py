"""The look of the parts that are plain HTML; it follows Streamlit's light and dark themes."""

from __future__ import annotations

ICON = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32">'
    '<rect width="32" height="32" rx="7" fill="#00609a"/>'
    '<path d="M8 20v-4m5 8V10m6 11v-8m5 5v-3" stroke="#fff" stroke-width="3" '
    'stroke-linecap="round"/></svg>'
)
"""The icon of the browser's tab; it is part of the page, as nothing is fetched from elsewhere."""

CSS = """
<style>
.stApp {
  --neg: light-dark(#b34700, #f3935a);
  --neu: light-dark(#5f6368, #b4b8bd);
  --pos: light-dark(#00609a, #7cc0ee);
  --neg-soft: light-dark(#fbe6d8, #4a2814);
  --neu-soft: light-dark(#ececee, #3a3a3d);
  --pos-soft: light-dark(#dcecf7, #14344a);
  --quiet: light-dark(#5c5f66, #a9acb2);
  --line: light-dark(#e2e3e7, #3b3b40);
  --card: light-dark(#ffffff, #201f22);
}
.stMainBlockContainer { max-width: 1240px; padding-top: 2.4rem; padding-bottom: 3rem; }
.stMainBlockContainer h1 { font-size: 1.65rem; padding: 0; }
.stMainBlockContainer h2 { font-size: 1.2rem; padding: .6rem 0 0; }
.stMainBlockContainer h3 { font-size: 1.04rem; padding: .4rem 0 0; }
button[kind^="primary"]:not(:disabled), button[kind^="primary"]:not(:disabled) p {
  color: light-dark(#fff, #0d1f2b); }
.sm-mark { font-weight: 700; font-size: 1.35rem; letter-spacing: .01em; white-space: nowrap; }
.sm-group { color: var(--quiet); font-size: .8rem; font-weight: 600; margin: .7rem 0 0 .5rem; }
[data-testid="stSidebarUserContent"] [data-testid="stVerticalBlock"] { gap: .1rem; }
.st-key-w_lang { margin-top: .9rem; }
.sm-mark i { font-style: normal; color: var(--pos); }
.sm-under { color: var(--quiet); margin: .1rem 0 0; font-size: .95rem; overflow-wrap: anywhere; }
.sm-finding { font-size: 1.18rem; line-height: 1.5; margin: .2rem 0; max-width: 62rem; }
.sm-finding small { display: block; color: var(--quiet); font-size: .95rem; margin-top: .25rem; }
.sm-note { color: var(--quiet); font-size: .88rem; margin: 0; }
.sm-problem { color: var(--neg); font-size: .9rem; margin: -.4rem 0 .2rem; }
.sm-problem b { display: inline-block; min-width: 1.3em; border: 1px solid; border-radius: 50%;
  text-align: center; font-size: .8em; line-height: 1.3em; }
.sm-sign { display: inline-block; width: 1.15em; height: 1.15em; margin-right: .15em;
  border: 1px solid; border-radius: 50%; font: 600 .8em/1em serif; text-align: center; }
.sm-figures { display: grid; grid-template-columns: repeat(4, minmax(0, 1fr)); gap: .8rem; }
.sm-figures.three { grid-template-columns: repeat(3, minmax(0, 1fr)); }
.sm-figures.five { grid-template-columns: repeat(5, minmax(0, 1fr)); }
.sm-figure { border: 1px solid var(--line); border-radius: .6rem; padding: .8rem .95rem;
  background: var(--card); display: flex; flex-direction: column; gap: .15rem; }
.sm-figure .label { color: var(--quiet); font-size: .9rem; }
.sm-figure .value { font-size: 1.9rem; font-weight: 650; line-height: 1.15;
  font-variant-numeric: tabular-nums; }
.sm-figure .change { font-size: .92rem; font-weight: 600; }
.sm-figure .rest { color: var(--quiet); font-size: .82rem; }
.sm-figure a { font-size: .85rem; margin-top: auto; padding-top: .25rem; }
.sm-figure.few .value, .few { color: var(--quiet); }
.worse { color: var(--neg); } .better { color: var(--pos); } .same { color: var(--quiet); }
.stApp [data-testid="stHtml"] a { color: light-dark(#00558a, #8ac8f2); text-decoration: underline;
  text-underline-offset: 2px; }
.sm-scroll { overflow-x: auto; }
.sm-table { border-collapse: collapse; width: 100%; font-size: .92rem; }
.sm-table th { text-align: left; font-weight: 600; color: var(--quiet); font-size: .84rem; }
.sm-table th, .sm-table td { padding: .42rem .7rem .42rem 0; border-bottom: 1px solid var(--line);
  vertical-align: top; }
.sm-table .num { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
.sm-table th { vertical-align: bottom; } .sm-table th.num { white-space: normal; }
.sm-table .day, .sm-table small { white-space: nowrap; }
.sm-table small { color: var(--quiet); }
.sm-table tr.few td { color: var(--quiet); }
.sm-legend { display: flex; flex-wrap: wrap; gap: .3rem 1.1rem; font-size: .86rem;
  color: var(--quiet); }
.sm-legend b { font-weight: 600; }
.sm-legend i { display: inline-block; width: .8em; height: .8em; border-radius: 2px;
  margin-right: .4em; vertical-align: -1px; }
.sm-card { border: 1px solid var(--line); border-left-width: 4px; border-radius: .5rem;
  padding: .75rem 1rem; margin: 0 0 .7rem; background: var(--card); }
.sm-card.negative { border-left-color: var(--neg); }
.sm-card.positive { border-left-color: var(--pos); }
.sm-card.neutral, .sm-card.untagged { border-left-color: var(--neu); }
.sm-card .head { display: flex; flex-wrap: wrap; gap: .1rem .8rem; font-size: .86rem;
  color: var(--quiet); align-items: baseline; }
.sm-card .head .tone { font-weight: 650; }
.negative > .head .tone { color: var(--neg); } .positive > .head .tone { color: var(--pos); }
.sm-card .head a { margin-left: auto; }
.sm-card .text { margin: .4rem 0; line-height: 1.62; overflow-wrap: anywhere;
  white-space: pre-wrap; max-width: 70rem; }
.sm-card details.text { white-space: normal; }
.sm-card details summary { cursor: pointer; list-style-position: outside; }
.sm-card .start, .sm-card .whole { white-space: pre-wrap; }
.sm-card details[open] > summary .start { display: none; }
.sm-card .more { text-decoration: underline; color: var(--quiet); }
.sm-card .gone { color: var(--quiet); font-style: italic; }
.ev { color: inherit; border-radius: 3px; padding: .05em .1em; border-bottom: 2px solid; }
.ev.negative { background: var(--neg-soft); border-color: var(--neg); border-bottom-style: solid; }
.ev.neutral { background: var(--neu-soft); border-color: var(--neu); border-bottom-style: dotted; }
.ev.positive { background: var(--pos-soft); border-color: var(--pos); border-bottom-style: double;
  border-bottom-width: 3px; }
.ev-name { font-size: .72em; font-weight: 650; padding: 0 .35em; margin-left: .35em;
  border-radius: 3px; white-space: nowrap; background: var(--card); border: 1px solid var(--line);
  color: var(--quiet); vertical-align: 1px; }
.chips { display: flex; flex-wrap: wrap; gap: .35rem; font-size: .84rem; }
.stApp [data-testid="stHtml"] a.chip, .chip { border-radius: 1rem; padding: .08rem .65rem;
  border: 1px solid var(--line);
  color: inherit; text-decoration: none; }
.chip.negative { background: var(--neg-soft); } .chip.positive { background: var(--pos-soft); }
.chip.neutral { background: var(--neu-soft); } .chip.signal { border-style: dashed; }
.chip.doubt { border-style: dotted; color: var(--quiet); }
.sm-card .reply { border-left: 2px solid var(--line); margin: .6rem 0 0;
  padding: .1rem 0 .1rem .8rem;
  font-size: .92rem; white-space: pre-wrap; overflow-wrap: anywhere; }
.sm-card .reply b, .sm-card .past b { display: block; color: var(--quiet); font-weight: 600;
  font-size: .84rem; }
.sm-card .past { font-size: .9rem; margin-top: .5rem; white-space: pre-wrap; }
.sm-card .sm-told { font-size: 1.08rem; line-height: 1.4; font-weight: 650; margin: .3rem 0 .35rem;
  padding: 0; overflow-wrap: anywhere; }
.sm-alert p { margin: .15rem 0; line-height: 1.55; overflow-wrap: anywhere; }
.sm-alert .sm-quote { border-left: 2px solid var(--line); margin: .4rem 0; padding: 0 0 0 .7rem;
  overflow-wrap: anywhere; }
.sm-grid { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(100%, 26rem), 1fr));
  gap: 0 .8rem; font-size: .94rem; }
.light { font-weight: 650; white-space: nowrap; }
.light.good { color: var(--pos); } .light.late { color: var(--quiet); }
.light.bad { color: var(--neg); }
[data-testid="stVegaLiteChart"] { max-width: 100%; overflow-x: auto; }
.sm-note .ev { white-space: nowrap; }
.stApp ul.sm-news, .stApp ul.sm-fresh { list-style: none; margin: 0; padding: 0;
  max-width: 62rem; }
.stApp .sm-news li, .stApp .sm-fresh li { margin: 0; padding: .45rem 0;
  border-bottom: 1px solid var(--line); display: flex; gap: .2rem .9rem; overflow-wrap: anywhere; }
.sm-news li > b { flex: 0 0 6.2rem; color: var(--quiet); font-weight: 600; font-size: .9rem;
  line-height: 1.7; }
.stApp .sm-fresh li { flex-wrap: wrap; font-size: .92rem; padding: .3rem 0; }
.sm-fresh .light { flex: 0 0 9rem; } .sm-fresh li > span:last-child { color: var(--quiet); }
.sm-event { max-width: 62rem; }
.sm-event h3 { font-size: 1.02rem; font-weight: 600; padding: 0; margin: 0 0 .3rem; }
.sm-event p { margin: 0; font-size: .94rem; line-height: 1.6; }
.sm-event blockquote { border-left: 2px solid var(--line); margin: .5rem 0 0; font-size: .92rem;
  padding: .05rem 0 .05rem .8rem; overflow-wrap: anywhere; color: inherit; }
.sm-event blockquote small { color: var(--quiet); margin-left: .5rem; }
.sm-empty { border: 1px dashed var(--line); border-radius: .6rem; padding: 1.4rem 1.6rem; }
.sm-empty h2 { margin: 0 0 .4rem; padding: 0; font-size: 1.1rem; }
.sm-empty h3 { margin: 0; padding: 0; }
.sm-empty p { margin: .3rem 0; overflow-wrap: anywhere; }
.sm-empty code { background: var(--neu-soft); padding: .1rem .4rem; border-radius: 4px; }
@media (max-width: 760px) {
  .sm-figures, .sm-figures.three, .sm-figures.five {
    grid-template-columns: repeat(2, minmax(0, 1fr)); gap: .5rem; }
  .sm-figure { padding: .6rem .7rem; } .sm-figure .value { font-size: 1.5rem; }
  .sm-finding { font-size: 1.05rem; }
  .sm-table .long { overflow-wrap: anywhere; }
  .st-key-filters { justify-content: flex-start; }
  .st-key-filters > .st-key-w_brand, .st-key-filters > .st-key-w_period {
    flex: 1 1 8rem; width: auto; min-width: 0; }
  .st-key-filters > .st-key-w_dates { flex: 1 1 100%; width: auto; }
  .stMainBlockContainer { padding-left: 1rem; padding-right: 1rem; }
}
</style>
"""
